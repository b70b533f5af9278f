package io.sluice.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What registered readers had not read when retention removed it because it was told not to wait for them, in {@code
 * control/missed}, one line for each reader.
 */
final class MissedRanges
{
    /**
     * What one reader missed; some events in between may still be there.
     *
     * @param reader name of it.
     * @param first  sequence that it missed.
     * @param last   sequence that it missed.
     */
    record Range(String reader, long first, long last)
    {
    }

    private final DataDirectory directory;

    MissedRanges(final DataDirectory directory)
    {
        this.directory = directory;
    }

    /**
     * @param positionFile of a reader.
     * @param sequence     that it has read last.
     * @return what it missed behind that, or null.
     * @throws DataDirectoryException if that can't be said, because a line is damaged.
     */
    Range find(final Path positionFile, final long sequence) throws IOException
    {
        final Path parent = positionFile.toAbsolutePath().getParent();
        final Path positions = directory.positions();
        if (!Files.isDirectory(positions) || !Files.isSameFile(positions, parent))
        {
            return null;
        }
        final String reader = ControlFile.word(positionFile.getFileName().toString());
        for (final Range range : read())
        {
            if (range.reader().equals(reader) && range.last() > sequence)
            {
                return new Range(reader, Math.max(range.first(), sequence + 1), range.last());
            }
        }
        return null;
    }

    /**
     * Note what a reader misses.
     *
     * @param reader   name of it.
     * @param position sequence that it has read last.
     * @param first    sequence that goes.
     * @param last     sequence that goes.
     * @param force    to the device.
     * @throws DataDirectoryException if what was noted before is damaged; nothing was changed.
     */
    void add(
        final String reader, final long position, final long first, final long last, final DeviceForce force)
        throws IOException
    {
        final String name = ControlFile.word(reader);
        final List<String> lines = new ArrayList<>();
        long least = Math.max(first, position + 1);
        long greatest = last;
        for (final Range range : read())
        {
            if (range.reader().equals(name))
            {
                // What lies before its present position it has read, or was told of.
                least = range.last() <= position ? least : Math.min(range.first(), least);
                greatest = Math.max(greatest, range.last());
            }
            else
            {
                lines.add(lineOf(range));
            }
        }
        lines.add(lineOf(new Range(name, least, greatest)));
        ControlFile.replace(ControlFileKind.MISSED.in(directory), lines, force);
    }

    private List<Range> read() throws IOException
    {
        final List<Range> ranges = new ArrayList<>();
        for (final String line : ControlFileKind.MISSED.readSound(directory))
        {
            ranges.add(new Range(
                ControlFile.valueOf(line, "reader"),
                ControlFile.longOf(line, "first"),
                ControlFile.longOf(line, "last")));
        }
        return ranges;
    }

    private static String lineOf(final Range range)
    {
        return "missed reader=" + range.reader() + " first=" + range.first() + " last=" + range.last();
    }
}
