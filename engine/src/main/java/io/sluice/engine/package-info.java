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
 * <p>A subscription that the rings do not serve is served from the journal, on threads beside the path of events:
 *
 * <pre>
 *   journal ─► DeliveryAgent ─► JournalFeed ─► DeliverySlot ─► EventHandler
 *                  └─ LiveGate: from the rings to the journal and back
 *   a handler throws ─► retry log ─► Retries: once more, in the end a dead letter
 * </pre>
 *
 * <p>Each stage polls the rings in the order of a {@link io.sluice.engine.ring.PriorityWheel};
 * {@link io.sluice.engine.ThreadingMode} says which thread runs it. A slot is free again when its event is handled.
 *
 * <p>Hosts use the public types of this package and of {@code telemetry}, {@code admission}, {@code failure}, {@code
 * deadletter} and {@code stream}; other processes those of {@code control}. {@code ring}, {@code dedup} and {@code
 * delivery}, the files of durable subscriptions, are the engine's own. {@code batch} and {@code rule} are not used by
 * it yet.
 */
package io.sluice.engine;
