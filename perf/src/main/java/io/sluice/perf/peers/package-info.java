/**
 * Sluice beside its peers: servers, libraries and what one wires by hand, each fed with the same events by one
 * publisher and read by one consumer, and compared with Sluice at the same durability only. Nothing here is used by
 * another package but {@link io.sluice.perf.peers.PeersCommand}.
 *
 * <pre>
 *   PeersRun ──► PeerPlay ──► Peer ──► server or library ──► ArrivalCheck
 *      │         warm-up, waiting, unbatched, batched, schedule      │
 *      ▼                                                             ▼
 *   PeerComparison ◄──────────────── rates and latency of the peer and of Sluice
 * </pre>
 */
package io.sluice.perf.peers;
