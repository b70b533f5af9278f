package io.sluice.handlers.exchange;

/**
 * What an import did, what it had done before it was resumed included.
 *
 * @param records    that were read, bad ones included.
 * @param imported   events that were journaled; of a dry run, that would be.
 * @param known      events that were left out because their id is in the journal.
 * @param duplicates events that were left out because they say that they repeat another one.
 * @param filtered   events that the filter did not pick.
 * @param bad        records that are no events.
 * @param kept       among the imported ones, those that were journaled as duplicates.
 */
public record ImportResult(
    long records, long imported, long known, long duplicates, long filtered, long bad, long kept)
{
}
