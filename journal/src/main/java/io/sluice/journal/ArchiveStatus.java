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
 * @param failures  looks at the files in which something went wrong.
 * @param lastError the newest of these; empty if there was none.
 */
public record ArchiveStatus(
    long files, long bytes, long archived, long expired, long held, long failures, String lastError)
{
    /** Nothing was done yet. */
    public static final ArchiveStatus NONE = new ArchiveStatus(0, 0, 0, 0, 0, 0, "");

    ArchiveStatus after(final ArchiveReport report, final List<Path> archive)
    {
        String error = lastError;
        for (final ArchiveAction action : report.actions())
        {
            error = action.kind() == ArchiveAction.Kind.FAILED ? action.file() + ": " + action.text() : error;
        }
        return new ArchiveStatus(
            archive.size(),
            archive.stream().mapToLong((file) -> file.toFile().length()).sum(),
            archived + report.count(ArchiveAction.Kind.ARCHIVED),
            expired + report.events(ArchiveAction.Kind.REMOVED) + report.events(ArchiveAction.Kind.PRUNED),
            report.count(ArchiveAction.Kind.HELD),
            failures + (report.isSound() ? 0 : 1),
            error);
    }

    ArchiveStatus failed(final String error)
    {
        return new ArchiveStatus(files, bytes, archived, expired, held, failures + 1, error);
    }
}
