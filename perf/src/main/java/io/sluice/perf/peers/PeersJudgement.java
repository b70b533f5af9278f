package io.sluice.perf.peers;

import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import java.util.ArrayList;
import java.util.List;

/** Makes F12 of all comparisons. */
final class PeersJudgement
{
    private PeersJudgement()
    {
    }

    /**
     * Add the headline and all details.
     *
     * @param comparisons of the run.
     * @param report      to add to.
     */
    static void judge(final List<PeerComparison> comparisons, final FigureReport report)
    {
        final List<Figure> details = new ArrayList<>();
        int brokers = 0;
        int missed = 0;
        int wrong = 0;
        for (final PeerComparison comparison : comparisons)
        {
            brokers += comparison.isBroker() && !comparison.isOver() ? 1 : 0;
            wrong += comparison.hasFailed() ? 1 : 0;
            for (final Figure figure : comparison.figures())
            {
                missed += figure.ok() ? 0 : 1;
                details.add(figure);
            }
        }
        final Figure headline = Figure.atMost("F12",
            "conditions missed: latency 10 x lower, unbatched 10 x and batched 2 x the throughput of each of " +
                brokers + " brokers at equal durability", missed, "missed", 0, Double.NaN, "");
        if (wrong > 0)
        {
            report.add(headline.failed(wrong + " peers have failed, see their rows"));
        }
        else
        {
            report.add(brokers == 0 ? headline.missed("no broker was measured, so nothing was judged") : headline);
        }
        details.forEach(report::add);
    }
}
