package io.sluice.handlers.exchange;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.util.List;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/**
 * A column as a file has it.
 *
 * @param column     that it is.
 * @param isOptional true if rows may be without a value.
 * @param unitNs     nanoseconds of one, for times; otherwise 1.
 */
record ParquetInputColumn(ParquetColumn column, boolean isOptional, long unitNs)
{
    static ParquetInputColumn of(final String file, final ParquetColumn column, final SchemaElement element)
    {
        final Type wanted = column.isLong() ? Type.INT64 : Type.BYTE_ARRAY;
        if (element.getType() != wanted || element.getNum_children() > 0 ||
            element.getRepetition_type() == FieldRepetitionType.REPEATED)
        {
            throw new ExchangeException(
                file + ": column " + column.label() + " is " + element.getRepetition_type() + " " + element.getType() +
                ": use one value of " + wanted);
        }
        return new ParquetInputColumn(
            column, element.getRepetition_type() != FieldRepetitionType.REQUIRED, column.isTime() ? unit(element) : 1);
    }

    static MessageType schema(final List<ParquetInputColumn> columns)
    {
        final Types.MessageTypeBuilder builder = Types.buildMessage();
        for (final ParquetInputColumn column : columns)
        {
            final var type = column.column.isLong() ? INT64 : BINARY;
            builder.addField((column.isOptional ? Types.optional(type) : Types.required(type))
                .named(column.column.label()));
        }
        return builder.named("event");
    }

    /** Read the value that the reader stands at, and go on. */
    void read(final ColumnReader reader, final EventRow row)
    {
        if (reader.getCurrentDefinitionLevel() == (isOptional ? 1 : 0))
        {
            if (column.isLong())
            {
                column.set(row, Math.multiplyExact(reader.getLong(), unitNs));
            }
            else
            {
                column.set(row, reader.getBinary().getBytes());
            }
        }
        reader.consume();
    }

    // Where nothing is said it is what this program writes.
    private static long unit(final SchemaElement element)
    {
        if (element.isSetLogicalType() && element.getLogicalType().isSetTIMESTAMP())
        {
            final var unit = element.getLogicalType().getTIMESTAMP().getUnit();
            return unit.isSetMILLIS() ? 1_000_000 : unit.isSetMICROS() ? 1_000 : 1;
        }
        if (element.isSetConverted_type())
        {
            return switch (element.getConverted_type())
            {
                case TIMESTAMP_MILLIS -> 1_000_000;
                case TIMESTAMP_MICROS -> 1_000;
                default -> 1;
            };
        }
        return 1;
    }
}
