/**
 * What limits publishers: what happens where there is no room, how many events a second they may publish, who is told
 * when it gets tight, and how much memory all of it may take.
 *
 * <pre>
 *   publish ─► rate of the publisher, of the type ─► ring has room? ──yes──► accepted
 *                TokenBucket: refuse, or wait              │no
 *                                                          ▼ OverflowPolicy of the priority
 *                                            REJECT · DROP_NEWEST · BLOCK: RoomQueue, first come first served
 * </pre>
 *
 * Hosts use {@link io.sluice.engine.admission.OverflowPolicy}, {@link io.sluice.engine.admission.RateLimit} and {@link
 * io.sluice.engine.admission.PressureListener}, and where they keep events in memory themselves {@link
 * io.sluice.engine.admission.GrowingMemory}; the rest is the engine's own.
 */
package io.sluice.engine.admission;
