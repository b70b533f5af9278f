package io.sluice.perf.query;

/**
 * How much to ask.
 *
 * @param events       of the journal.
 * @param lookUps      of each kind.
 * @param ranges       queries over a time range.
 * @param lagSeconds   of the live run.
 * @param isWithSqlite true to ask SQLite too.
 */
record QuerySettings(int events, int lookUps, int ranges, int lagSeconds, boolean isWithSqlite)
{
}
