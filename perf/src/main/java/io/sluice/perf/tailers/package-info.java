/**
 * {@code perf tailers}: what a hundred tailers in one process, each with a filter of its own, cost the events of the
 * engine beside them (a part of F11), once the processor time that they take is taken away.
 *
 * <pre>
 *   round:   nothing beside │ 100 members of a group beside │ a thread beside that burns as much time as the group did
 *            └──────────────────── the same engine, the same schedule of intended times ────────────────────┘
 * </pre>
 */
package io.sluice.perf.tailers;
