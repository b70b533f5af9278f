package io.sluice.perf.alloc;

import com.sun.management.ThreadMXBean;
import io.sluice.engine.EngineRole;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Bytes allocated by the watched threads since they started, by the JVM's counters, which count every byte.
 * Reading them allocates on the reading thread only, which is none of the watched ones.
 */
final class AllocationMeter
{
    private static final Set<String> STAGES = Arrays.stream(EngineRole.values())
        .filter((role) -> !Set.of(EngineRole.TELEMETRY, EngineRole.WATCH, EngineRole.MARK).contains(role))
        .map(EngineRole::threadName)
        .collect(Collectors.toUnmodifiableSet());
    private static final String ENGINE_PREFIX = "sluice-";

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();

    AllocationMeter()
    {
        if (!threads.isThreadAllocatedMemorySupported())
        {
            throw new UnsupportedOperationException(
                "this JVM does not count allocation by thread: use a HotSpot JVM for `perf alloc`");
        }
        threads.setThreadAllocatedMemoryEnabled(true);
    }

    /** Is a thread watched? All of the engine are, and the publisher. */
    static boolean isWatched(final String threadName)
    {
        return threadName.startsWith(ENGINE_PREFIX) || threadName.equals(AllocLoad.THREAD_NAME);
    }

    /**
     * Does an event pass through a thread? It does through the publisher's and the stages'. Those that publish figures,
     * prepare, force, index and archive work by the clock and by the file.
     */
    static boolean isOnPath(final String threadName)
    {
        return threadName.equals(AllocLoad.THREAD_NAME) || STAGES.contains(threadName);
    }

    /** @return bytes by thread name. */
    Map<String, Long> read()
    {
        final long[] ids = threads.getAllThreadIds();
        final ThreadInfo[] infos = threads.getThreadInfo(ids);
        final long[] bytes = threads.getThreadAllocatedBytes(ids);
        final Map<String, Long> byThread = new TreeMap<>();
        for (int i = 0; i < ids.length; i++)
        {
            // A thread may have ended between the calls.
            if (infos[i] != null && bytes[i] >= 0 && isWatched(infos[i].getThreadName()))
            {
                byThread.merge(infos[i].getThreadName(), bytes[i], Long::sum);
            }
        }
        return byThread;
    }

    /**
     * Difference of two readings.
     *
     * @param before first reading.
     * @param after  second reading.
     * @return bytes allocated in between, by thread name.
     */
    static Map<String, Long> between(final Map<String, Long> before, final Map<String, Long> after)
    {
        final Map<String, Long> difference = new TreeMap<>();
        after.forEach((thread, bytes) -> difference.put(thread, bytes - before.getOrDefault(thread, 0L)));
        return difference;
    }
}
