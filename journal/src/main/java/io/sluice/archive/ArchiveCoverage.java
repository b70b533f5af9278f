package io.sluice.archive;

/**
 * What an archive file stands for. Sequences from {@code first} to {@code last} that are not in a <i>pruned</i> file
 * have expired; in a file that is not pruned they were never there.
 *
 * @param cycle   name of the journal file that it came from.
 * @param first   first sequence that it stands for.
 * @param last    last sequence that it stands for.
 * @param pruned  true if retention took records out.
 * @param expired number of records that retention took out.
 */
public record ArchiveCoverage(String cycle, long first, long last, boolean pruned, long expired)
{
    /**
     * @throws IllegalArgumentException if the range is upside down or expired records stand in a file that is not
     * pruned.
     */
    public ArchiveCoverage
    {
        if (cycle == null || ArchiveFormat.utf8(cycle).length > ArchiveFormat.MAX_NAME_LENGTH)
        {
            throw new IllegalArgumentException("cycle=" + cycle + " must be a text of at most " +
                ArchiveFormat.MAX_NAME_LENGTH + " bytes");
        }
        if (first < 0 || last < first - 1)
        {
            throw new IllegalArgumentException("first=" + first + " and last=" + last + " are no range of sequences");
        }
        if (expired < 0 || expired > 0 && !pruned)
        {
            throw new IllegalArgumentException("expired=" + expired + " must be 0 in a file that is not pruned");
        }
    }

    /**
     * Everything that the journal file held.
     *
     * @param cycle name of the journal file.
     * @param first sequence.
     * @param last  sequence.
     * @return the coverage.
     */
    public static ArchiveCoverage complete(final String cycle, final long first, final long last)
    {
        return new ArchiveCoverage(cycle, first, last, false, 0);
    }

    /**
     * What retention has left.
     *
     * @param cycle   name of the journal file.
     * @param first   sequence that the file stands for.
     * @param last    sequence that the file stands for.
     * @param expired number of records that are gone.
     * @return the coverage.
     */
    public static ArchiveCoverage pruned(final String cycle, final long first, final long last, final long expired)
    {
        return new ArchiveCoverage(cycle, first, last, true, expired);
    }

    /**
     * @param sequence to look for.
     * @return true if the file stands for it.
     */
    public boolean covers(final long sequence)
    {
        return sequence >= first && sequence <= last;
    }
}
