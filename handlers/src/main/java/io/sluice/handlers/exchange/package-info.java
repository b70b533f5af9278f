/**
 * Events between journals and files of other programs: NDJSON, CloudEvents, CSV, Parquet, and formats that users add.
 *
 * <pre>
 *                           EventFormats ─► EventFormat
 *                                            │       │
 *   journal ─► JournalExport ─► EventOutput ◄┘       └► EventInput ─► JournalImport ─► journal
 *                    │                                                    │
 *              FILE.checkpoint                               positions/import/FILE-…
 * </pre>
 *
 * Whoever embeds Sluice calls {@link io.sluice.handlers.exchange.JournalExport} and {@link
 * io.sluice.handlers.exchange.JournalImport}; whoever has a format of their own implements {@link
 * io.sluice.handlers.exchange.EventFormat}. The libraries that CSV and Parquet need are optional dependencies.
 */
package io.sluice.handlers.exchange;
