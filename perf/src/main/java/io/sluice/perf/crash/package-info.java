/**
 * Kills engines and counts what they lose. The parent process never dies: it keeps the ledger of what children
 * said they published, got acknowledged and handled, and compares it with the journal that a restarted child has
 * recovered.
 *
 * <pre>
 *   CrashRun ──► ChildProcess ══ stdin: commands ══► CrashChild (engine, publishers, handler)
 *      │             ▲                                   │
 *      │             ╚══════ stdout: frames ═════════════╝   what is in the pipe survives the child
 *      ├─► Ledger ─────────┐
 *      └─► JournalImage ───┴─► LedgerCheck ──► CrashFindings
 * </pre>
 *
 * The truth of the ledger rests on numbers that the harness itself puts into ids and payloads ({@code
 * CrashEvent}), never on anything that the engine counts.
 */
package io.sluice.perf.crash;
