package io.sluice.journal;

import io.sluice.event.EventFlyweight;
import java.nio.file.Path;
import java.util.List;

/** Ends a scan at the first thing that is not what was written, with an error that says what to do. */
final class FailOnDamage implements CycleScan.Listener
{
    private final List<LostRanges.Range> lost;

    FailOnDamage(final List<LostRanges.Range> lost)
    {
        this.lost = lost;
    }

    static DataDirectoryException damaged(
        final Path file, final long offset, final long sequence, final String text)
    {
        return new DataDirectoryException(
            DirectoryState.DAMAGED,
            file + " is damaged at offset " + offset + ", after sequence " + sequence + ": " + text +
            ". Nothing was changed. Run `sluice verify` for the whole picture, then `sluice repair --quarantine`");
    }

    @Override
    public void onRecord(final EventFlyweight event, final long excerptPosition)
    {
    }

    @Override
    public void onDamage(final Path file, final long offset, final long sequence, final String text)
    {
        throw damaged(file, offset, sequence, text);
    }

    @Override
    public void onGap(final Path file, final long offset, final long first, final long last)
    {
        if (LostRanges.firstNotLost(lost, first, last) <= last)
        {
            throw damaged(file, offset, first - 1, "sequences " + first + " to " + last + " are missing");
        }
    }
}
