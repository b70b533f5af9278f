package io.sluice.handlers.exchange;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.parquet.format.ColumnOrder;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.JsonType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.NanoSeconds;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.TypeDefinedOrder;
import org.apache.parquet.format.Util;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

/**
 * The end of a file of Parquet, which names every row group. The groups wait for it in the scratch file, each with its
 * length before it, and go from there into the footer one by one. Not thread-safe.
 */
final class ParquetFooter
{
    private static final String CREATED_BY = "sluice";

    private ParquetFooter()
    {
    }

    /** Keep a row group. */
    static void keep(final RowGroup group, final FileChannel scratch) throws IOException
    {
        try
        {
            final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
            group.write(new TCompactProtocol(new TIOStreamTransport(bytes)));
            final ByteBuffer kept = ByteBuffer.allocate(Integer.BYTES + bytes.size());
            kept.putInt(bytes.size()).put(bytes.toByteArray()).flip();
            while (kept.hasRemaining())
            {
                scratch.write(kept);
            }
        }
        catch (final TException ex)
        {
            throw new IOException("a row group can't be encoded: " + ex.getMessage(), ex);
        }
    }

    /** Write the footer, without its length and what follows. */
    static void write(final long rows, final int groups, final FileChannel scratch, final OutputStream stream)
        throws IOException
    {
        final FileMetaData footer = new FileMetaData(1, schema(), rows, List.of());
        footer.setRow_groups(groups == 0 ? List.of() : new KeptGroups(scratch, groups));
        footer.setCreated_by(CREATED_BY);
        final ColumnOrder order = new ColumnOrder();
        order.setTYPE_ORDER(new TypeDefinedOrder());
        footer.setColumn_orders(Collections.nCopies(ParquetColumn.values().length, order));
        try
        {
            Util.writeFileMetaData(footer, stream);
        }
        catch (final UncheckedIOException ex)
        {
            throw ex.getCause();
        }
    }

    private static List<SchemaElement> schema()
    {
        final List<SchemaElement> elements = new ArrayList<>();
        final SchemaElement root = new SchemaElement("event");
        root.setNum_children(ParquetColumn.values().length);
        elements.add(root);
        for (final ParquetColumn column : ParquetColumn.values())
        {
            final SchemaElement element = new SchemaElement(column.label());
            element.setType(column.isLong() ? Type.INT64 : Type.BYTE_ARRAY);
            element.setRepetition_type(
                column.isRequired() ? FieldRepetitionType.REQUIRED : FieldRepetitionType.OPTIONAL);
            if (column.isTime())
            {
                element.setLogicalType(
                    LogicalType.TIMESTAMP(new TimestampType(true, TimeUnit.NANOS(new NanoSeconds()))));
            }
            else if (column.annotation() instanceof LogicalTypeAnnotation.JsonLogicalTypeAnnotation)
            {
                element.setLogicalType(LogicalType.JSON(new JsonType()));
                element.setConverted_type(ConvertedType.JSON);
            }
            else if (column.annotation() != null)
            {
                element.setLogicalType(LogicalType.STRING(new StringType()));
                element.setConverted_type(ConvertedType.UTF8);
            }
            elements.add(element);
        }
        return elements;
    }

    /** Row groups that are read again when they are asked for, in order. */
    private static final class KeptGroups extends AbstractList<RowGroup>
    {
        private final InputStream kept;
        private final int size;

        KeptGroups(final FileChannel scratch, final int size) throws IOException
        {
            scratch.position(0);
            kept = new java.io.BufferedInputStream(Channels.newInputStream(scratch));
            this.size = size;
        }

        @Override
        public RowGroup get(final int index)
        {
            try
            {
                final int length = ByteBuffer.wrap(kept.readNBytes(Integer.BYTES)).getInt();
                final RowGroup group = new RowGroup();
                group.read(new TCompactProtocol(
                    new TIOStreamTransport(new ByteArrayInputStream(kept.readNBytes(length)))));
                return group;
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
            catch (final TException ex)
            {
                throw new UncheckedIOException(new IOException("a kept row group is damaged: " + ex.getMessage(), ex));
            }
        }

        @Override
        public int size()
        {
            return size;
        }
    }
}
