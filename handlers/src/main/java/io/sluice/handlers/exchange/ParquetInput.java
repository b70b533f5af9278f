package io.sluice.handlers.exchange;

import io.sluice.event.EventException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;

/**
 * Reads {@link ParquetFormat}, also where another program wrote it: columns of these names and types, in any order, and
 * only {@code type} is required. A row group that is damaged is one bad record, and the next one is read.
 *
 * <p>Not thread-safe. Memory is bounded by the largest row group.
 */
final class ParquetInput implements EventInput
{
    private static final int TRAILER_LENGTH = 8;
    private static final int MAX_FOOTER = 1 << 28;

    private final FileChannel file;
    private final InputSource source;
    private final List<RowGroup> groups;
    private final List<ParquetInputColumn> columns;
    private final MessageType schema;
    private final EventRow row = new EventRow();
    private ColumnReader[] readers;
    private int group = -1;
    private long groupRow;
    private long groupRows;
    private long number;

    private ParquetInput(final InputSource source, final FileMetaData footer)
    {
        this.source = source;
        file = source.file();
        groups = footer.getRow_groups() == null ? List.of() : footer.getRow_groups();
        columns = columns(source.name(), footer.getSchema());
        schema = ParquetInputColumn.schema(columns);
    }

    static ParquetInput open(final InputSource source) throws IOException
    {
        if (source.file() == null)
        {
            throw new ExchangeRefusedException(
                "Parquet is read from its end, which a stream does not show: import a file");
        }
        try
        {
            return new ParquetInput(source, footer(source));
        }
        catch (final RuntimeException ex)
        {
            if (ex instanceof ExchangeException)
            {
                throw ex;
            }
            throw damaged(source.name(), ex);
        }
    }

    @Override
    public boolean next(final InputRecord record) throws IOException
    {
        while (groupRow == groupRows)
        {
            if (group + 1 >= groups.size())
            {
                return false;
            }
            group++;
            final String damage = openGroup();
            if (!damage.isEmpty())
            {
                number++;
                record.at("record", number).bad(
                    "row group " + (group + 1) + " of " + groups.get(group).getNum_rows() +
                    " rows can't be read: " + damage, new byte[0], 0, 0);
                return true;
            }
        }
        groupRow++;
        number++;
        record.at("record", number);
        final String damage = readRow();
        if (!damage.isEmpty())
        {
            record.bad(
                "the rest of row group " + (group + 1) + ", " + (groupRows - groupRow + 1) +
                " rows, can't be read: " + damage, new byte[0], 0, 0);
            groupRow = groupRows;
            return true;
        }
        try
        {
            row.to(record);
        }
        catch (final EventException ex)
        {
            record.bad(ex.getMessage(), new byte[0], 0, 0);
        }
        return true;
    }

    private String openGroup()
    {
        groupRow = 0;
        groupRows = 0;
        try
        {
            final RowGroup next = groups.get(group);
            final ParquetPageReader pages =
                new ParquetPageReader(file, next, columns, source.maxRecordLength());
            final ColumnReadStoreImpl store =
                new ColumnReadStoreImpl(pages, new NoConverter(), schema, "sluice");
            readers = new ColumnReader[columns.size()];
            for (int i = 0; i < readers.length; i++)
            {
                final ColumnDescriptor descriptor = schema.getColumns().get(i);
                readers[i] = store.getColumnReader(descriptor);
                if (pages.valuesOf(descriptor) != next.getNum_rows())
                {
                    throw new IOException(
                        "column " + columns.get(i).column().label() + " has " + pages.valuesOf(descriptor) + " values");
                }
            }
            source.readUpTo(pages.end());
            groupRows = Math.max(0, next.getNum_rows());
            return "";
        }
        catch (final IOException | RuntimeException ex)
        {
            return reason(ex);
        }
    }

    private String readRow()
    {
        row.clear();
        try
        {
            for (int i = 0; i < readers.length; i++)
            {
                columns.get(i).read(readers[i], row);
            }
            return "";
        }
        catch (final RuntimeException ex)
        {
            return reason(ex);
        }
    }

    private static FileMetaData footer(final InputSource source) throws IOException
    {
        final FileChannel file = source.file();
        final long size = file.size();
        final ByteBuffer trailer = ByteBuffer.allocate(TRAILER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        if (size < TRAILER_LENGTH + ParquetOutput.MAGIC.length ||
            ParquetPageReader.read(file, trailer, size - TRAILER_LENGTH) < TRAILER_LENGTH ||
            !Arrays.equals(trailer.array(), 4, TRAILER_LENGTH, ParquetOutput.MAGIC, 0, 4))
        {
            throw new ExchangeException(
                source.name() + " is no Parquet, or was cut: it does not end with PAR1; get the whole of it");
        }
        final int length = trailer.getInt(0);
        if (length < 0 || length > MAX_FOOTER || length > size - TRAILER_LENGTH - ParquetOutput.MAGIC.length)
        {
            throw new ExchangeException(source.name() + " is damaged: its footer would have " + length + " bytes");
        }
        final ByteBuffer bytes = ByteBuffer.allocate(length);
        ParquetPageReader.read(file, bytes, size - TRAILER_LENGTH - length);
        try
        {
            return Util.readFileMetaData(new BufferedInputStream(new ByteArrayInputStream(bytes.array())));
        }
        catch (final IOException | RuntimeException ex)
        {
            throw damaged(source.name(), ex);
        }
    }

    private static List<ParquetInputColumn> columns(final String name, final List<SchemaElement> elements)
    {
        final List<ParquetInputColumn> columns = new ArrayList<>();
        final String all =
            Arrays.stream(ParquetColumn.values()).map(ParquetColumn::label).collect(Collectors.joining(", "));
        for (final SchemaElement element : elements.subList(1, elements.size()))
        {
            final ParquetColumn column = ParquetColumn.named(String.valueOf(element.getName()));
            if (column == null || columns.stream().anyMatch((other) -> other.column() == column))
            {
                throw new ExchangeException(
                    name + ": column '" + element.getName() + "' is " + (column == null ? "not known" : "there twice") +
                    ": use " + all);
            }
            columns.add(ParquetInputColumn.of(name, column, element));
        }
        if (columns.stream().noneMatch((column) -> column.column() == ParquetColumn.TYPE))
        {
            throw new ExchangeException(name + ": there is no column type, which every event needs: use " + all);
        }
        return columns;
    }

    private static ExchangeException damaged(final String name, final Exception ex)
    {
        return new ExchangeException(name + " is damaged: its footer can't be read (" + reason(ex) + ")", ex);
    }

    private static String reason(final Exception ex)
    {
        final Throwable shown = ex instanceof ParquetDecodingException && ex.getCause() != null ? ex.getCause() : ex;
        return shown.getMessage() == null ? shown.getClass().getSimpleName() : shown.getMessage();
    }

    /** Values are asked for, not pushed. */
    private static final class NoConverter extends GroupConverter
    {
        @Override
        public Converter getConverter(final int index)
        {
            return new PrimitiveConverter()
            {
            };
        }

        @Override
        public void start()
        {
            // Nothing is pushed.
        }

        @Override
        public void end()
        {
            // Nothing is pushed.
        }
    }
}
