package io.sluice.journal;

import java.nio.file.Path;
import net.openhft.chronicle.core.Jvm;
import net.openhft.chronicle.core.onoes.ExceptionHandler;
import net.openhft.chronicle.core.onoes.Slf4jExceptionHandler;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/** Opens Chronicle queues for appending, and keeps Chronicle quiet. */
final class QueueFactory
{
    private static final long MIN_BLOCK_SIZE = 1L << 22;
    private static final long TIMEOUT_MS = 2_000;

    static
    {
        setDefault("chronicle.analytics.disable", "true");
        setDefault("chronicle.announcer.disable", "true");
        setDefault("chronicle.disk.monitor.disable", "true");
        setDefault("disable.perf.info", "true");
        // The metadata names classes by these; whoever opens it before the first queue needs them.
        SingleChronicleQueueBuilder.addAliases();
        // In this order: error, warning, debug, performance.
        Jvm.setExceptionHandlers(
            Slf4jExceptionHandler.ERROR,
            Slf4jExceptionHandler.WARN,
            ExceptionHandler.ignoresEverything(),
            ExceptionHandler.ignoresEverything());
    }

    private QueueFactory()
    {
    }

    /** Make sure that Chronicle is set up before any class of it is used. */
    static void initialise()
    {
        // The static initialiser did it.
    }

    static SingleChronicleQueue open(
        final Path journal, final CycleClock clock, final long rollSize, final int maxExcerptLength)
    {
        return SingleChronicleQueueBuilder.binary(journal)
            .rollCycle(CycleFiles.ROLL_CYCLE)
            .timeProvider(clock)
            .blockSize(blockSize(rollSize, maxExcerptLength))
            .timeoutMS(TIMEOUT_MS)
            .build();
    }

    /**
     * @return a power of two, so that a whole file is one mapping and the longest excerpt fits into its overlap, a
     * quarter.
     */
    static long blockSize(final long rollSize, final int maxExcerptLength)
    {
        final long least = Math.max(Math.max(rollSize, MIN_BLOCK_SIZE), 4L * (maxExcerptLength + 64L));
        return Long.highestOneBit(least - 1) << 1;
    }

    private static void setDefault(final String name, final String value)
    {
        if (System.getProperty(name) == null)
        {
            System.setProperty(name, value);
        }
    }
}
