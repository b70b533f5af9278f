package io.sluice.journal;

import java.util.List;

/**
 * What happened to a closed file.
 *
 * @param kind        of it.
 * @param file        name of the file.
 * @param first       sequence that it stands for; 0 if not known.
 * @param last        sequence that it stands for; 0 if not known.
 * @param events      that were moved ({@link Kind#ARCHIVED}), or that retention removed, or would have.
 * @param bytes       that the file had.
 * @param storedBytes that it has now.
 * @param readers     that hold it back ({@link Kind#HELD}).
 * @param text        what is wrong ({@link Kind#FAILED}); empty otherwise.
 */
public record ArchiveAction(
    Kind kind,
    String file,
    long first,
    long last,
    long events,
    long bytes,
    long storedBytes,
    List<String> readers,
    String text)
{
    /** What happened. */
    public enum Kind
    {
        /** Compressed into the archive. */
        ARCHIVED,
        /** All its events had expired: it is gone. */
        REMOVED,
        /** Some of its events had expired: it was written again without them. */
        PRUNED,
        /** Events in it have expired, but readers have not passed it. */
        HELD,
        /** It was left as it is. */
        FAILED
    }
}
