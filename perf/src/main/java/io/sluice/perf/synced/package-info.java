/**
 * {@code perf synced}: what it costs to have events on the device (F6).
 *
 * <pre>
 *   SyncedRun ──► SyncedSides ─┬─► ForceLoop            write, fdatasync, over and over
 *                              ├─► WaitingPublishers ─┐
 *                              ├─► ScheduledPublisher ┴─► LaneEngine ──► Lane
 *                              ├─► MeasuredEngine       a stream, until the watermark has passed its end
 *                              └─► AeronRecording       the same stream into Aeron Archive
 * </pre>
 *
 * Each side reads back what it wrote before its figure counts.
 */
package io.sluice.perf.synced;
