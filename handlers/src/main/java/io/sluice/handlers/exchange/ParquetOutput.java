package io.sluice.handlers.exchange;

import com.github.luben.zstd.ZstdCompressCtx;
import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;

/**
 * Writes {@link ParquetFormat}: rows into columns, columns into pages, pages into row groups, and at the end where the
 * groups are. Complete between two row groups. Not thread-safe.
 */
final class ParquetOutput implements EventOutput
{
    static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    private static final ParquetColumn[] COLUMNS = ParquetColumn.values();
    private static final MessageType SCHEMA = ParquetColumn.schema();
    private static final int LEVEL = 3;

    private final OutputTarget target;
    private final OutputStream stream;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(LEVEL);
    private final ParquetProperties properties;
    private final EventRow row = new EventRow();
    private final ParquetPages[] pages = new ParquetPages[COLUMNS.length];
    private final ColumnWriter[] writers = new ColumnWriter[COLUMNS.length];
    private ColumnWriteStore store;
    private long rows;
    private int groups;
    private int groupRows;
    private long groupBytes;

    ParquetOutput(final OutputTarget target) throws IOException
    {
        this.target = target;
        stream = target.stream();
        final ParquetProperties.Builder builder = ParquetProperties.builder()
            .withWriterVersion(ParquetProperties.WriterVersion.PARQUET_1_0)
            .withSizeStatisticsEnabled(false);
        for (final ParquetColumn column : COLUMNS)
        {
            builder.withStatisticsEnabled(column.label(), column.hasStatistics());
        }
        properties = builder.build();
        if (!target.state().isEmpty())
        {
            final String[] state = target.state().split(" ", -1);
            rows = Long.parseLong(state[0]);
            groups = Integer.parseInt(state[1]);
            // Opened now, so that its bytes are kept with the next checkpoint.
            target.scratch();
        }
        if (target.position() == 0)
        {
            stream.write(MAGIC);
        }
        begin();
    }

    @Override
    public void write(final EventFlyweight event) throws IOException
    {
        row.from(event);
        for (int i = 0; i < COLUMNS.length; i++)
        {
            write(COLUMNS[i], writers[i]);
        }
        store.endRecord();
        groupRows++;
        if (groupRows == ParquetFormat.MAX_ROWS || groupBytes >= ParquetFormat.MAX_BYTES)
        {
            end();
            begin();
        }
    }

    @Override
    public boolean isComplete()
    {
        return groupRows == 0;
    }

    @Override
    public String state()
    {
        return rows + " " + groups;
    }

    @Override
    public void finish() throws IOException
    {
        end();
        zstd.close();
        final long start = target.position();
        ParquetFooter.write(rows, groups, groups == 0 ? null : target.scratch(), stream);
        final ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        stream.write(length.putInt((int)(target.position() - start)).array());
        stream.write(MAGIC);
    }

    private void write(final ParquetColumn column, final ColumnWriter writer)
    {
        if (!column.isPresent(row))
        {
            writer.writeNull(0, 0);
            return;
        }
        final int level = column.isRequired() ? 0 : 1;
        if (column.isLong())
        {
            writer.write(column.longOf(row), 0, level);
            groupBytes += Long.BYTES;
        }
        else
        {
            final byte[] bytes = column.bytesOf(row);
            writer.write(Binary.fromConstantByteArray(bytes), 0, level);
            groupBytes += bytes.length;
        }
    }

    private void begin()
    {
        groupRows = 0;
        groupBytes = 0;
        for (int i = 0; i < COLUMNS.length; i++)
        {
            pages[i] = new ParquetPages(
                COLUMNS[i], SCHEMA.getType(i).asPrimitiveType(), zstd);
        }
        store = properties.newColumnWriteStore(SCHEMA, this::pagesOf);
        for (int i = 0; i < COLUMNS.length; i++)
        {
            writers[i] = store.getColumnWriter(SCHEMA.getColumns().get(i));
        }
    }

    private ParquetPages pagesOf(final ColumnDescriptor descriptor)
    {
        return pages[ParquetColumn.named(descriptor.getPath()[0]).ordinal()];
    }

    private void end() throws IOException
    {
        store.flush();
        store.close();
        if (groupRows == 0)
        {
            return;
        }
        final List<ColumnChunk> chunks = new ArrayList<>();
        final long start = target.position();
        long uncompressed = 0;
        for (final ParquetPages column : pages)
        {
            final ColumnChunk chunk = column.writeTo(stream, target.position());
            chunks.add(chunk);
            uncompressed += chunk.getMeta_data().getTotal_uncompressed_size();
        }
        final RowGroup group = new RowGroup(chunks, uncompressed, groupRows);
        group.setFile_offset(start);
        group.setTotal_compressed_size(target.position() - start);
        if (groups <= Short.MAX_VALUE)
        {
            group.setOrdinal((short)groups);
        }
        ParquetFooter.keep(group, target.scratch());
        rows += groupRows;
        groups++;
    }
}
