/**
 * Streams: subscribers that fetch their events with a thread of their own, each from a bounded buffer of its own.
 *
 * <pre>
 *   engine ──► StreamFeed (one handler) ── matched once, copied once ──► StreamNode, shared by those that take it
 *                                               │ StreamQueue of each stream
 *                                               ▼
 *   subscriber's thread ◄── EventStream: poll, next, iterator, Flow.Publisher
 *                               ▲
 *   journal ──► CatchUp ────────┘ WAIT only, while its buffer had no room
 * </pre>
 *
 * The feed never waits for a subscriber and allocates nothing once the nodes that are needed are there. A subscriber
 * that is too slow has chosen what happens: it goes on from the journal, or loses the oldest with a notice, or is
 * ended. All buffers together stay within one bound of bytes, and take no more than the engine's memory has. Hosts use
 * the public types; everything else is this package's own.
 */
package io.sluice.engine.stream;
