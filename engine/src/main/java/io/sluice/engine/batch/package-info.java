/**
 * Events in batches, and which events go into them.
 *
 * <pre>
 *                 ModeSelector: immediate or batched?
 *                      │ batched
 *   feeder ──► BatchAccumulator ──► open batch per type ──► sealed batches ──► poll ──► BatchHandler ──► complete
 *              │ offer, onTime        │ full, due,            (bounded)        workers, one batch of a type at a time
 *              │                      │ CRITICAL, flush                                   │
 *              ◄──────────────────────┴───────────── free batches ◄───────────────────────┘
 * </pre>
 *
 * Users set up a {@link io.sluice.engine.batch.BatchPolicy} and a {@link io.sluice.engine.batch.ModeTable}, and write a
 * {@link io.sluice.engine.batch.BatchHandler}, which sees an {@link io.sluice.engine.batch.EventBatch}; they may write
 * a {@link io.sluice.engine.batch.StateMerger}. {@link io.sluice.engine.batch.BatchAccumulator},
 * {@link io.sluice.engine.batch.SealedBatch} and {@link io.sluice.engine.batch.ModeSelector} are the engine's own.
 */
package io.sluice.engine.batch;
