package io.sluice.perf.jmh;

import io.sluice.journal.JournalTailer;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import io.sluice.perf.baseline.RecordTemplate;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Reading a journal in the page cache, from its start again and again; 256 bytes of payload. */
@State(Scope.Thread)
public class TailBenchmark
{
    private static final int POLL = 1024;
    private static final int EVENTS = 64 * POLL;
    private static final int PAYLOAD_LENGTH = 256;

    /** With or without checksums. */
    @Param({"checked", "unchecked"})
    public String checksums;

    private Path directory;
    private JournalTailer tailer;
    private long left;
    private long sum;

    /** For JMH. */
    public TailBenchmark()
    {
    }

    /** Write a journal. */
    @Setup
    public void setUp()
    {
        directory = ScratchJournal.newDirectory();
        ScratchJournal.write(directory, new RecordTemplate(PAYLOAD_LENGTH), EVENTS);
        tailer = JournalTailer.open(
            new TailerContext().directory(directory).verifyChecksums("checked".equals(checksums)));
        left = EVENTS;
    }

    /** Delete it. */
    @TearDown
    public void tearDown()
    {
        tailer.close();
        ScratchJournal.discard(directory, EVENTS);
    }

    /**
     * The next events.
     *
     * @return something of all of them.
     */
    @Benchmark
    @OperationsPerInvocation(POLL)
    public long poll()
    {
        if (left == 0)
        {
            tailer.seek(StartPosition.start());
            left = EVENTS;
        }
        left -= POLL;
        int wanted = POLL;
        while (wanted > 0)
        {
            wanted -= tailer.poll((event) -> sum += event.eventTime(), wanted);
        }
        return sum;
    }
}
