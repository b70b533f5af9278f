package io.sluice.handlers.exchange;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.statistics.geospatial.GeospatialStatistics;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.apache.parquet.schema.PrimitiveType;

/** The pages of one column in one row group, compressed, until the group is written. Not thread-safe. */
// The writers call the newest of three methods; the two before it have to be there.
@SuppressWarnings("deprecation")
final class ParquetPages implements PageWriter
{
    private static final int MAX_STATISTIC = 64;

    private final ParquetColumn column;
    private final PrimitiveType type;
    private final ZstdCompressCtx zstd;
    private final ByteArrayOutputStream pages = new ByteArrayOutputStream();
    private final ByteArrayOutputStream dictionary = new ByteArrayOutputStream();
    private final Set<Encoding> encodings = EnumSet.noneOf(Encoding.class);
    private Statistics<?> statistics;
    private long values;
    private long uncompressed;

    ParquetPages(final ParquetColumn column, final PrimitiveType type, final ZstdCompressCtx zstd)
    {
        this.column = column;
        this.type = type;
        this.zstd = zstd;
        statistics = Statistics.createStats(type);
    }

    @Override
    public void writePage(
        final BytesInput bytes,
        final int valueCount,
        final Statistics<?> pageStatistics,
        final Encoding repetition,
        final Encoding definition,
        final Encoding encoding) throws IOException
    {
        final PageHeader header = new PageHeader(PageType.DATA_PAGE, 0, 0);
        header.setData_page_header(
            new DataPageHeader(valueCount, of(encoding), of(definition), of(repetition)));
        write(header, bytes, pages);
        encodings.add(encoding);
        encodings.add(definition);
        values += valueCount;
        if (column.hasStatistics())
        {
            statistics.mergeStatistics(pageStatistics);
        }
    }

    @Override
    public void writePage(
        final BytesInput bytes,
        final int valueCount,
        final int rowCount,
        final Statistics<?> pageStatistics,
        final Encoding repetition,
        final Encoding definition,
        final Encoding encoding) throws IOException
    {
        writePage(bytes, valueCount, pageStatistics, repetition, definition, encoding);
    }

    @Override
    public void writePage(
        final BytesInput bytes,
        final int valueCount,
        final int rowCount,
        final Statistics<?> pageStatistics,
        final SizeStatistics sizes,
        final GeospatialStatistics places,
        final Encoding repetition,
        final Encoding definition,
        final Encoding encoding) throws IOException
    {
        writePage(bytes, valueCount, pageStatistics, repetition, definition, encoding);
    }

    @Override
    public void writePageV2(
        final int rowCount,
        final int nullCount,
        final int valueCount,
        final BytesInput repetition,
        final BytesInput definition,
        final Encoding encoding,
        final BytesInput data,
        final Statistics<?> pageStatistics)
    {
        throw new UnsupportedOperationException("pages are of the first version");
    }

    @Override
    public void writeDictionaryPage(final DictionaryPage page) throws IOException
    {
        final PageHeader header = new PageHeader(PageType.DICTIONARY_PAGE, 0, 0);
        header.setDictionary_page_header(
            new DictionaryPageHeader(page.getDictionarySize(), of(page.getEncoding())));
        write(header, page.getBytes(), dictionary);
        encodings.add(page.getEncoding());
    }

    @Override
    public long getMemSize()
    {
        return pages.size() + (long)dictionary.size();
    }

    @Override
    public long allocatedSize()
    {
        return getMemSize();
    }

    @Override
    public String memUsageString(final String prefix)
    {
        return prefix + " " + column.label() + " " + getMemSize() + " bytes";
    }

    /** Write the pages and forget them. */
    ColumnChunk writeTo(final OutputStream stream, final long position) throws IOException
    {
        final List<org.apache.parquet.format.Encoding> all = encodings.stream().map(ParquetPages::of).toList();
        final ColumnMetaData data = new ColumnMetaData(
            column.isLong() ? Type.INT64 : Type.BYTE_ARRAY,
            all,
            List.of(column.label()),
            CompressionCodec.ZSTD,
            values,
            uncompressed,
            getMemSize(),
            position + dictionary.size());
        if (dictionary.size() > 0)
        {
            data.setDictionary_page_offset(position);
        }
        if (column.hasStatistics())
        {
            data.setStatistics(statistics());
        }
        dictionary.writeTo(stream);
        pages.writeTo(stream);
        final ColumnChunk chunk = new ColumnChunk(0L);
        chunk.setMeta_data(data);
        return chunk;
    }

    private org.apache.parquet.format.Statistics statistics()
    {
        final org.apache.parquet.format.Statistics written = new org.apache.parquet.format.Statistics();
        written.setNull_count(statistics.getNumNulls());
        if (statistics.hasNonNullValue())
        {
            final byte[] least = statistics.getMinBytes();
            final byte[] greatest = statistics.getMaxBytes();
            if (least.length <= MAX_STATISTIC && greatest.length <= MAX_STATISTIC)
            {
                written.setMin_value(least);
                written.setMax_value(greatest);
                written.setIs_min_value_exact(true);
                written.setIs_max_value_exact(true);
            }
        }
        return written;
    }

    private void write(final PageHeader header, final BytesInput page, final OutputStream target) throws IOException
    {
        final ByteArrayOutputStream plain = new ByteArrayOutputStream((int)page.size());
        page.writeAllTo(plain);
        final byte[] bytes = plain.toByteArray();
        final byte[] compressed = zstd.compress(bytes);
        final CRC32 crc = new CRC32();
        crc.update(compressed);
        header.setUncompressed_page_size(bytes.length);
        header.setCompressed_page_size(compressed.length);
        header.setCrc((int)crc.getValue());
        final ByteArrayOutputStream head = new ByteArrayOutputStream();
        Util.writePageHeader(header, head);
        head.writeTo(target);
        target.write(compressed);
        uncompressed += head.size() + (long)bytes.length;
    }

    private static org.apache.parquet.format.Encoding of(final Encoding encoding)
    {
        return org.apache.parquet.format.Encoding.valueOf(encoding.name());
    }

    @Override
    public String toString()
    {
        return memUsageString(type.getName());
    }
}
