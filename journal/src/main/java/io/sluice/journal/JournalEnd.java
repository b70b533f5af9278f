package io.sluice.journal;

import java.nio.file.Path;

/**
 * Where a journal ends.
 *
 * @param file          the last one with records, null if there is none.
 * @param isSealed      true if it is closed by the mark of a roll.
 * @param position      in it, where the next excerpt goes.
 * @param fileStartTime journal time of its first record.
 * @param sequence      of the last record; less than the last sequence given where a repair wrote off the end.
 * @param journalTime   of the last record.
 */
record JournalEnd(
    Path file, boolean isSealed, long position, long fileStartTime, long sequence, long journalTime)
{
    static final JournalEnd EMPTY = new JournalEnd(null, false, 0, 0, 0, 0);
}
