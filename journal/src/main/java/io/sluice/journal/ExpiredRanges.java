package io.sluice.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Sequences whose files retention removed, in {@code control/expired}: ranges in order, those that touch are one. So
 * the file has at most one line more than the journal has files. Noted, and forced, before a file goes.
 */
final class ExpiredRanges
{
    /**
     * One range.
     *
     * @param first sequence in it.
     * @param last  sequence in it.
     */
    record Range(long first, long last)
    {
    }

    private final DataDirectory directory;

    ExpiredRanges(final DataDirectory directory)
    {
        this.directory = directory;
    }

    List<Range> read() throws IOException
    {
        return merge(parse(ControlFileKind.EXPIRED.read(directory).lines()));
    }

    private static List<Range> parse(final List<String> lines)
    {
        final List<Range> ranges = new ArrayList<>();
        for (final String line : lines)
        {
            ranges.add(new Range(ControlFile.longOf(line, "first"), ControlFile.longOf(line, "last")));
        }
        return ranges;
    }

    /**
     * Note a range.
     *
     * @throws DataDirectoryException if what was noted before is damaged; nothing was changed.
     */
    void add(final long first, final long last, final DeviceForce force) throws IOException
    {
        final List<Range> ranges = parse(ControlFileKind.EXPIRED.readSound(directory));
        ranges.add(new Range(first, last));
        final List<String> lines = new ArrayList<>();
        for (final Range range : merge(ranges))
        {
            lines.add("expired first=" + range.first() + " last=" + range.last());
        }
        ControlFile.replace(ControlFileKind.EXPIRED.in(directory), lines, force);
    }

    /** @return the same sequences in order, in as few ranges as possible. */
    static List<Range> merge(final List<Range> ranges)
    {
        ranges.sort((a, b) -> Long.compare(a.first(), b.first()));
        final List<Range> merged = new ArrayList<>();
        for (final Range range : ranges)
        {
            final Range before = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (before != null && range.first() <= before.last() + 1)
            {
                merged.set(merged.size() - 1, new Range(before.first(), Math.max(before.last(), range.last())));
            }
            else if (range.first() <= range.last())
            {
                merged.add(range);
            }
        }
        return merged;
    }
}
