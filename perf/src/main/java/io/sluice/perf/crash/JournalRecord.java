package io.sluice.perf.crash;

import io.sluice.event.Verdict;

/**
 * One record as found in a journal, reduced to the harness's own numbers.
 *
 * @param sequence         of the record.
 * @param idKey            of its id, {@link CrashEvent#UNKNOWN} if the harness never made it.
 * @param contentKey       of type, source and payload, unknown if a single byte differs.
 * @param verdict          as journaled.
 * @param originalSequence as journaled.
 * @param journalTimeNs    as journaled.
 */
record JournalRecord(
    long sequence, long idKey, long contentKey, Verdict verdict, long originalSequence, long journalTimeNs)
{
}
