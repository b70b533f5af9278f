package io.sluice.handlers.exchange;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventException;
import io.sluice.event.Verdict;
import io.sluice.handlers.source.LineReader;
import java.io.IOException;
import java.util.function.Supplier;

/** Reads one event a line; blank lines are nothing. Not thread-safe. */
final class LineInput implements EventInput
{
    static final String LINE = "line";

    private final LineReader lines;
    private final Reader reader;
    private final Supplier<Verdict> verdict;

    /** Reads an event. */
    @FunctionalInterface
    interface Reader
    {
        void read(byte[] bytes, int offset, int length, EventBuilder event);
    }

    /**
     * @param source  of the lines.
     * @param reader  of a line.
     * @param verdict asks what the event that was read last says of itself.
     */
    LineInput(final InputSource source, final Reader reader, final Supplier<Verdict> verdict)
    {
        lines = new LineReader(source.channel(), source.maxRecordLength());
        this.reader = reader;
        this.verdict = verdict;
    }

    @Override
    public boolean next(final InputRecord record) throws IOException
    {
        if (!nextLine())
        {
            return false;
        }
        record.at(LINE, lines.number());
        if (lines.isTooLong())
        {
            record.bad("the line has " + lines.fullLength() + " bytes, too many for an event", lines.bytes(), 0, 0);
            return true;
        }
        try
        {
            reader.read(lines.bytes(), 0, lines.length(), record.event());
            record.verdict(verdict.get());
        }
        catch (final EventException ex)
        {
            record.bad(ex.getMessage(), lines.bytes(), 0, lines.length());
        }
        return true;
    }

    @Override
    public long skip(final long count, final InputRecord record) throws IOException
    {
        long skipped = 0;
        while (skipped < count && nextLine())
        {
            skipped++;
        }
        return skipped;
    }

    private boolean nextLine() throws IOException
    {
        while (lines.next())
        {
            if (!lines.isBlank())
            {
                return true;
            }
        }
        return false;
    }
}
