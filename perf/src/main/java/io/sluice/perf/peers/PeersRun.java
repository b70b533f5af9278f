package io.sluice.perf.peers;

import io.sluice.perf.measure.HiccupMeter;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * Plays each peer, and right after it Sluice in the same class of durability at the same load, round after round: what
 * the machine does to one it does to the other.
 */
final class PeersRun
{
    private static final double NS_PER_US = 1e3;

    private final RawOutput output;
    private final PrintStream progress;
    private final PeersSetting setting;
    private final List<Supplier<Peer>> peers;
    private Histogram hiccups = Histograms.create("hiccup");
    private String profile = "nothing was compared";

    PeersRun(
        final RawOutput output,
        final PrintStream progress,
        final PeersSetting setting,
        final List<Supplier<Peer>> peers)
    {
        this.output = output;
        this.progress = progress;
        this.setting = setting;
        this.peers = peers;
    }

    /** @return what was measured of each peer that was asked for, also of those that are missing or failed. */
    List<PeerComparison> run()
    {
        final List<PeerComparison> comparisons = new ArrayList<>();
        for (final Supplier<Peer> maker : peers)
        {
            final Peer peer = maker.get();
            if (setting.only().isEmpty() || setting.only().contains(peer.name()))
            {
                comparisons.add(new PeerComparison(peer, setting.rounds()));
            }
        }
        final List<Histogram> raw = new ArrayList<>();
        try (HiccupMeter meter = HiccupMeter.start())
        {
            for (int round = 0; round < setting.rounds(); round++)
            {
                for (final Supplier<Peer> maker : peers)
                {
                    final Peer peer = maker.get();
                    for (final PeerComparison comparison : comparisons)
                    {
                        if (comparison.isOf(peer))
                        {
                            compare(round, peer, comparison);
                        }
                    }
                }
            }
            hiccups = meter.stop();
            raw.add(hiccups);
        }
        for (final PeerComparison comparison : comparisons)
        {
            comparison.addHistograms(raw);
        }
        output.writeHistograms("peers", raw);
        return comparisons;
    }

    /** Say what a shortfall would be due to; after {@link #run()}. */
    void explain(final FigureReport report)
    {
        report.explain("F12", profile, String.format(Locale.ROOT,
            "what the machine does to a thread that only sleeps: woken late by %.0f us at p99, %.0f us at p99.9",
            hiccups.getValueAtPercentile(99.0) / NS_PER_US, hiccups.getValueAtPercentile(99.9) / NS_PER_US));
    }

    private void compare(final int round, final Peer peer, final PeerComparison comparison)
    {
        if (comparison.isOver())
        {
            return;
        }
        final String missing = peer.missing();
        if (!missing.isEmpty())
        {
            progress.printf("F12 %-22s skipped: %s%n", peer.name(), missing);
            comparison.skip(missing);
            return;
        }
        try
        {
            final PeerPlay.Result result = play(round, peer, 0);
            final PeerPlay.Result sluice = play(round, new SluicePeer(peer.durability()), result.load());
            comparison.add(round, result, sluice);
            profile = "Sluice beside " + peer.name() + " at " + sluice.load() + "/s: " + sluice.profile();
        }
        catch (final MeasurementException e)
        {
            progress.printf("F12 %-22s FAILED: %s%n", peer.name(), e.getMessage());
            comparison.fail(e.getMessage());
        }
    }

    private PeerPlay.Result play(final int round, final Peer peer, final int load)
    {
        // What the last one left behind must not be collected on this one's time.
        System.gc();
        final Path directory = output.scratch(peer.name());
        final PeerPlay.Result result;
        try
        {
            result = new PeerPlay(setting, peer).run(directory, load);
        }
        finally
        {
            output.discard(directory);
        }
        progress.printf("F12 round %d of %d: %-14s %-22s waiting %,9.0f/s, unbatched %,9.0f/s, batched %,9.0f/s, " +
            "at %,7d/s p50 %,.1f us, p99 %,.1f us%n",
            round + 1, setting.rounds(), peer.durability().label(), peer.name(),
            result.rates().get(PublishMode.WAITING), result.rates().get(PublishMode.UNBATCHED),
            result.rates().get(PublishMode.BATCHED), result.load(),
            result.latency().getValueAtPercentile(50.0) / NS_PER_US,
            result.latency().getValueAtPercentile(99.0) / NS_PER_US);
        return result;
    }
}
