package io.sluice.engine;

import io.sluice.engine.delivery.DeliveryPosition;
import io.sluice.engine.failure.RetryEntry;
import io.sluice.engine.failure.RetryOrder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStreamException;
import io.sluice.event.Priority;
import io.sluice.event.Verdict;
import io.sluice.journal.ControlledRecordHandler;
import io.sluice.journal.ControlledRecordHandler.Action;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import io.sluice.journal.VisibleAt;
import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;

/**
 * Serves one subscription from the journal: reads what it has not had, and gives it to the slots that call the handler.
 * Delivery thread only.
 *
 * <p>Events with the same key go to the same slot while one of them is not completed, others to the slot that has
 * least to do.
 */
final class JournalFeed
{
    private static final int MOST_PER_CYCLE = 64;
    private static final int NO_SLOT = -1;
    // What reads the journal is behind: as many events as possible in one call.
    private static final double FULL_LOAD = 1.0;

    private final EngineCore core;
    private final Subscription subscription;
    private final SubscriptionSpec spec;
    private final DeliveryPosition position;
    private final RuleRouter routes;
    private final JournalTailer tailer;
    private final DeliveryWindow window;
    private final Retries retries;
    private final FailureRecorder failures;
    private final boolean isHolding;
    private final boolean isKeyed;
    private final EventFlyweight failed = new EventFlyweight();
    private final EventFlyweight moved = new EventFlyweight();
    private final EventFlyweight view = new EventFlyweight();
    private final DeliverySlot[] slots;
    private final SubscriptionBatches batches;
    // Per key: slot in the upper half, events that are not completed in the lower.
    private final Long2LongHashMap keys = new Long2LongHashMap(NO_SLOT);
    private final ControlledRecordHandler handler = this::onRecord;
    // What it had reached in an earlier run may have been had; and where the rings served it, or a power loss took
    // that, of each priority some of the first ones.
    private final long reached;
    private final int[] doubtful = new int[Priority.COUNT];
    private boolean isSyncToBeAskedFor;
    private long nowNs;

    /**
     * @param core         of the engine.
     * @param subscription to serve.
     * @param tail         settings to read with.
     * @param routes       of the delivery thread.
     * @param workers      run the slots.
     * @param retries      take what the handler could not handle.
     */
    JournalFeed(
        final EngineCore core,
        final Subscription subscription,
        final TailerContext tail,
        final RuleRouter routes,
        final DeliveryWorkers workers,
        final Retries retries)
    {
        this.retries = retries;
        window = new DeliveryWindow(core.subscriptions().memory());
        failures = retries.recorder();
        this.core = core;
        this.subscription = subscription;
        this.routes = routes;
        spec = subscription.spec();
        position = subscription.position();
        batches = subscription.batches();
        final boolean isBehind = isOfEarlierRun() && position.lowest() < core.recoveredSequence();
        reached = isBehind ? Math.min(position.reached(), core.recoveredSequence()) : 0L;
        Arrays.fill(doubtful, isBehind ?
            Math.max(DeliveryWindow.CAPACITY, batches == null ? 0 : batches.capacity()) : 0);
        isHolding = spec.retry().order() == RetryOrder.HOLD_KEY;
        isKeyed = isHolding || spec.concurrency() > 1;
        isSyncToBeAskedFor = spec.visibleAt() == VisibleAt.SYNCED;
        tailer = JournalTailer.open(tail
            .visibleAt(spec.visibleAt())
            .waitForJournal(true)
            .from(StartPosition.sequence(position.lowest() + 1))
            .expiredRangeListener((first, last) -> core.onError(new EventStreamException(
                "events " + first + " to " + last + " do not reach subscription '" + subscription.name() +
                "': retention removed them"))));
        // Last: it may be that the journal can't be opened, and who watches over their calls must be told of their end.
        slots = new DeliverySlot[spec.concurrency()];
        for (int i = 0; i < slots.length; i++)
        {
            slots[i] = new DeliverySlot(core, subscription, workers);
        }
    }

    private boolean isOfEarlierRun()
    {
        return spec.isDurable() || batches != null && spec.from() == null;
    }

    /** Take out what is completed, and read on if that is wanted. */
    int doWork(final boolean isReading)
    {
        int count = checkHung() + takeOut();
        window.trim();
        if (isReading)
        {
            nowNs = core.nowNs();
            if (isSyncToBeAskedFor)
            {
                askForSync();
            }
            count += tailer.controlledPoll(handler, MOST_PER_CYCLE);
        }
        if (window.isEmpty() && failures.isFlushed())
        {
            passed(tailer.nextSequence() - 1);
        }
        return count;
    }

    // Where an event is routed to the subscription, its force is asked for; what was routed before it was there, like
    // what an earlier run left, would not be seen until somebody else has something forced.
    private void askForSync()
    {
        final long last = subscription.routedWithout();
        if (last != Subscription.NOT_ROUTED)
        {
            isSyncToBeAskedFor = false;
            core.requestSync(last);
        }
    }

    /** @return sequence of the record that is read next. */
    long nextSequence()
    {
        return tailer.nextSequence();
    }

    /** @return whether nothing that it gave out is unfinished. */
    boolean isEmpty()
    {
        if (!window.isEmpty() || !failures.isFlushed())
        {
            return false;
        }
        for (final DeliverySlot slot : slots)
        {
            if (slot.load() > 0 || slot.isHung())
            {
                return false;
            }
        }
        return true;
    }

    /** @return whether a handler that it called does not return. */
    boolean isHung()
    {
        for (final DeliverySlot slot : slots)
        {
            if (slot.isHung())
            {
                return true;
            }
        }
        return false;
    }

    /** Go on with calls that the breaker refused. */
    void resume()
    {
        for (final DeliverySlot slot : slots)
        {
            slot.resume();
        }
    }

    /** Have the handler called once more, in its turn; false if too many such calls wait. */
    boolean retry(final RetryCall call)
    {
        final boolean hasRoom = hasRoomFor(call);
        if (hasRoom)
        {
            slotFor(call).give(call);
        }
        return hasRoom;
    }

    /** @return whether a call that is tried again would find room in the slot that has its key. */
    boolean hasRoomFor(final RetryCall call)
    {
        final DeliverySlot slot = slotFor(call);
        return !slot.isHung() && slot.hasRoomForRetry();
    }

    private DeliverySlot slotFor(final RetryCall call)
    {
        return slots[slotOf(isKeyed ? keys.get(spec.key().of(call.event())) : NO_SLOT)];
    }

    /** @return whether a call that is tried again would find room now. */
    boolean hasRoomForRetry()
    {
        final DeliverySlot least = slots[leastLoaded()];
        return !least.isHung() && least.hasRoomForRetry();
    }

    /** Any thread: call the handler no more. */
    void stop()
    {
        for (final DeliverySlot slot : slots)
        {
            slot.stop();
        }
    }

    /** @return true if no call is in progress and none will come. */
    boolean isAtRest()
    {
        checkHung();
        for (final DeliverySlot slot : slots)
        {
            if (!slot.isAtRest())
            {
                return false;
            }
        }
        return true;
    }

    /** After {@link #stop}: count what was completed, and let go of the journal. */
    void close()
    {
        takeOut();
        position.forgetAhead();
        // Where another one goes on in this run, it passes over what is done behind the first one that is not.
        window.forEachCompleted((entry) ->
        {
            if (entry.failure() != null)
            {
                record(entry);
            }
            position.doneAhead(entry.sequence());
        });
        if (batches != null && window.isEmpty() && failures.isFlushed())
        {
            passed(tailer.nextSequence() - 1);
        }
        for (final DeliverySlot slot : slots)
        {
            if (slot.isAtRest())
            {
                slot.close();
            }
        }
        tailer.close();
        window.close();
    }

    private int takeOut()
    {
        int count = 0;
        DeliveryWindow.Entry entry = window.peekCompleted();
        // What failed and is not in the retry log yet must not be passed by the position.
        for (; entry != null && failures.isFlushed(); entry = window.peekCompleted())
        {
            releaseKey(entry.key());
            if (entry.failure() != null)
            {
                record(entry);
            }
            if (failures.isFlushed())
            {
                passed(entry.sequence());
            }
            window.remove();
            count++;
        }
        return count;
    }

    private void passed(final long sequence)
    {
        position.cursor(batches == null ? sequence : batches.limit(sequence));
    }

    private void record(final DeliveryWindow.Entry entry)
    {
        failures.failed(
            subscription,
            failed.wrap(entry.buffer(), 0),
            1,
            entry.endedNs(),
            entry.endedNs(),
            FailureRecorder.causeOf(entry.failure()),
            entry.failure());
    }

    private Action onRecord(final EventFlyweight record)
    {
        if (record.verdict() != Verdict.ACCEPTED || !position.isDue(record.priorityCode(), record.sequence()) ||
            position.isDoneAhead(record.sequence()) || isToBeRetried(record.sequence()))
        {
            return Action.CONTINUE;
        }
        final Route route = routes.find(record);
        return route.has(subscription) && (route.names(subscription) ||
            subscription.wants(Subscription.JOURNAL_LANE, routes.delivered())) ?
            give(routes.delivered()) : Action.CONTINUE;
    }

    // The run before left it in the retry log, though its position had not passed it.
    private boolean isToBeRetried(final long sequence)
    {
        return sequence <= core.recoveredSequence() && retries.isOpen(subscription, sequence);
    }

    private Action give(final EventFlyweight record)
    {
        final long sequence = record.sequence();
        final boolean isTooEarly = spec.delayNs() > 0 && record.journalTime() + spec.delayNs() > nowNs;
        if (batches != null && batches.isBatched(Subscription.JOURNAL_LANE, record, FULL_LOAD))
        {
            return offer(record) ? Action.CONTINUE : Action.ABORT;
        }
        if (isTooEarly || !window.hasRoom(record.recordLength()))
        {
            return Action.ABORT;
        }
        final long key = isKeyed ? spec.key().of(record) : 0L;
        if (isHolding)
        {
            if (!failures.isFlushed() || !retries.isCaughtUp())
            {
                // It may be of this key, and nobody can ask for that until it is in the log.
                return Action.ABORT;
            }
            final long keyHash = RetryEntry.keyHash(key);
            if (retries.isHeld(subscription, keyHash))
            {
                return isParked(sequence, keyHash) ? Action.CONTINUE : Action.ABORT;
            }
            if (keys.get(key) != NO_SLOT)
            {
                // Whether it has to wait is known when the one before is done.
                return Action.ABORT;
            }
        }
        final int slot = slotFor(key);
        final boolean isRepeated = isDoubtful(record.priorityCode(), sequence);
        position.reached(sequence);
        countDoubtful(record.priorityCode());
        slots[slot].give(window.add(record, key, isRepeated));
        return Action.CONTINUE;
    }

    // From then on it is the retry log's, and may be done before the position has come so far.
    private boolean isParked(final long sequence, final long keyHash)
    {
        final boolean isParked = retries.park(subscription, sequence, keyHash);
        if (isParked)
        {
            position.reached(sequence);
            position.doneAhead(sequence);
        }
        return isParked;
    }

    private boolean offer(final EventFlyweight record)
    {
        final boolean isRepeated = isDoubtful(record.priorityCode(), record.sequence());
        // Before a worker may hand it over.
        position.reached(record.sequence());
        view.wrap(record.buffer(), record.offset()).deliveryFlags(isRepeated ? EventDescriptor.FLAG_REDELIVERED : 0);
        final boolean isTaken = batches.offer(view, nowNs);
        view.unwrap();
        if (isTaken)
        {
            countDoubtful(record.priorityCode());
        }
        return isTaken;
    }

    private boolean isDoubtful(final int priorityCode, final long sequence)
    {
        return sequence <= reached || doubtful[priorityCode] > 0 && sequence <= core.recoveredSequence();
    }

    private void countDoubtful(final int priorityCode)
    {
        doubtful[priorityCode] -= doubtful[priorityCode] > 0 ? 1 : 0;
    }

    private int slotFor(final long key)
    {
        if (!isKeyed)
        {
            return 0;
        }
        final long holder = keys.get(key);
        final int slot = slotOf(holder);
        keys.put(key, (long)slot << Integer.SIZE | (holder == NO_SLOT ? 1L : (int)holder + 1L));
        return slot;
    }

    // Where every call hangs, what has a key stays behind the others of its key.
    private int slotOf(final long holder)
    {
        final int slot = holder == NO_SLOT ? NO_SLOT : (int)(holder >>> Integer.SIZE);
        if (slot != NO_SLOT && !slots[slot].isHung())
        {
            return slot;
        }
        final int least = leastLoaded();
        return slot != NO_SLOT && slots[least].isHung() ? slot : least;
    }

    // What waits behind a handler that does not return goes elsewhere as soon as there is a call that would: nothing
    // waits behind one that hangs while another does not, and so no event overtakes one of its key there.
    private int checkHung()
    {
        int count = 0;
        boolean isAnyHung = false;
        for (final DeliverySlot slot : slots)
        {
            count += slot.checkHung() ? 1 : 0;
            isAnyHung |= slot.isHung();
        }
        if (isAnyHung && !slots[leastLoaded()].isHung())
        {
            for (final DeliverySlot slot : slots)
            {
                count += slot.isHung() ? moveAll(slot) : 0;
            }
        }
        return count;
    }

    private int moveAll(final DeliverySlot slot)
    {
        int count = 0;
        for (HandlerCall call = slot.takeWaiting(); call != null; call = slot.takeWaiting())
        {
            move(call);
            count++;
        }
        return count;
    }

    private void move(final HandlerCall call)
    {
        final long key = spec.key().of(moved.wrap(call.buffer(), 0));
        final long holder = keys.get(key);
        final int slot = slotOf(holder);
        if (call instanceof RetryCall && !slots[slot].hasRoomForRetry())
        {
            // Several slots may have had as many of these as one has room for: it comes again.
            call.drop();
            return;
        }
        if (holder != NO_SLOT)
        {
            keys.put(key, (long)slot << Integer.SIZE | (int)holder);
        }
        slots[slot].give(call);
    }

    private int leastLoaded()
    {
        int least = 0;
        for (int i = 1; i < slots.length; i++)
        {
            final boolean isLess = slots[i].load() < slots[least].load();
            if (slots[least].isHung() ? isLess || !slots[i].isHung() : isLess && !slots[i].isHung())
            {
                least = i;
            }
        }
        return least;
    }

    private void releaseKey(final long key)
    {
        if (isKeyed)
        {
            final long holder = keys.get(key);
            if ((int)holder == 1)
            {
                keys.remove(key);
            }
            else
            {
                keys.put(key, holder - 1);
            }
        }
    }
}
