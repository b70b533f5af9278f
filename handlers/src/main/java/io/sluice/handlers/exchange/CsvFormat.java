package io.sluice.handlers.exchange;

import java.io.IOException;
import java.util.List;

/**
 * Comma-separated values as RFC 4180 has them: a header row, a column for each field, every value in quotes, lines that
 * end with CR LF. An absent value is empty and has no quotes. {@code payload_encoding} says how the payload stands:
 * {@code json} or {@code text} as it is, {@code base64} where it is neither.
 *
 * <p>Needs {@code org.apache.commons:commons-csv} on the class path.
 */
public final class CsvFormat implements EventFormat
{
    private static final String LIBRARY = "org.apache.commons:commons-csv";

    /** The format. */
    public CsvFormat()
    {
    }

    @Override
    public String name()
    {
        return "csv";
    }

    @Override
    public List<String> endings()
    {
        return List.of(".csv");
    }

    @Override
    public EventOutput openOutput(final OutputTarget target) throws IOException
    {
        try
        {
            return new CsvOutput(target);
        }
        catch (final NoClassDefFoundError ex)
        {
            throw missing(name(), LIBRARY, ex);
        }
    }

    @Override
    public EventInput openInput(final InputSource source) throws IOException
    {
        try
        {
            return new CsvInput(source);
        }
        catch (final NoClassDefFoundError ex)
        {
            throw missing(name(), LIBRARY, ex);
        }
    }

    static ExchangeException missing(final String format, final String library, final NoClassDefFoundError error)
    {
        return new ExchangeException(
            "format " + format + " needs a library that is not on the class path (" + error.getMessage() +
            "): add " + library, error);
    }
}
