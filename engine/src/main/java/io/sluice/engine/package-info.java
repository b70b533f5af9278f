/**
 * What happens between publish and handled. Start with {@link io.sluice.engine.Engine}.
 *
 * <pre>
 *   Publisher ─► Admission ─► PriorityRing × 4 ─► SequencingAgent ─► RoutingAgent ─► HandlingAgent ─► EventHandler
 *                                                   │ dedup, sequence,    │ RouteTable     │ PipelinePositions
 *                                                   ▼ journal             ▼                ▼
 *                                              EventAppender          Subscriptions    watermark per priority
 * </pre>
 *
 * Each stage polls the rings in the order of a {@link io.sluice.engine.ring.PriorityWheel};
 * {@link io.sluice.engine.ThreadingMode} says which thread runs it. A slot is free again when its event is handled.
 * Hosts use the public types of this package and
 * {@code io.sluice.engine.telemetry}; {@code ring} and {@code dedup} are the engine's own.
 */
package io.sluice.engine;
