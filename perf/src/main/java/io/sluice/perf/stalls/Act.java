package io.sluice.perf.stalls;

import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One roll size: all sides append in turn, slice after slice, so that a machine that is slow for a while is slow for
 * all of them. Each keeps its appender open over all slices, up to 3 GB. Then everything is read back and deleted, and
 * begun anew if more is wanted.
 */
final class Act
{
    private static final double BYTES_PER_GB = 1e9;
    private static final long SESSION_BYTES = 3_000_000_000L;

    private final RawOutput output;
    private final PrintStream progress;
    private final StallsSetting setting;
    private final long rollSize;
    private final long originNs;
    private final Map<String, StallLog> logs = new LinkedHashMap<>();

    /**
     * @param output   for the data.
     * @param progress to tell people.
     * @param setting  what to measure.
     * @param rollSize of Sluice's files, and of a bare loop beside the one as shipped.
     * @param originNs of timelines.
     */
    Act(
        final RawOutput output,
        final PrintStream progress,
        final StallsSetting setting,
        final long rollSize,
        final long originNs)
    {
        this.output = output;
        this.progress = progress;
        this.setting = setting;
        this.rollSize = rollSize;
        this.originNs = originNs;
    }

    /**
     * Play it.
     *
     * @return this.
     * @throws MeasurementException if what was read back is not what was appended.
     */
    Act play()
    {
        long done = 0;
        while (done < setting.bytes())
        {
            done = playSession(done, Math.min(setting.bytes(), done + SESSION_BYTES));
        }
        return this;
    }

    /** @return roll size in words, for ids. */
    String label()
    {
        return rollSize / 1_000_000 + "MB";
    }

    /**
     * @param side name of it.
     * @return what it did.
     */
    StallLog log(final String side)
    {
        return logs.get(side);
    }

    /** @return of all sides. */
    Collection<StallLog> logs()
    {
        return logs.values();
    }

    /**
     * Per GB.
     *
     * @param count of something.
     * @param log   that it was counted in.
     * @return the count per 10^9 bytes appended.
     */
    static double perGb(final long count, final StallLog log)
    {
        return count * BYTES_PER_GB / log.bytes();
    }

    // What lies on the disk at a time is bounded; the logs go on from session to session.
    private long playSession(final long from, final long to)
    {
        final List<AppendSide> sides = new ArrayList<>();
        final List<Path> directories = new ArrayList<>();
        try
        {
            sides.add(new BareSide(directory("bare", directories), setting.payloadLength(), 0));
            sides.add(new SluiceSide(directory("sluice", directories), setting.payloadLength(), rollSize));
            sides.add(new BareSide(directory("bare-rolling", directories), setting.payloadLength(), rollSize));
            sides.add(new MemorySide(setting.payloadLength()));
            for (final AppendSide side : sides)
            {
                // Recorded and thrown away: the recording must be compiled too.
                playSlice(side, setting.warmUpBytes(), new StallLog(side.name(), side.recordLength(), originNs));
                logs.computeIfAbsent(
                    side.name(), (name) -> new StallLog(name + "." + label(), side.recordLength(), originNs));
            }
            long done = from;
            while (done < to)
            {
                final long bytes = Math.min(setting.sliceBytes(), to - done);
                for (final AppendSide side : sides)
                {
                    final StallLog log = logs.get(side.name());
                    // What others left behind must not be collected in this slice.
                    System.gc();
                    log.recording(false);
                    playSlice(side, setting.runInBytes(), log);
                    log.recording(true);
                    playSlice(side, bytes, log);
                }
                done += bytes;
                tell(done);
            }
            for (final AppendSide side : sides)
            {
                side.closeAndCheck();
            }
            return done;
        }
        finally
        {
            sides.forEach(AppendSide::close);
            directories.forEach(output::discard);
        }
    }

    private void playSlice(final AppendSide side, final long bytes, final StallLog log)
    {
        PacedAppends.run(side, setting.rate(), Math.max(bytes / side.recordLength(), 1), log);
    }

    private void tell(final long done)
    {
        progress.printf("F3 %s files, %.2f of %.2f GB each, stalls > 1 ms so far:",
            label(), done / BYTES_PER_GB, setting.bytes() / BYTES_PER_GB);
        logs.forEach((name, log) -> progress.printf(" %s %d", name, log.stalls()));
        progress.println();
    }

    private Path directory(final String name, final List<Path> directories)
    {
        final Path directory = output.scratch(name);
        directories.add(directory);
        return directory;
    }
}
