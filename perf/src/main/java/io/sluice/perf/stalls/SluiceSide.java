package io.sluice.perf.stalls;

import io.sluice.event.EventFlyweight;
import io.sluice.event.Verdict;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;

/**
 * Sluice's journal, driven as the sequencing thread drives it: whatever is due is staged, up to a batch, and committed
 * at once. A call takes as long as the sequencing thread would be held up, waiting for storage to be ready included.
 * The number of a record is its event time: that is in the part which sequencing covers with a checksum.
 */
final class SluiceSide implements AppendSide
{
    private static final int POLL_LIMIT = 1024;

    private final Path directory;
    private final RecordTemplate template;
    private final EpochNanoClock clock = new OffsetEpochNanoClock();
    private final JournalAppender appender;
    private final int batchCount;
    private long appended;
    private int rolls;

    /**
     * @param directory     that does not exist yet.
     * @param payloadLength of the events.
     * @param rollSize      bytes of a file.
     */
    SluiceSide(final Path directory, final int payloadLength, final long rollSize)
    {
        this.directory = directory;
        template = new RecordTemplate(payloadLength);
        final JournalContext context = new JournalContext().directory(directory).rollSize(rollSize);
        batchCount = Math.min(context.batchCount(), context.batchLength() / (template.length() + 8));
        appender = JournalAppender.open(context);
    }

    @Override
    public String name()
    {
        return "sluice";
    }

    @Override
    public int recordLength()
    {
        return template.length();
    }

    @Override
    public int append(final int due)
    {
        rolls = appender.rolls();
        while (!appender.isReady())
        {
            Thread.onSpinWait();
        }
        final int count = Math.min(due, batchCount);
        final long nowNs = clock.nanoTime();
        for (int i = 0; i < count; i++)
        {
            template.eventTime(appended++);
            appender.stage(template.buffer(), 0, template.length(), Verdict.ACCEPTED, 0, nowNs);
        }
        appender.commit();
        return count;
    }

    @Override
    public boolean hasRolled()
    {
        return appender.rolls() != rolls;
    }

    @Override
    public void closeAndCheck()
    {
        close();
        final long[] found = {0};
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory)))
        {
            int count;
            do
            {
                count = tailer.poll((event) -> check(event, found[0]++), POLL_LIMIT);
            }
            while (count > 0);
        }
        MeasurementException.require("events read back from " + directory, appended, found[0]);
    }

    @Override
    public void close()
    {
        appender.close();
    }

    private void check(final EventFlyweight event, final long number)
    {
        MeasurementException.require("sequence", number + 1, event.sequence());
        MeasurementException.require("length of event " + number, template.length(), event.recordLength());
        MeasurementException.require("number of event " + number, number, event.eventTime());
    }
}
