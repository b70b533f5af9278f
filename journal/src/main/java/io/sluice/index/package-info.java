/**
 * Where events of a journal lie, by their ids, correlations, causes, sessions, workflows and aggregates, and what they
 * are: type, source, priority, category, times.
 *
 * <pre>
 *   journal ──► JournalIndexer ──► index/0000000000262144.zones      the segment that grows, zone by zone
 *               (a tailer)         index/0000000000000000.segment    the complete ones, sorted
 *                                    │
 *                                    ▼
 *                                  JournalIndex ──► ordinals of events that may match ──► JournalRecords
 * </pre>
 *
 * The index never says what an event holds, only where to look: whoever asks reads the records and decides by them. So
 * an index that is behind, damaged or missing makes answers slow and never wrong, and it may be deleted at any time.
 */
package io.sluice.index;
