package io.sluice.perf.stalls;

import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One roll size: all sides append in turn, slice after slice, so that a machine that is slow for a while is slow for
 * all of them. Each keeps its appender open over all slices. Then everything is read back and deleted.
 */
final class Act
{
    private static final double BYTES_PER_GB = 1e9;

    private final RawOutput output;
    private final PrintStream progress;
    private final StallsSetting setting;
    private final long rollSize;
    private final long originNs;
    private final List<AppendSide> sides = new ArrayList<>();
    private final List<Path> directories = new ArrayList<>();
    private final List<StallLog> logs = new ArrayList<>();

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
        try
        {
            sides.add(new BareSide(directory("bare"), setting.payloadLength(), 0));
            sides.add(new SluiceSide(directory("sluice"), setting.payloadLength(), rollSize));
            sides.add(new BareSide(directory("bare-rolling"), setting.payloadLength(), rollSize));
            sides.add(new MemorySide(setting.payloadLength()));
            warmUp();
            long done = 0;
            while (done < setting.bytes())
            {
                final long bytes = Math.min(setting.sliceBytes(), setting.bytes() - done);
                for (int i = 0; i < sides.size(); i++)
                {
                    playSlice(sides.get(i), bytes, logs.get(i));
                }
                done += bytes;
                tell(done);
            }
            for (final AppendSide side : sides)
            {
                side.closeAndCheck();
            }
        }
        finally
        {
            sides.forEach(AppendSide::close);
            directories.forEach(output::discard);
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
        for (int i = 0; i < sides.size(); i++)
        {
            if (sides.get(i).name().equals(side))
            {
                return logs.get(i);
            }
        }
        throw new IllegalArgumentException("no side " + side);
    }

    /** @return of all sides. */
    List<StallLog> logs()
    {
        return logs;
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

    private void warmUp()
    {
        for (final AppendSide side : sides)
        {
            // Recorded and thrown away: the recording must be compiled too.
            playSlice(side, setting.warmUpBytes(), new StallLog(side.name(), side.recordLength(), originNs));
            logs.add(new StallLog(side.name() + "." + label(), side.recordLength(), originNs));
        }
    }

    private void playSlice(final AppendSide side, final long bytes, final StallLog log)
    {
        // What others left behind must not be collected in this slice.
        System.gc();
        PacedAppends.run(side, setting.rate(), Math.max(bytes / side.recordLength(), 1), log);
    }

    private void tell(final long done)
    {
        progress.printf("F3 %s files, %.2f of %.2f GB each, stalls > 1 ms so far:",
            label(), done / BYTES_PER_GB, setting.bytes() / BYTES_PER_GB);
        for (int i = 0; i < sides.size(); i++)
        {
            progress.printf(" %s %d", sides.get(i).name(), logs.get(i).stalls());
        }
        progress.println();
    }

    private Path directory(final String name)
    {
        final Path directory = output.scratch(name);
        directories.add(directory);
        return directory;
    }
}
