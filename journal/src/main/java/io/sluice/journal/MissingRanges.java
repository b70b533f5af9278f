package io.sluice.journal;

import io.sluice.archive.ArchiveCoverage;
import io.sluice.archive.ArchiveDamagedException;
import io.sluice.archive.ArchiveReader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/**
 * Why sequences are not in the journal: a repair wrote them off, or retention removed them. Retention leaves its traces
 * in two places, in {@code control/expired} for files that are gone and in the archive files that it pruned. A picture
 * of one moment; not thread-safe.
 */
final class MissingRanges
{
    /** Why a sequence is not there. */
    enum Reason
    {
        /** Damage took it. */
        LOST,
        /** Its term was over. */
        EXPIRED,
        /** Nobody knows: a gap. */
        UNKNOWN
    }

    /** Receives ranges of one reason each. */
    @FunctionalInterface
    interface Listener
    {
        /**
         * A range.
         *
         * @param reason of all of it.
         * @param first  sequence.
         * @param last   sequence.
         */
        void onRange(Reason reason, long first, long last);
    }

    private final List<LostRanges.Range> lost;
    private final List<ExpiredRanges.Range> expired;

    private MissingRanges(final List<LostRanges.Range> lost, final List<ExpiredRanges.Range> expired)
    {
        this.lost = lost;
        this.expired = expired;
    }

    static MissingRanges read(final DataDirectory directory, final JournalFiles files) throws IOException
    {
        final List<ExpiredRanges.Range> expired = new ArrayList<>();
        for (final JournalFile file : files.list())
        {
            if (file.isArchived())
            {
                addPruned(files, file, expired);
            }
        }
        // After the files: one that is gone by now was noted before.
        expired.addAll(new ExpiredRanges(directory).read());
        return new MissingRanges(new LostRanges(directory).read(), ExpiredRanges.merge(expired));
    }

    /** @return the first sequence of a stretch of missing ones that has no reason, or {@code last + 1}. */
    long firstUnknown(final long first, final long last)
    {
        long at = first;
        while (at <= last)
        {
            final Reason reason = reasonOf(at);
            if (reason == Reason.UNKNOWN)
            {
                return at;
            }
            at = endOf(reason, at, last) + 1;
        }
        return last + 1;
    }

    /** Split a stretch of missing sequences by reason, in order. */
    void explain(final long first, final long last, final Listener listener)
    {
        long at = first;
        while (at <= last)
        {
            final Reason reason = reasonOf(at);
            final long end = endOf(reason, at, last);
            listener.onRange(reason, at, end);
            at = end + 1;
        }
    }

    /** @return sequences that a repair wrote off. */
    List<LostRanges.Range> lost()
    {
        return lost;
    }

    /** @return the highest sequence that a repair wrote off, 0 if there is none. */
    long highestLost()
    {
        return LostRanges.highest(lost);
    }

    private static void addPruned(
        final JournalFiles files, final JournalFile file, final List<ExpiredRanges.Range> expired)
    {
        try (ArchiveReader reader = files.openArchive(file))
        {
            final ArchiveCoverage coverage = reader.summary().coverage();
            if (coverage.pruned())
            {
                expired.add(new ExpiredRanges.Range(coverage.first(), coverage.last()));
            }
        }
        catch (final NoSuchFileException | ArchiveDamagedException ex)
        {
            // Gone: noted elsewhere. Damaged: it explains nothing, and whoever reads it says so.
            return;
        }
    }

    private Reason reasonOf(final long sequence)
    {
        if (LostRanges.firstNotLost(lost, sequence, sequence) > sequence)
        {
            return Reason.LOST;
        }
        final int index = lastStartingAtOrBelow(sequence);
        return index >= 0 && expired.get(index).last() >= sequence ? Reason.EXPIRED : Reason.UNKNOWN;
    }

    private long endOf(final Reason reason, final long at, final long last)
    {
        if (reason == Reason.LOST)
        {
            return LostRanges.firstNotLost(lost, at, last) - 1;
        }
        final long end = LostRanges.firstLostAfter(lost, at, last) - 1;
        final int index = lastStartingAtOrBelow(at);
        if (reason == Reason.EXPIRED)
        {
            return Math.min(end, expired.get(index).last());
        }
        return index + 1 < expired.size() ? Math.min(end, expired.get(index + 1).first() - 1) : end;
    }

    private int lastStartingAtOrBelow(final long sequence)
    {
        int low = -1;
        int high = expired.size();
        while (high - low > 1)
        {
            final int middle = (low + high) >>> 1;
            if (expired.get(middle).first() <= sequence)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }
}
