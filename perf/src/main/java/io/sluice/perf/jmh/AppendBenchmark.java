package io.sluice.perf.jmh;

import io.sluice.event.Verdict;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import io.sluice.perf.baseline.RecordTemplate;
import java.nio.file.Path;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Appending to a journal on disk; 256 bytes of payload. Each iteration has a journal of its own: none grows. */
@State(Scope.Thread)
public class AppendBenchmark
{
    private static final int BATCH = 64;
    private static final int PAYLOAD_LENGTH = 256;

    private final OffsetEpochNanoClock clock = new OffsetEpochNanoClock();
    private RecordTemplate template;
    private Path directory;
    private JournalAppender appender;
    private long appended;

    /** For JMH. */
    public AppendBenchmark()
    {
    }

    /** Open a journal. */
    @Setup(Level.Iteration)
    public void setUp()
    {
        template = new RecordTemplate(PAYLOAD_LENGTH);
        directory = ScratchJournal.newDirectory();
        appender = JournalAppender.open(new JournalContext().directory(directory));
        appended = 0;
    }

    /** Close it, count, and delete it. */
    @TearDown(Level.Iteration)
    public void tearDown()
    {
        appender.close();
        ScratchJournal.discard(directory, appended);
    }

    /**
     * An excerpt for each record, as at a low rate.
     *
     * @return the last sequence.
     */
    @Benchmark
    public long one()
    {
        return append(1);
    }

    /**
     * An excerpt for 64 records, as at a high rate.
     *
     * @return the last sequence.
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long batch()
    {
        return append(BATCH);
    }

    private long append(final int count)
    {
        while (!appender.isReady())
        {
            Thread.onSpinWait();
        }
        final long nowNs = clock.nanoTime();
        for (int i = 0; i < count; i++)
        {
            template.eventTime(appended++);
            appender.stage(template.buffer(), 0, template.length(), Verdict.ACCEPTED, 0, nowNs);
        }
        return appender.commit();
    }
}
