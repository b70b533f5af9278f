package io.sluice.engine;

import io.sluice.engine.failure.RetryOrder;
import io.sluice.engine.ring.EventArena;
import io.sluice.engine.ring.PriorityRing;
import io.sluice.engine.ring.PriorityWheel;
import io.sluice.event.EventDescriptor;
import io.sluice.event.Priority;
import io.sluice.journal.VisibleAt;

/** Checks the settings of an engine as a whole. Each error names the setting and its value. */
final class EngineContextCheck
{
    private static final int CACHE_LINE = 64;
    private static final int MIN_SLOT_LENGTH = 256;
    private static final int MAX_LIMIT = 1 << 20;
    private static final int MAX_NAME = 128;
    private static final int MIN_EVENT_LENGTH = EventDescriptor.MIN_RECORD_LENGTH + 1;

    private EngineContextCheck()
    {
    }

    static void check(final EngineContext context)
    {
        checkDurability(context);
        checkLengths(context);
        for (final Priority priority : Priority.values())
        {
            final int limit = context.limit(priority);
            require(
                limit >= 1 && limit <= MAX_LIMIT,
                "limit(" + priority.label() + ")=" + limit + ": use 1 to " + MAX_LIMIT);
            final long budgetNs = context.budgetNs(priority);
            require(budgetNs > 0, "budgetNs(" + priority.label() + ")=" + budgetNs + ": use more than 0");
        }
        PriorityWheel.check(context.shares());
        require(
            context.telemetryIntervalNs() > 0,
            "telemetryIntervalNs=" + context.telemetryIntervalNs() + ": use more than 0");
        require(context.closeTimeoutNs() >= 0, "closeTimeoutNs=" + context.closeTimeoutNs() + ": use 0 or more");
        context.subscriptions().forEach(spec -> check(spec, context));
        // Last: from here on these settings belong to the engine.
        context.dedup().conclude();
        context.admission().conclude(context.durability() != Durability.NONE);
        new MemoryPlan(context).check();
    }

    static void check(final SubscriptionSpec spec, final EngineContext context)
    {
        final boolean hasJournal = context.durability() != Durability.NONE;
        require(
            hasJournal || spec.visibleAt() == VisibleAt.JOURNALED,
            "visibleAt(" + spec.name() + ")=" + spec.visibleAt() +
            ": without a journal nothing is ever synced; give the engine durability JOURNALED or SYNCED");
        require(
            hasJournal || spec.mode() == DeliveryMode.IMMEDIATE && !spec.isDurable() && spec.from() == null,
            "subscription " + spec.name() + ": modes TAILING, BATCHED and AUTO, a durable position and a start " +
            "position need a journal; give the engine durability JOURNALED or SYNCED");
        checkBatches(spec);
        require(
            spec.mode() == DeliveryMode.TAILING || spec.concurrency() == 1,
            "concurrency(" + spec.name() + ")=" + spec.concurrency() +
            ": only mode TAILING calls a handler more than once at a time; for batches use parallelBatches");
        require(
            spec.mode() == DeliveryMode.TAILING || spec.delayNs() == 0,
            "delay(" + spec.name() + ")=" + spec.delayNs() + " ns: only mode TAILING delivers with a delay");
        require(
            !spec.isDurable() || !spec.name().isBlank() && spec.name().length() <= MAX_NAME,
            "durable(" + spec.name() + "): use a name of 1 to " + MAX_NAME + " characters");
    }

    private static void checkBatches(final SubscriptionSpec spec)
    {
        final String subscription = "subscription " + spec.name() + ", mode " + spec.mode() + ": ";
        require(
            !spec.isBatched() || spec.batchHandler() != null,
            subscription + "nobody handles batches; make it with SubscriptionSpec.toBatches, or add a batchHandler");
        require(
            spec.isBatched() || spec.batchHandler() == null,
            subscription + "its handler of batches would never be called; use mode BATCHED or AUTO");
        require(
            spec.mode() != DeliveryMode.BATCHED || spec.handler() instanceof BatchOfOne,
            subscription + "its handler of single events would never be called; make it with " +
            "SubscriptionSpec.toBatches, or use mode AUTO");
        require(
            !spec.isBatched() || spec.retry().order() == RetryOrder.SKIP_AHEAD,
            subscription + "retry order HOLD_KEY can't hold back what is in a batch already; use SKIP_AHEAD, or mode " +
            "IMMEDIATE or TAILING");
    }

    static void require(final boolean condition, final String message)
    {
        if (!condition)
        {
            throw new IllegalArgumentException(message);
        }
    }

    private static void checkDurability(final EngineContext context)
    {
        final Durability durability = context.durability();
        require(
            context.directory() != null || durability == Durability.NONE,
            "directory is not set: give the engine a directory for its journal, or durability NONE");
        require(
            durability != Durability.ACCEPTED,
            "durability=ACCEPTED is the level of one call: an engine has NONE (no journal), JOURNALED or SYNCED");
    }

    private static void checkLengths(final EngineContext context)
    {
        final int slotLength = context.slotLength();
        final int maxEventLength = context.maxEventLength();
        final int arenaLength = context.arenaLength();
        require(
            slotLength >= MIN_SLOT_LENGTH && slotLength % CACHE_LINE == 0,
            "slotLength=" + slotLength + ": use a multiple of " + CACHE_LINE + " of at least " + MIN_SLOT_LENGTH);
        require(
            maxEventLength >= MIN_EVENT_LENGTH,
            "maxEventLength=" + maxEventLength + ": use at least " + MIN_EVENT_LENGTH);
        require(arenaLength >= 0, "arenaLength=" + arenaLength + ": use 0 or more");
        final int largest = Math.max(PriorityRing.inlineLength(slotLength), new EventArena(arenaLength).maxLength());
        require(
            maxEventLength <= largest,
            "maxEventLength=" + maxEventLength + " is above the " + largest + " bytes that slotLength=" + slotLength +
            " and arenaLength=" + arenaLength + " can hold");
    }
}
