package io.sluice.journal;

import java.nio.file.Path;
import java.util.List;

/**
 * What the archiver of a journal did in this run.
 *
 * @param files     in the archive now.
 * @param bytes     of them.
 * @param archived  files compressed.
 * @param expired   events removed by retention.
 * @param held      files that readers hold back now.
 * @param failures  times that something went wrong; a file that had to be left is tried again after an hour.
 * @param lastError the newest of these; empty if there was none.
 */
public record ArchiveStatus(
    long files, long bytes, long archived, long expired, long held, long failures, String lastError)
{
    /** Nothing was done yet. */
    public static final ArchiveStatus NONE = new ArchiveStatus(0, 0, 0, 0, 0, 0, "");

    ArchiveStatus after(final ArchiveAction action)
    {
        switch (action.kind())
        {
            case ARCHIVED:
                return new ArchiveStatus(files, bytes, archived + 1, expired, held, failures, lastError);

            case REMOVED:
            case PRUNED:
                return new ArchiveStatus(files, bytes, archived, expired + action.events(), held, failures, lastError);

            case FAILED:
                return failed(action.file() + ": " + action.text());

            default:
                return this;
        }
    }

    ArchiveStatus after(final ArchiveReport report, final List<Path> archive)
    {
        return new ArchiveStatus(
            archive.size(),
            archive.stream().mapToLong((file) -> file.toFile().length()).sum(),
            archived,
            expired,
            report.count(ArchiveAction.Kind.HELD),
            failures,
            lastError);
    }

    ArchiveStatus failed(final String error)
    {
        return new ArchiveStatus(files, bytes, archived, expired, held, failures + 1, error);
    }
}
