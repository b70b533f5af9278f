package io.sluice.perf.peers;

import java.util.List;
import java.util.function.Supplier;

/** All peers, by class of durability. */
final class PeerCatalogue
{
    private PeerCatalogue()
    {
    }

    /** @return makers of peers; each peer is played once. */
    static List<Supplier<Peer>> all()
    {
        return List.of(
            GuavaPeer::new,
            VertxPeer::new,
            () -> new ArtemisPeer(DurabilityClass.NONE),
            HandWiredPeer::new,
            () -> new QueueFilePeer(false),
            () -> new AeronPeer(0),
            () -> new ArtemisPeer(DurabilityClass.PROCESS),
            () -> new KafkaPeer(false),
            () -> new RedisPeer(false),
            () -> new NatsPeer(false),
            () -> new QueueFilePeer(true),
            () -> new AeronPeer(1),
            () -> new ArtemisPeer(DurabilityClass.POWER),
            () -> new KafkaPeer(true),
            () -> new RedisPeer(true),
            () -> new NatsPeer(true));
    }
}
