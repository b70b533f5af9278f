package io.sluice.journal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What opening a journal found.
 *
 * @param lastSequence    of the last record, 0 if there is none.
 * @param lastJournalTime of the last record, nanoseconds since 1970 UTC, 0 if there is none.
 * @param recordsScanned  records read and checked.
 * @param tornBytes       bytes behind the end of the journal that were cleared: of a write that a crash cut short, or
 *                        of what a power loss left without a connection to what lies before. Nobody was told that they
 *                        are synced, and after the crash of a process nobody was told that they are journaled.
 * @param cleanStop       true if the last run ended in order, or there was none.
 * @param powerLoss       true if the last run did not end in order and the machine was started again since, or may have
 *                        been: the end of the journal was found by reading on from the synced watermark.
 * @param quarantine      where what was taken out of the journal was put first, null if nothing was.
 * @param actions         what was put aside, cleared and written anew, one sentence each; empty after the crash of a
 *                        process.
 * @param runEnds         by run id, for every earlier run that the run log knows: the sequence up to which the journal
 *                        is what that run saw. A power loss took what lay above, and later runs gave those sequences
 *                        again; a position that was stored in that run holds no further.
 * @param elapsedNs       time that it took.
 */
public record RecoveryReport(
    long lastSequence,
    long lastJournalTime,
    long recordsScanned,
    long tornBytes,
    boolean cleanStop,
    boolean powerLoss,
    Path quarantine,
    List<String> actions,
    Map<Long, Long> runEnds,
    long elapsedNs)
{
}
