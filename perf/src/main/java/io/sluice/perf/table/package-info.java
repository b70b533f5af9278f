/**
 * {@code perf table}: latency percentiles of each priority at each load, durability and threading mode.
 *
 * <pre>
 *   TableCommand ──► TableRun ──► CellPlay: an engine for each cell, open loop ──► CellResult ──► figures
 *                                                                                                    │
 *                     terminal, Markdown, page ◄── TableGroups (read from the figures again) ◄───────┘
 * </pre>
 *
 * <p>Two times are told for an event, both from its intended time of publishing: until its handler has it, and until it
 * is acknowledged. What these mean depends on the durability, see {@link io.sluice.perf.table.TableDurability}. An
 * event that the engine refuses is counted and gone: the generator goes on with the next at its intended time.
 */
package io.sluice.perf.table;
