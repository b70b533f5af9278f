package io.sluice.perf.overflow;

import io.sluice.engine.admission.OverflowPolicy;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What became of the events that one policy was offered.
 *
 * @param policy     of all priorities.
 * @param capacity   events per second that the engine handled before.
 * @param offered    events.
 * @param accepted   of them.
 * @param refusals   of them, by the names of {@link io.sluice.engine.PublishResult}.
 * @param handled    calls of the handler.
 * @param disordered calls behind a later event of their priority, or for the second time.
 * @param journaled  events in the journal.
 * @param twice      of them for the second time, or without a number that was accepted.
 * @param latencies  of the accepted ones, intended time to handled, nanoseconds.
 */
record OverflowResult(
    OverflowPolicy policy,
    double capacity,
    long offered,
    long accepted,
    Map<String, Long> refusals,
    long handled,
    long disordered,
    long journaled,
    long twice,
    Histogram latencies)
{
    private static final double NS_PER_US = 1000.0;

    /** @return events of which nobody can say what became of them, or that were treated wrongly. */
    long wrong()
    {
        final long refused = refusals.values().stream().mapToLong(Long::longValue).sum();
        return Math.abs(offered - accepted - refused) + Math.abs(accepted - handled) + disordered +
            Math.abs(accepted - journaled) + twice;
    }

    /** @return prefix of its figures. */
    static String id(final OverflowPolicy policy)
    {
        return "F9/" + policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    void addTo(final FigureReport report)
    {
        final String id = id(policy);
        report.add(Figure.atMost(id, "accepted and not handled once, in order, and journaled once; or offered and " +
            "neither accepted nor refused", (double)wrong(), "events", 0, Double.NaN, ""));
        report.add(Figure.detail(id + "/capacity", "handled in a closed loop before", capacity, "events/s"));
        report.add(Figure.detail(id + "/offered", "at half as much again", (double)offered, "events"));
        report.add(new Figure(id + "/accepted", "of the offered", (double)accepted, "events", "", (double)offered, true,
            ""));
        refusals.forEach((reason, count) ->
            report.add(Figure.detail(id + "/refused/" + reason, "of the offered", count, "events")));
        for (final double percentile : new double[] {50.0, 99.0, 99.9, 100.0})
        {
            report.add(Figure.detail(id + (percentile == 100.0 ? "/max" : "/p" + Figure.plain(percentile)),
                "of the accepted, intended time to handled",
                latencies.getValueAtPercentile(percentile) / NS_PER_US, "us"));
        }
    }
}
