package io.sluice.engine;

import io.sluice.engine.delivery.DeliveryPosition;
import io.sluice.engine.delivery.RegisteredSubscription;
import io.sluice.engine.failure.RetryLog;
import io.sluice.engine.rule.RuleTable;
import io.sluice.engine.rule.RuleVersion;
import io.sluice.journal.JournalRecords;
import io.sluice.journal.TailerContext;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Forgets versions of the rules. A version is kept for as long as the journal holds an event from its time, for anybody
 * may begin to read there; but where rules change all the time, no more than a thousand of those that nobody needs to
 * go on: no position of the pipeline or of a subscription, and no event that is to be tried again.
 *
 * <p>Looks once in a minute at most, by the clock of the engine, and on a thread that may wait for the device.
 */
final class RuleHistory
{
    static final int MOST_VERSIONS = 1000;
    static final long INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);

    private final EngineCore core;
    private final RuleTable table;
    private final Supplier<TailerContext> tails;
    private final DurableSubscriptions durable;
    private final Retries retries;
    private final RetryLog log;
    private long nextNs = Long.MIN_VALUE;

    /** @param core of an engine without a journal. */
    RuleHistory(final EngineCore core)
    {
        this(core, null, null, null, null);
    }

    /**
     * @param core    of the engine.
     * @param tails   settings to read the journal with.
     * @param durable subscriptions of the data directory.
     * @param retries runs what belongs to the delivery thread.
     * @param log     of what is to be tried again.
     */
    RuleHistory(
        final EngineCore core,
        final Supplier<TailerContext> tails,
        final DurableSubscriptions durable,
        final Retries retries,
        final RetryLog log)
    {
        this.core = core;
        this.tails = tails;
        this.durable = durable;
        this.retries = retries;
        this.log = log;
        table = core.rules().table();
    }

    /** Telemetry. */
    void forgetOld()
    {
        final long nowNs = core.nowNs();
        if (nowNs < nextNs || table.history().size() == 1)
        {
            return;
        }
        nextNs = nowNs + INTERVAL_NS;
        if (retries == null)
        {
            table.dropBefore(core.positions().lowest() + 1);
            return;
        }
        retries.execute(() ->
        {
            final long lowestRetry = log.lowestSequence();
            core.context().completionExecutor().execute(() -> forget(lowestRetry));
        });
    }

    private void forget(final long lowestRetry)
    {
        try (JournalRecords records = JournalRecords.open(tails.get()))
        {
            records.refresh();
            final long first = records.firstSequence();
            if (first > 0)
            {
                table.dropBefore(Math.max(first, firstOfMost(lowestRetry)));
            }
        }
        catch (final RuntimeException ex)
        {
            if (!core.rules().isClosed())
            {
                core.onError(ex);
            }
        }
    }

    private long firstOfMost(final long lowestRetry)
    {
        final List<RuleVersion> all = table.history();
        return all.size() <= MOST_VERSIONS ?
            0L : Math.min(all.get(all.size() - MOST_VERSIONS).from(), lowestNeeded(lowestRetry));
    }

    private long lowestNeeded(final long lowestRetry)
    {
        long lowest = Math.min(lowestRetry, core.positions().lowest() + 1);
        for (final RegisteredSubscription one : durable.list())
        {
            final DeliveryPosition position = durable.find(one.name());
            lowest = Math.min(lowest, position == null ? 0L : position.lowest() + 1);
        }
        for (final Subscription one : core.subscriptions().current().all())
        {
            if (one.gate().phase() != LiveGate.LIVE)
            {
                lowest = Math.min(lowest, one.position().lowest() + 1);
            }
        }
        return lowest;
    }
}
