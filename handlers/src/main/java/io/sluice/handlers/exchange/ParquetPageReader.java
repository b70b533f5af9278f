package io.sluice.handlers.exchange;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * The pages of a row group. Trusts no length that it reads: a page is as long as the column has bytes, and unpacks to
 * what a column of records may have. Not thread-safe.
 */
final class ParquetPageReader implements PageReadStore
{
    private static final int MAX_PAGE = 1 << 28;
    private static final int USUAL_PAGE = 1 << 26;

    private final Map<String, Column> columns = new HashMap<>();
    private final long rows;
    private final int maxPage;
    private long end;

    ParquetPageReader(
        final FileChannel file, final RowGroup group, final List<ParquetInputColumn> wanted, final int maxRecordLength)
        throws IOException
    {
        rows = group.getNum_rows();
        maxPage = (int)Math.min(MAX_PAGE, Math.max(USUAL_PAGE, 2L * maxRecordLength));
        if (rows < 0 || group.getColumns().size() != wanted.size())
        {
            throw new IOException("it has " + rows + " rows and " + group.getColumns().size() + " columns");
        }
        for (int i = 0; i < wanted.size(); i++)
        {
            final ColumnChunk chunk = group.getColumns().get(i);
            final ColumnMetaData data = chunk.getMeta_data();
            if (data == null)
            {
                throw new IOException("column " + wanted.get(i).column().label() + " is encrypted or elsewhere");
            }
            columns.put(wanted.get(i).column().label(), new Column(read(file, data), data, wanted.get(i).column()));
        }
    }

    @Override
    public PageReader getPageReader(final ColumnDescriptor descriptor)
    {
        return columns.get(descriptor.getPath()[0]);
    }

    @Override
    public long getRowCount()
    {
        return rows;
    }

    /** @return values of a column, absent ones included. */
    long valuesOf(final ColumnDescriptor descriptor)
    {
        return columns.get(descriptor.getPath()[0]).getTotalValueCount();
    }

    /** @return position behind the last byte that was read. */
    long end()
    {
        return end;
    }

    /** Read as many bytes as the buffer takes; @return how many there were. */
    static int read(final FileChannel file, final ByteBuffer target, final long position) throws IOException
    {
        int count = 0;
        while (target.hasRemaining())
        {
            final int read = file.read(target, position + count);
            if (read < 0)
            {
                break;
            }
            count += read;
        }
        return count;
    }

    private byte[] read(final FileChannel file, final ColumnMetaData data) throws IOException
    {
        final long dictionary = data.isSetDictionary_page_offset() ? data.getDictionary_page_offset() : 0;
        final long start = dictionary > 0 ? Math.min(dictionary, data.getData_page_offset()) :
            data.getData_page_offset();
        final long length = data.getTotal_compressed_size();
        if (start < 4 || length < 0 || length > Integer.MAX_VALUE - 8 || start + length > file.size())
        {
            throw new IOException("a column would have " + length + " bytes from " + start);
        }
        final ByteBuffer bytes = ByteBuffer.allocate((int)length);
        if (read(file, bytes, start) < length)
        {
            throw new IOException("the file ends within it");
        }
        end = Math.max(end, start + length);
        return bytes.array();
    }

    private final class Column implements PageReader
    {
        private final Queue<DataPage> pages = new ArrayDeque<>();
        private final CompressionCodec codec;
        private final byte[] bytes;
        private final Statistics<?> none;
        private DictionaryPage dictionary;
        private long values;

        Column(final byte[] bytes, final ColumnMetaData data, final ParquetColumn column) throws IOException
        {
            this.bytes = bytes;
            codec = data.getCodec();
            none = Statistics.noopStats(ParquetColumn.schema().getType(column.label()));
            final ByteArrayInputStream in = new ByteArrayInputStream(bytes);
            while (values < data.getNum_values() && in.available() > 0)
            {
                readPage(in);
            }
        }

        @Override
        public DictionaryPage readDictionaryPage()
        {
            return dictionary;
        }

        @Override
        public long getTotalValueCount()
        {
            return values;
        }

        @Override
        public DataPage readPage()
        {
            return pages.poll();
        }

        private void readPage(final ByteArrayInputStream in) throws IOException
        {
            final PageHeader header = Util.readPageHeader(in);
            final int start = bytes.length - in.available();
            final int compressed = header.getCompressed_page_size();
            final int unpacked = header.getUncompressed_page_size();
            if (compressed < 0 || compressed > in.available() || unpacked < 0 || unpacked > maxPage)
            {
                throw new IOException("a page would have " + compressed + " bytes and unpack to " + unpacked);
            }
            checkCrc(header, start, compressed);
            switch (header.getType())
            {
                case DICTIONARY_PAGE:
                    readDictionary(header.getDictionary_page_header(), start, compressed, unpacked);
                    break;
                case DATA_PAGE:
                    addFirst(header.getData_page_header(), start, compressed, unpacked);
                    break;
                case DATA_PAGE_V2:
                    addSecond(header.getData_page_header_v2(), start, compressed, unpacked);
                    break;
                default:
                    break;
            }
            in.skipNBytes(compressed);
        }

        private void readDictionary(
            final DictionaryPageHeader header, final int start, final int compressed, final int unpacked)
            throws IOException
        {
            final byte[] page = unpack(start, compressed, unpacked);
            if (header.getNum_values() < 0 || header.getNum_values() > page.length)
            {
                throw new IOException("a dictionary of " + page.length + " bytes can't have " +
                    header.getNum_values() + " values");
            }
            dictionary =
                new DictionaryPage(BytesInput.from(page), header.getNum_values(), of(header.getEncoding()));
        }

        private void addFirst(
            final DataPageHeader header, final int start, final int compressed, final int unpacked) throws IOException
        {
            count(header.getNum_values());
            pages.add(new DataPageV1(
                BytesInput.from(unpack(start, compressed, unpacked)),
                header.getNum_values(),
                unpacked,
                none,
                of(header.getRepetition_level_encoding()),
                of(header.getDefinition_level_encoding()),
                of(header.getEncoding())));
        }

        private void addSecond(
            final DataPageHeaderV2 header, final int start, final int compressed, final int unpacked)
            throws IOException
        {
            final int levels = header.getDefinition_levels_byte_length() + header.getRepetition_levels_byte_length();
            if (header.getDefinition_levels_byte_length() < 0 || header.getRepetition_levels_byte_length() < 0 ||
                levels < 0 || levels > compressed || levels > unpacked)
            {
                throw new IOException("levels of " + levels + " bytes in a page of " + compressed);
            }
            count(header.getNum_values());
            final boolean isPacked = !header.isSetIs_compressed() || header.isIs_compressed();
            final byte[] data = isPacked ? unpack(start + levels, compressed - levels, unpacked - levels) :
                Arrays.copyOfRange(bytes, start + levels, start + compressed);
            pages.add(DataPageV2.uncompressed(
                header.getNum_rows(),
                header.getNum_nulls(),
                header.getNum_values(),
                BytesInput.from(bytes, start, header.getRepetition_levels_byte_length()),
                BytesInput.from(
                    bytes,
                    start + header.getRepetition_levels_byte_length(),
                    header.getDefinition_levels_byte_length()),
                of(header.getEncoding()),
                BytesInput.from(data),
                none));
        }

        private void count(final int pageValues) throws IOException
        {
            values += pageValues;
            if (pageValues <= 0 || values > rows)
            {
                throw new IOException("a page has " + pageValues + " values, in a group of " + rows + " rows");
            }
        }

        private byte[] unpack(final int start, final int compressed, final int unpacked) throws IOException
        {
            final byte[] page;
            switch (codec)
            {
                case UNCOMPRESSED:
                    page = Arrays.copyOfRange(bytes, start, start + compressed);
                    break;
                case ZSTD:
                    page = unpackZstd(Arrays.copyOfRange(bytes, start, start + compressed), unpacked);
                    break;
                case GZIP:
                    page = new GZIPInputStream(new ByteArrayInputStream(bytes, start, compressed))
                        .readNBytes(unpacked + 1);
                    break;
                default:
                    throw new IOException("it is packed with " + codec + ": write it with zstd, gzip, or not packed");
            }
            if (page.length != unpacked)
            {
                throw new IOException("a page unpacks to " + page.length + " bytes, not " + unpacked);
            }
            return page;
        }

        private byte[] unpackZstd(final byte[] packed, final int unpacked) throws IOException
        {
            try
            {
                return packed.length == 0 && unpacked == 0 ? packed : Zstd.decompress(packed, unpacked);
            }
            catch (final ZstdException ex)
            {
                throw new IOException("a page is damaged: " + ex.getMessage(), ex);
            }
        }

        private void checkCrc(final PageHeader header, final int start, final int length) throws IOException
        {
            if (header.isSetCrc())
            {
                final CRC32 crc = new CRC32();
                crc.update(bytes, start, length);
                if ((int)crc.getValue() != header.getCrc())
                {
                    throw new IOException("a page is damaged: its checksum differs");
                }
            }
        }
    }

    private static Encoding of(final org.apache.parquet.format.Encoding encoding)
    {
        return Encoding.valueOf(encoding.name());
    }
}
