package io.sluice.handlers.exchange;

import java.io.IOException;
import java.util.List;

/**
 * Apache Parquet with a typed column for each field; times in nanoseconds, zstd, statistics and checksums. A payload
 * that is JSON stands in {@code payload_json}, any other in {@code payload}. A row group ends with the row that makes
 * it {@value #MAX_ROWS} rows, or {@value #MAX_BYTES} bytes of values: so the same events give the same groups.
 *
 * <p>Needs {@code org.apache.parquet:parquet-column} and {@code org.apache.parquet:parquet-format-structures} on the
 * class path, and neither Hadoop nor anything of it.
 */
public final class ParquetFormat implements EventFormat
{
    /** Rows of a row group at most. */
    public static final int MAX_ROWS = 122_880;
    /** Bytes of values that end a row group. */
    public static final long MAX_BYTES = 16L << 20;

    private static final String LIBRARY = "org.apache.parquet:parquet-column and parquet-format-structures";

    /** The format. */
    public ParquetFormat()
    {
    }

    @Override
    public String name()
    {
        return "parquet";
    }

    @Override
    public List<String> endings()
    {
        return List.of(".parquet");
    }

    @Override
    public EventOutput openOutput(final OutputTarget target) throws IOException
    {
        try
        {
            return new ParquetOutput(target);
        }
        catch (final NoClassDefFoundError ex)
        {
            throw CsvFormat.missing(name(), LIBRARY, ex);
        }
    }

    @Override
    public EventInput openInput(final InputSource source) throws IOException
    {
        try
        {
            return ParquetInput.open(source);
        }
        catch (final NoClassDefFoundError ex)
        {
            throw CsvFormat.missing(name(), LIBRARY, ex);
        }
    }
}
