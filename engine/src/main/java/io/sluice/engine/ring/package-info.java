/**
 * The four priority rings: who may put how much into them, where the bytes lie, and in what order they are served.
 * Internal to the engine; the only package that extends Disruptor types.
 *
 * <pre>
 *   claim (exact limit) ─► slot: header + record, or record in the arena ─► publish
 *        PriorityRing × 4  ─────────────────────────────────────────────►  PriorityWheel picks the next ring to serve
 *   positions of a ring:  published ≥ sequenced ≥ routed ≥ handled
 * </pre>
 */
package io.sluice.engine.ring;
