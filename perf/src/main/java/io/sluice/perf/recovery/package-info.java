/**
 * {@code perf recovery}: how long it takes from the start of a JVM to the first handled event, in a new directory and
 * over a journal that grows (F10, F11), and what the engine holds in memory with its defaults (F10).
 *
 * <pre>
 *   StartArchive   of classes, so that the next start is quick, as ./sluice has one
 *   RecoveryRun ──► LineChild ══ lines ══► RecoveryChild (engine, one handler)
 *        └─► JournalCheck   what the children published is there
 * </pre>
 */
package io.sluice.perf.recovery;
