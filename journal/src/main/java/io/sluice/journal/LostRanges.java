package io.sluice.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * Sequences that damage took and that a repair wrote off, in {@code control/lost}. They are never given again. A range
 * may include sequences that were never assigned, where the damage left no way to tell.
 */
final class LostRanges
{
    /**
     * One range.
     *
     * @param first  sequence in it.
     * @param last   sequence in it.
     * @param timeNs of the repair.
     * @param file   of the journal that was damaged.
     */
    record Range(long first, long last, long timeNs, String file)
    {
    }

    private final DataDirectory directory;

    LostRanges(final DataDirectory directory)
    {
        this.directory = directory;
    }

    List<Range> read() throws IOException
    {
        return parse(ControlFileKind.LOST.read(directory).lines());
    }

    /**
     * Read for appending: a sequence that was written off must not be given again.
     *
     * @throws DataDirectoryException if a line is damaged.
     */
    List<Range> readSound() throws IOException
    {
        return parse(ControlFileKind.LOST.readSound(directory));
    }

    private static List<Range> parse(final List<String> lines)
    {
        final List<Range> ranges = new ArrayList<>();
        for (final String line : lines)
        {
            ranges.add(new Range(
                ControlFile.longOf(line, "first"),
                ControlFile.longOf(line, "last"),
                ControlFile.longOf(line, "time"),
                ControlFile.valueOf(line, "file")));
        }
        return ranges;
    }

    void add(final Range range, final DeviceForce force) throws IOException
    {
        Files.createDirectories(directory.control());
        ControlFile.append(
            ControlFileKind.LOST.in(directory),
            "lost first=" + range.first() + " last=" + range.last() + " time=" + range.timeNs() +
            " file=" + ControlFile.word(range.file()),
            force);
    }

    static long highest(final List<Range> ranges)
    {
        long highest = 0;
        for (final Range range : ranges)
        {
            highest = Math.max(highest, range.last());
        }
        return highest;
    }

    /**
     * @param ranges of lost sequences.
     * @param from   first missing sequence.
     * @param to     last missing sequence.
     * @return the first sequence from {@code from} to {@code to} that was not written off, or {@code to + 1}.
     */
    static long firstNotLost(final List<Range> ranges, final long from, final long to)
    {
        long at = from;
        boolean moved = true;
        while (moved && at <= to)
        {
            moved = false;
            for (final Range range : ranges)
            {
                if (range.first() <= at && at <= range.last())
                {
                    at = range.last() + 1;
                    moved = true;
                }
            }
        }
        return Math.min(at, to + 1);
    }

    /**
     * @param ranges of lost sequences.
     * @param from   a sequence that was not written off.
     * @param to     last sequence to look at.
     * @return the first sequence above {@code from} that was written off, or {@code to + 1}.
     */
    static long firstLostAfter(final List<Range> ranges, final long from, final long to)
    {
        long first = to + 1;
        for (final Range range : ranges)
        {
            if (range.first() > from && range.first() < first)
            {
                first = range.first();
            }
        }
        return first;
    }
}
