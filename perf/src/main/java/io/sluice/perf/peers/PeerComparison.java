package io.sluice.perf.peers;

import io.sluice.perf.measure.Spread;
import io.sluice.perf.report.Figure;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** A peer and Sluice beside it, all rounds. Not thread-safe. */
final class PeerComparison
{
    private static final double LEAST_LATENCY = 10;
    private static final double LEAST_UNBATCHED = 10;
    private static final double LEAST_BATCHED = 2;

    private final String name;
    private final DurabilityClass durability;
    private final boolean isBroker;
    private final PeerSide peer;
    private final PeerSide sluice;
    private String missing = "";
    private String failure = "";

    PeerComparison(final Peer peer, final int rounds)
    {
        name = peer.name();
        durability = peer.durability();
        isBroker = peer.isBroker();
        this.peer = new PeerSide(rounds);
        sluice = new PeerSide(rounds);
    }

    boolean isOf(final Peer other)
    {
        return name.equals(other.name());
    }

    void add(final int round, final PeerPlay.Result result, final PeerPlay.Result beside)
    {
        peer.add(round, result);
        sluice.add(round, beside);
    }

    void skip(final String reason)
    {
        missing = reason;
    }

    void fail(final String reason)
    {
        failure = reason;
    }

    /** @return true once it makes no sense to go on: the peer is missing, or has failed. */
    boolean isOver()
    {
        return !missing.isEmpty() || !failure.isEmpty();
    }

    boolean hasFailed()
    {
        return !failure.isEmpty();
    }

    boolean isBroker()
    {
        return isBroker;
    }

    DurabilityClass durability()
    {
        return durability;
    }

    String name()
    {
        return name;
    }

    PeerSide peer()
    {
        return peer;
    }

    PeerSide sluice()
    {
        return sluice;
    }

    String missing()
    {
        return missing;
    }

    void addHistograms(final List<Histogram> raw)
    {
        if (!isOver())
        {
            peer.latency().setTag(name);
            sluice.latency().setTag("sluice-beside-" + name);
            raw.add(peer.latency());
            raw.add(sluice.latency());
        }
    }

    /** @return all figures of this peer. */
    List<Figure> figures()
    {
        final String id = "F12/" + name;
        if (hasFailed())
        {
            return List.of(Figure.atMost(id, "peer of class " + durability.label(), Double.NaN, "", 0, Double.NaN, "")
                .failed(failure));
        }
        if (isOver())
        {
            return List.of(new Figure(id + "/skipped", "peer of class " + durability.label(), Double.NaN, "", "",
                Double.NaN, true, missing));
        }
        final List<Figure> figures = new ArrayList<>();
        figures.add(latency(id + "/p50", "median latency", peer.medians(), sluice.medians()));
        figures.add(latency(id + "/p99", "99th percentile of the latency", peer.tails(), sluice.tails()));
        figures.add(throughput(id, PublishMode.UNBATCHED, LEAST_UNBATCHED));
        figures.add(throughput(id, PublishMode.BATCHED, LEAST_BATCHED));
        figures.add(throughput(id, PublishMode.WAITING, 0));
        figures.add(Figure.detail(id + "/latency/p50", "latency at its load", peer.latencyUs(50.0), "us"));
        figures.add(Figure.detail(id + "/latency/p99.9", "latency at its load", peer.latencyUs(99.9), "us"));
        figures.add(Figure.detail(id + "/latency/max", "latency at its load", peer.latencyUs(100.0), "us"));
        figures.add(Figure.detail(id + "/beside/p50", "latency of Sluice at the same load", sluice.latencyUs(50.0),
            "us"));
        figures.add(Figure.detail(id + "/beside/p99.9", "latency of Sluice at the same load", sluice.latencyUs(99.9),
            "us"));
        figures.add(Figure.detail(id + "/beside/max", "latency of Sluice at the same load", sluice.latencyUs(100.0),
            "us"));
        figures.add(new Figure(id + "/settings", durability.label(), Double.NaN, "", "", Double.NaN, true,
            peer.settings()));
        return figures;
    }

    private Figure latency(final String id, final String what, final double[] ofPeer, final double[] ofSluice)
    {
        final Spread ratio = Spread.ratios(ofPeer, ofSluice);
        return judged(id, what + " of " + name + " / of Sluice at the same load, " + durability.label(), ratio,
            LEAST_LATENCY, Figure.plain(Spread.of(ofPeer).median()) + " us / " +
                Figure.plain(Spread.of(ofSluice).median()) + " us at " +
                Figure.plain(Spread.of(peer.loads()).median()) + "/s, " + ratio);
    }

    private Figure throughput(final String id, final PublishMode mode, final double least)
    {
        final Spread ratio = Spread.ratios(sluice.rates(mode), peer.rates(mode));
        return judged(id + "/" + mode.label(), "events/s of Sluice / of " + name + ", both " + mode.label() + ", " +
            durability.label(), ratio, least, Figure.plain(Spread.of(sluice.rates(mode)).median()) +
                "/s / " + Figure.plain(Spread.of(peer.rates(mode)).median()) + "/s, " + ratio);
    }

    // The targets are about brokers: a library without their work is no worse for being faster.
    private Figure judged(
        final String id,
        final String what,
        final Spread ratio,
        final double least,
        final String why)
    {
        return isBroker && least > 0 ?
            Figure.atLeast(id, what, ratio.median(), "x", least, Double.NaN, why) :
            new Figure(id, what, ratio.median(), "x", "", Double.NaN, true, why);
    }
}
