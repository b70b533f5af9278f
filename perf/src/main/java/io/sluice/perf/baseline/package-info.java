/**
 * What Sluice is measured against: Disruptor and Chronicle Queue used directly, as a good programmer would wire
 * them by hand. Each checks what it wrote by reading it back.
 *
 * <pre>
 *   BareChronicleLoop   loop ──► append, Chronicle's own default queue
 *   HandWiredPipeline   publisher ──► Disruptor ring ──► [CRC32C] ──► append [on prepared pages] ──► listener
 *   BareDisruptor       publisher ──► Disruptor ring ──► counter
 * </pre>
 */
package io.sluice.perf.baseline;
