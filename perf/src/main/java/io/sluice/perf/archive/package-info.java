/**
 * {@code perf archive}: how small closed files become, against the JSON form that the requirements give, on real git
 * history and on generated hook traffic; and which field takes what.
 *
 * <pre>
 *   ArchiveRun ──► EventFeed ──► engine ──► journal ──► archive
 *                  ├ GitFeed                  │            │
 *                  └ HookTraffic              └─► JournalPass ◄─┘   the same records, byte for byte
 * </pre>
 */
package io.sluice.perf.archive;
