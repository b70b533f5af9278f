package io.sluice.journal;

import java.io.IOException;
import java.nio.file.Path;
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

    private final Path path;

    ExpiredRanges(final DataDirectory directory)
    {
        path = directory.control().resolve("expired");
    }

    List<Range> read() throws IOException
    {
        final List<Range> ranges = new ArrayList<>();
        for (final String line : ControlFile.read(path).lines())
        {
            ranges.add(new Range(ControlFile.longOf(line, "first"), ControlFile.longOf(line, "last")));
        }
        return merge(ranges);
    }

    void add(final long first, final long last, final DeviceForce force) throws IOException
    {
        final List<Range> ranges = read();
        ranges.add(new Range(first, last));
        final List<String> lines = new ArrayList<>();
        for (final Range range : merge(ranges))
        {
            lines.add("expired first=" + range.first() + " last=" + range.last());
        }
        ControlFile.replace(path, lines, force);
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
