package io.sluice.journal;

/**
 * What opening a journal found.
 *
 * @param lastSequence    of the last record, 0 if there is none.
 * @param lastJournalTime of the last record, nanoseconds since 1970 UTC, 0 if there is none.
 * @param recordsScanned  records read and checked.
 * @param tornBytes       bytes of a write that a crash cut short; they were cleared, nobody was told that they are
 *                        journaled.
 * @param cleanStop       true if the last run ended in order, or there was none.
 * @param elapsedNs       time that it took.
 */
public record RecoveryReport(
    long lastSequence,
    long lastJournalTime,
    long recordsScanned,
    long tornBytes,
    boolean cleanStop,
    long elapsedNs)
{
}
