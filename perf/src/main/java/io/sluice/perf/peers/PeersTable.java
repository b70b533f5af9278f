package io.sluice.perf.peers;

import io.sluice.perf.measure.Spread;
import io.sluice.perf.report.Figure;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** The comparisons for people: a table for each class of durability, rates and latencies of both, ratios behind. */
final class PeersTable
{
    private final List<PeerComparison> comparisons;

    PeersTable(final List<PeerComparison> comparisons)
    {
        this.comparisons = comparisons;
    }

    void print(final PrintStream out)
    {
        for (final DurabilityClass durability : DurabilityClass.values())
        {
            out.println("survives: " + durability.label());
            out.printf(Locale.ROOT, "  %-22s %30s %30s %30s %9s %30s %30s%n", "peer", "unbatched/s (Sluice, ratio)",
                "batched/s", "waiting/s", "at load", "p50 us", "p99 us");
            for (final PeerComparison comparison : comparisons)
            {
                if (comparison.durability() == durability)
                {
                    print(out, comparison);
                }
            }
        }
        for (final PeerComparison comparison : comparisons)
        {
            if (!comparison.isOver())
            {
                out.println(comparison.name() + ": " + comparison.peer().settings());
            }
        }
    }

    private static void print(final PrintStream out, final PeerComparison comparison)
    {
        if (comparison.isOver())
        {
            out.printf("  %-22s %s%n", comparison.name(),
                comparison.hasFailed() ? "failed, see below" : "skipped: " + comparison.missing());
            return;
        }
        final PeerSide peer = comparison.peer();
        final PeerSide sluice = comparison.sluice();
        out.printf(Locale.ROOT, "  %-22s %30s %30s %30s %9s %30s %30s%n",
            comparison.name(),
            more(peer.rates(PublishMode.UNBATCHED), sluice.rates(PublishMode.UNBATCHED)),
            more(peer.rates(PublishMode.BATCHED), sluice.rates(PublishMode.BATCHED)),
            more(peer.rates(PublishMode.WAITING), sluice.rates(PublishMode.WAITING)),
            plain(peer.loads()),
            less(peer.medians(), sluice.medians()),
            less(peer.tails(), sluice.tails()));
    }

    private static String more(final double[] peer, final double[] sluice)
    {
        return plain(peer) + " (" + plain(sluice) + ", " +
            Figure.plain(Spread.ratios(sluice, peer).median()) + "x)";
    }

    private static String less(final double[] peer, final double[] sluice)
    {
        return plain(peer) + " (" + plain(sluice) + ", " +
            Figure.plain(Spread.ratios(peer, sluice).median()) + "x)";
    }

    private static String plain(final double[] values)
    {
        return Figure.plain(Spread.of(values).median());
    }
}
