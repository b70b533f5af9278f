package io.sluice.perf.subject;

import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Verdict;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;

/** What a journal holds, read from its first record: how many events, and the sum of the numbers in them. */
public final class JournalSum
{
    private static final int POLL_LIMIT = 1024;

    private long count;
    private long lastSequence;
    private long numbers;
    private long duplicates;

    private JournalSum()
    {
    }

    /**
     * Read a journal.
     *
     * @param directory of the data.
     * @return its sum.
     * @throws MeasurementException if its sequences are not dense.
     */
    public static JournalSum of(final Path directory)
    {
        final JournalSum sum = new JournalSum();
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory)))
        {
            while (tailer.poll(sum::add, POLL_LIMIT) > 0)
            {
                continue;
            }
        }
        return sum;
    }

    /**
     * Compare with what was published.
     *
     * @param events  published since the journal was made.
     * @param numbers that were in them, added up.
     * @throws MeasurementException if anything differs, or an event was called a duplicate.
     */
    public void check(final long events, final long numbers)
    {
        MeasurementException.require("events in the journal", events, count);
        MeasurementException.require("last sequence in the journal", events, lastSequence);
        MeasurementException.require("sum of the numbers in the journal", numbers, this.numbers);
        MeasurementException.require("duplicates in the journal", 0, duplicates);
    }

    /**
     * @param event of a measurement.
     * @return the number in the first eight bytes of its payload.
     */
    public static long numberOf(final EventFlyweight event)
    {
        return event.buffer().getLong(event.fieldOffset(EventField.PAYLOAD));
    }

    private void add(final EventFlyweight event)
    {
        count++;
        MeasurementException.require("sequence", lastSequence + 1, event.sequence());
        lastSequence = event.sequence();
        numbers += numberOf(event);
        duplicates += event.verdict() == Verdict.ACCEPTED ? 0 : 1;
    }
}
