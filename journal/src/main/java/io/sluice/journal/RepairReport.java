package io.sluice.journal;

import java.nio.file.Path;
import java.util.List;

/**
 * What a repair did.
 *
 * @param quarantine    directory that keeps the damaged originals, null if there was nothing to repair.
 * @param files         damaged files, by the path they had.
 * @param recordsSaved  sound records that damaged files held and that are in the journal again, unchanged.
 * @param sequencesLost sequences written off, at most: where damage reaches the end of the journal, some may never have
 *                      been given.
 * @param actions       what was done, in words.
 */
public record RepairReport(
    Path quarantine,
    List<Path> files,
    long recordsSaved,
    long sequencesLost,
    List<String> actions)
{
}
