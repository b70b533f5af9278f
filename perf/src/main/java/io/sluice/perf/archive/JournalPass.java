package io.sluice.perf.archive;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.EventJson;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads a whole journal, wherever its files lie, and keeps for each event its size as JSON, and for all of them a
 * digest of every byte. Used once.
 */
final class JournalPass
{
    private static final int POLL_LIMIT = 1024;
    private static final int INITIAL_CAPACITY = 1 << 16;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final RequirementJson requirement = new RequirementJson();
    private final EventJson whole = new EventJson();
    private final boolean isMeasuring;
    // Sums up to and including each sequence.
    private long[] requirementBytes = new long[INITIAL_CAPACITY];
    private long[] wholeBytes = new long[INITIAL_CAPACITY];
    private long[] journalBytes = new long[INITIAL_CAPACITY];
    private long digest;
    private int last;

    private JournalPass(final boolean isMeasuring)
    {
        this.isMeasuring = isMeasuring;
    }

    /**
     * Read a journal.
     *
     * @param directory   of the data.
     * @param isMeasuring whether to keep sizes too.
     * @return what it holds.
     * @throws MeasurementException if its sequences are not dense.
     */
    static JournalPass read(final Path directory, final boolean isMeasuring)
    {
        final JournalPass pass = new JournalPass(isMeasuring);
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory)))
        {
            int count;
            do
            {
                count = tailer.poll(pass::onEvent, POLL_LIMIT);
            }
            while (count > 0);
        }
        return pass;
    }

    /** @return events. */
    long events()
    {
        return last;
    }

    /** @return of every byte of every record, in order. */
    long digest()
    {
        return digest;
    }

    /** @return JSON of requirement 004 from one sequence to another, both included. */
    long requirementBytes(final long first, final long end)
    {
        return range(requirementBytes, first, end);
    }

    /** @return JSON with all fields. */
    long wholeBytes(final long first, final long end)
    {
        return range(wholeBytes, first, end);
    }

    /** @return records with their padding. */
    long journalBytes(final long first, final long end)
    {
        return range(journalBytes, first, end);
    }

    private static long range(final long[] sums, final long first, final long end)
    {
        return sums[(int)end] - sums[(int)first - 1];
    }

    private void onEvent(final EventFlyweight event)
    {
        MeasurementException.require("sequence", last + 1, event.sequence());
        last++;
        digest = digest * MULTIPLIER + EventHash.hash64(event.buffer(), event.offset(), event.recordLength());
        if (isMeasuring)
        {
            if (last == journalBytes.length)
            {
                requirementBytes = Arrays.copyOf(requirementBytes, 2 * last);
                wholeBytes = Arrays.copyOf(wholeBytes, 2 * last);
                journalBytes = Arrays.copyOf(journalBytes, 2 * last);
            }
            requirementBytes[last] = requirementBytes[last - 1] + requirement.length(event);
            wholeBytes[last] = wholeBytes[last - 1] + whole.write(event) + 1;
            journalBytes[last] = journalBytes[last - 1] + EventDescriptor.alignedLength(event.recordLength());
        }
    }
}
