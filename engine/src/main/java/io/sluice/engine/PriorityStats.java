package io.sluice.engine;

import io.sluice.event.Priority;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What became of the events of one priority.
 *
 * @param priority    of the events.
 * @param accepted    admitted to the ring.
 * @param refused     refused, for any reason.
 * @param refusals    how many were refused for which reason, by the names of {@link PublishResult}; none for a reason
 *                    that did not occur.
 * @param sequenced   given a sequence, duplicates included.
 * @param duplicates  recognised as duplicates.
 * @param handled     completed by all their subscriptions.
 * @param failed      completed with a handler that threw.
 * @param redelivered handed out again at start.
 * @param depth       in the ring now.
 * @param spilled     handled from the journal, because the ring was full.
 * @param overBudget  handed over later than the budget allows.
 * @param budgetNs    the budget, nanoseconds.
 * @param latency     publish to handed over, nanoseconds, as of the last telemetry interval; a copy.
 */
public record PriorityStats(
    Priority priority,
    long accepted,
    long refused,
    Map<String, Long> refusals,
    long sequenced,
    long duplicates,
    long handled,
    long failed,
    long redelivered,
    int depth,
    long spilled,
    long overBudget,
    long budgetNs,
    Histogram latency)
{
    /**
     * Latency of a percentile.
     *
     * @param percentile 0 to 100.
     * @return nanoseconds, 0 if there is nothing yet.
     */
    public long percentileNs(final double percentile)
    {
        return latency.getTotalCount() == 0 ? 0L : latency.getValueAtPercentile(percentile);
    }
}
