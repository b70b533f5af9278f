package io.sluice.engine;

import io.sluice.engine.failure.PendingRetries;
import io.sluice.engine.failure.RetryEntry;
import io.sluice.engine.failure.RetryLog;
import io.sluice.engine.failure.Workload;
import io.sluice.journal.DataDirectory;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Main class of child processes: several threads append to a retry log until they are killed, each with a subscription
 * of its own, and count in a mapped ledger what they were told is in the log. Another one reads and maintains it.
 * Arguments: directory, ledger, first subscription, threads, length of the log's files.
 */
public final class ChildRetries
{
    private static final int LEDGER_LENGTH = 4096;
    private static final int LINE = 64;
    private static final long LONGEST_LIFE_NS = 60_000_000_000L;

    private ChildRetries()
    {
    }

    /**
     * Run.
     *
     * @param arguments see above.
     * @throws Exception whatever goes wrong.
     */
    public static void main(final String[] arguments) throws Exception
    {
        final PrintStream output =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        final long firstSubscription = Long.parseLong(arguments[2]);
        final int threads = Integer.parseInt(arguments[3]);
        final long endNs = System.nanoTime() + LONGEST_LIFE_NS;
        final RetryLog log = RetryLog.open(
            new DataDirectory(Path.of(arguments[0])),
            Integer.parseInt(arguments[4]),
            error -> output.println("error " + error.getMessage()));
        final UnsafeBuffer ledger = new UnsafeBuffer(map(Path.of(arguments[1])));
        final PendingRetries pending = new PendingRetries(PendingRetries.CAPACITY);
        pending.recover(log, System.nanoTime());
        for (int i = 0; i < threads; i++)
        {
            final int thread = i;
            final Thread appender = new Thread(() ->
            {
                for (long n = 0; System.nanoTime() - endNs < 0; n++)
                {
                    final RetryEntry entry = Workload.entry(firstSubscription + thread, n);
                    while (!log.append(entry))
                    {
                        Thread.yield();
                    }
                    ledger.putLongRelease(thread * LINE, n + 1);
                }
            });
            appender.setDaemon(true);
            appender.start();
        }
        output.println("at work");
        while (System.nanoTime() - endNs < 0)
        {
            pending.poll(log, System.nanoTime());
            log.maintain(System.nanoTime());
        }
    }

    private static MappedByteBuffer map(final Path file) throws Exception
    {
        try (FileChannel channel = FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, LEDGER_LENGTH);
        }
    }
}
