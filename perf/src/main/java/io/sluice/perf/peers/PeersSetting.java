package io.sluice.perf.peers;

import java.util.Set;

/**
 * How to measure.
 *
 * @param events     of each measurement of throughput, at most.
 * @param durationNs of each measurement, at most; of the latency, recorded.
 * @param rounds     of everything.
 * @param load       part of a peer's unbatched throughput at which its latency is measured.
 * @param only       names of the peers to measure; empty for all.
 */
record PeersSetting(int events, long durationNs, int rounds, double load, Set<String> only)
{
}
