package io.sluice.perf.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * What the threads of this process had of the processors while something ran: how long they were on one, and how long
 * they were ready to run and had none. By name, from {@code schedstat} in {@code /proc} (Linux, see {@code
 * Documentation/scheduler/sched-stats.rst}); elsewhere nothing is known, and it says so.
 *
 * <p>One thread. {@link #begin()} and {@link #end()} read two small files for each thread, which takes about a
 * millisecond: outside of what is timed. A thread that ends in between is not counted.
 */
public final class ThreadTimes
{
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final int NAMED = 5;
    private static final double LEAST_PART = 0.01;
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_S = 1e9;

    /** Nanoseconds. */
    private record Times(String name, long ran, long waited)
    {
    }

    private final Path tasks;
    private final LongSupplier clock;
    private final Map<String, long[]> byName = new TreeMap<>();
    private Map<String, Times> before = Map.of();
    private long startNs;
    private long tookNs;

    /** Of the threads of this process. */
    public ThreadTimes()
    {
        this(TASKS, System::nanoTime);
    }

    ThreadTimes(final Path tasks, final LongSupplier clock)
    {
        this.tasks = tasks;
        this.clock = clock;
    }

    /** What is to be looked at begins. */
    public void begin()
    {
        before = read();
        startNs = clock.getAsLong();
    }

    /** What is to be looked at is over; it adds to what was before. */
    public void end()
    {
        tookNs += clock.getAsLong() - startNs;
        read().forEach((id, now) ->
        {
            final Times then = before.getOrDefault(id, new Times(now.name(), 0, 0));
            final long[] sums = byName.computeIfAbsent(now.name(), (name) -> new long[2]);
            sums[0] += now.ran() - then.ran();
            sums[1] += now.waited() - then.waited();
        });
    }

    /** @return nanoseconds that all threads together were on a processor; 0 where that is not known. */
    public double processorNs()
    {
        return byName.values().stream().mapToLong((sums) -> sums[0]).sum();
    }

    /**
     * The most that the processors of this machine could do.
     *
     * @param events that were done meanwhile.
     * @return events per second if all processors did nothing else and never rested; NaN if that is not known.
     */
    public double mostPerSecond(final long events)
    {
        return processorNs() == 0 ?
            Double.NaN : Runtime.getRuntime().availableProcessors() * NS_PER_S * events / processorNs();
    }

    /**
     * Tell what an event took.
     *
     * @param events that were done meanwhile.
     * @return in words: microseconds of processor time, the greatest first, and who waited for a processor.
     */
    public String perEvent(final long events)
    {
        if (processorNs() == 0)
        {
            return "this system does not tell what its threads did";
        }
        return "processor time of an event " + us(processorNs() / events) + " us (" + named((sums) -> sums[0],
            (ns) -> us(ns / (double)events)) + "); " + waiting();
    }

    /** @return in words: how much of the time which threads were on a processor, or waited for one. */
    public String partOfTime()
    {
        if (processorNs() == 0)
        {
            return "this system does not tell what its threads did";
        }
        return "on a processor " + named((sums) -> sums[0], this::percent) + "; " + waiting();
    }

    private String waiting()
    {
        final String waiting = named((sums) -> sums[1], this::percent);
        return "ready and without a processor " + (waiting.isEmpty() ? "nobody" : waiting + " of the time");
    }

    private String named(final ToLongFunction<long[]> value, final LongFunction<String> text)
    {
        final List<Map.Entry<String, long[]>> entries = byName.entrySet().stream()
            .filter((entry) -> value.applyAsLong(entry.getValue()) > LEAST_PART * tookNs)
            .sorted(Comparator.comparingLong((entry) -> -value.applyAsLong(entry.getValue())))
            .limit(NAMED).collect(Collectors.toList());
        return entries.stream()
            .map((entry) -> entry.getKey() + " " + text.apply(value.applyAsLong(entry.getValue())))
            .collect(Collectors.joining(", "));
    }

    private String percent(final long ns)
    {
        return String.format(Locale.ROOT, "%.0f %%", 100.0 * ns / tookNs);
    }

    private static String us(final double ns)
    {
        return String.format(Locale.ROOT, "%.2f", ns / NS_PER_US);
    }

    private Map<String, Times> read()
    {
        final Map<String, Times> times = new HashMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks))
        {
            for (final Path thread : threads)
            {
                readOne(thread, times);
            }
        }
        catch (final IOException e)
        {
            // Another system: nothing is known then.
            return Map.of();
        }
        return times;
    }

    private static void readOne(final Path thread, final Map<String, Times> times)
    {
        try
        {
            final String[] fields = Files.readString(thread.resolve("schedstat")).trim().split(" ", 3);
            final String name = Files.readString(thread.resolve("comm")).trim();
            times.put(thread.getFileName().toString(),
                new Times(name, Long.parseLong(fields[0]), Long.parseLong(fields[1])));
        }
        catch (final IOException | NumberFormatException | ArrayIndexOutOfBoundsException e)
        {
            // It has ended, or the kernel counts nothing.
            times.remove(thread.getFileName().toString());
        }
    }
}
