package io.sluice.journal;

import java.nio.file.Path;

/**
 * One file of a journal.
 *
 * @param cycle      its number; files are read in this order.
 * @param path       of it.
 * @param isArchived true if it lies in {@code archive/}, false for a Chronicle file in {@code journal/}.
 */
record JournalFile(int cycle, Path path, boolean isArchived)
{
}
