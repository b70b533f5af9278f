package io.sluice.engine;

import io.sluice.engine.deadletter.DeadLetterProcessor;
import io.sluice.engine.deadletter.LetterFailure;
import io.sluice.engine.delivery.DeliveryPosition;
import io.sluice.engine.failure.PendingRetries;
import io.sluice.engine.failure.PendingRetry;
import io.sluice.engine.failure.RetryEntry;
import io.sluice.engine.failure.RetryLog;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStorageException;
import io.sluice.journal.JournalRecords;
import io.sluice.journal.TailerContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;

/**
 * What becomes of events that failed: further attempts when they are due, and dead letters when none is left. Delivery
 * thread only, but for {@link #ended}.
 *
 * <pre>
 *   handling, workers ──► retry log ──► pending ── due ──► worker ──► done: closed in the log
 *                             ▲                              │
 *                             └──────── failed again ◄───────┤
 *                                                            └─► no attempt left: dead letter ── due ──► worker …
 *                                                                         └─ on the device: closed in the log
 * </pre>
 */
final class Retries
{
    private static final int MOST_PER_CYCLE = 64;
    private static final long AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long ABSENT_NS = TimeUnit.SECONDS.toNanos(10);

    private final EngineCore core;
    private final Supplier<TailerContext> tails;
    private final RetryLog log;
    private final FailureRecorder recorder;
    private final PendingRetries pending = new PendingRetries(PendingRetries.CAPACITY);
    private final List<PendingRetry> woken = new ArrayList<>();
    private final Queue<RetryCall> ended = new ConcurrentLinkedQueue<>();
    private final DeliveryRequests requests;
    private final ArrayDeque<RetryEntry> unclosed = new ArrayDeque<>();
    private final ArrayDeque<Unnoted> unnoted = new ArrayDeque<>();
    private final EndedSubscriptions gone = new EndedSubscriptions();
    private final LetterDelivery letters;
    private final LetterClosings closings = new LetterClosings();
    private RetryDispatch dispatch;
    private JournalRecords records;
    private final RuleView rules;
    private final EventFlyweight delivered = new EventFlyweight();

    /** A call that is over, of which that could not be noted yet. */
    private record Unnoted(RetryCall call, long dueNs)
    {
    }

    /**
     * @param core   of the engine.
     * @param tails  settings to read the journal with.
     * @param log    of what failed.
     * @param opener of the dead letters; called when there is one to write, or one was there.
     * @param hasLetters whether there are dead letters of an earlier run.
     * @param random of the jitter.
     */
    Retries(
        final EngineCore core,
        final Supplier<TailerContext> tails,
        final RetryLog log,
        final Supplier<DeadLetterProcessor> opener,
        final boolean hasLetters,
        final Random random)
    {
        this.core = core;
        this.tails = tails;
        this.log = log;
        recorder = new FailureRecorder(log, random);
        requests = new DeliveryRequests(core);
        rules = new RuleView(core.rules().newQuietRun());
        letters = new LetterDelivery(core, this, opener, hasLetters);
    }

    /** Who makes the calls. */
    void dispatch(final RetryDispatch value)
    {
        dispatch = value;
    }

    /** Keep the log able to take entries; also while nothing else may be done yet. */
    int maintain()
    {
        final int count = log.maintain(core.nowNs());
        recorder.flush();
        while (!unclosed.isEmpty() && log.append(unclosed.peek()))
        {
            unclosed.remove();
        }
        return count;
    }

    /** Before any thread is started: what an earlier run left. */
    void recover()
    {
        final long nowNs = core.nowNs();
        pending.recover(log, nowNs);
        letters.recover(nowNs);
    }

    /** Delivery thread, or another while that waits for the end of redelivery: is an event to be tried again anyway? */
    boolean isOpen(final Subscription subscription, final long sequence)
    {
        return pending.find(subscription.retryId(), sequence) != null;
    }

    /** @return whether no more failures can be taken on: a subscription that fails should be given no more events. */
    boolean isFull()
    {
        return pending.isFull();
    }

    /** Any thread: a subscription is gone for good, and what it failed with is not to be tried again. */
    void forget(final long retryId)
    {
        execute(() -> pending.forget(log, retryId));
    }

    /**
     * While no call for a subscription is in progress: give up the attempts for its events from a sequence on.
     *
     * @param retryId  of the subscription.
     * @param sequence from which everything comes again.
     * @param move     done before: has the new position on the device, so that no power loss leaves only the rest.
     * @return false if there are some yet: come again.
     */
    boolean isForgottenFrom(final long retryId, final long sequence, final Runnable move)
    {
        takeEnded(core.nowNs());
        maintain();
        if (recorder.isFlushed() && unclosed.isEmpty() && isCaughtUp())
        {
            move.run();
            closeFrom(retryId, sequence);
            return unclosed.isEmpty();
        }
        return false;
    }

    /** A subscription that is not durable has ended: what it failed with becomes dead letters. */
    void ended(final Subscription subscription)
    {
        if (dispatch.find(subscription.retryId()) == null)
        {
            gone.add(subscription, pending);
        }
    }

    /** Any thread: give up the attempts for events of a subscription that nobody handles, from a sequence on. */
    void forgetFrom(final long retryId, final long sequence, final Runnable move)
    {
        execute(() ->
        {
            move.run();
            closeFrom(retryId, sequence);
        });
    }

    int doWork()
    {
        final long nowNs = core.nowNs();
        int count = pending.poll(log, nowNs) + requests.run() + takeEnded(nowNs);
        if (pending.nextDueNs() <= nowNs)
        {
            woken.clear();
            pending.wake(nowNs, MOST_PER_CYCLE, woken::add);
            for (final PendingRetry retry : woken)
            {
                tryServe(retry, nowNs);
            }
            count += woken.size();
        }
        return count + buryLeft(MOST_PER_CYCLE, nowNs) + letters.doWork(nowNs) +
            (letters.letters() == null ? 0 : closings.doWork(letters.letters().journal(), nowNs, this::done));
    }

    /** @return the recorder of failures that the delivery thread takes from its workers. */
    FailureRecorder recorder()
    {
        return recorder;
    }

    /** @return attempts that are open for a subscription; also for whoever redelivers, as {@link #isOpen}. */
    int open(final Subscription subscription)
    {
        return pending.count(subscription.retryId());
    }

    /**
     * Take in all that any thread has begun to note by now. What one has not noted yet hides what others noted behind
     * it.
     *
     * @return false if there is such a thread: ask again.
     */
    boolean isCaughtUp()
    {
        final long end = log.end();
        pollAll();
        return log.isReadTo(end);
    }

    /** After {@link #isCaughtUp}: does an event with that key wait for another attempt? */
    boolean isHeld(final Subscription subscription, final long keyHash)
    {
        return pending.isHeld(subscription.retryId(), keyHash);
    }

    /** Have an event wait behind the one of its key; false if there is no room just now. */
    boolean park(final Subscription subscription, final long sequence, final long keyHash)
    {
        return pending.park(log, subscription.retryId(), sequence, keyHash);
    }

    /** @return whether an attempt may become due without anybody saying so. */
    boolean isWaiting()
    {
        return pending.count() > 0 || !ended.isEmpty() || !unnoted.isEmpty() || !recorder.isFlushed() ||
            gone.isAny() || letters.isWaiting();
    }

    /** Any thread: a call is over. */
    void ended(final RetryCall call)
    {
        ended.add(call);
        core.raiseAttention();
    }

    /** Any thread: do something on the delivery thread, or not at all if the engine is closed or has failed. */
    void execute(final Runnable command)
    {
        requests.add(command, refusal ->
        {
        });
    }

    /** @return what other threads ask for. */
    DeliveryRequests requests()
    {
        return requests;
    }

    /** The engine has failed: nothing is tried again, and whoever waits is told. */
    void fail()
    {
        requests.refuse();
        letters.closeRuns();
    }

    /** Delivery thread, in a command: the dead letters, or null if there never was one. */
    DeadLetterProcessor letters()
    {
        return letters.letters();
    }

    /** Delivery thread, in a command: hand a letter to its handler now. */
    void retryNow(final long letter)
    {
        letters.retryNow(letter);
    }

    /** Delivery thread, in a command: hand a letter to its handler now that its event was repaired. */
    void retryRepaired(final long letter)
    {
        letters.retryRepaired(letter);
    }

    /** Delivery thread, in a command: hand letters to their handlers, one after the other. */
    void run(final DeadLetterRetry run)
    {
        letters.run(run);
    }

    /** Who makes the calls. */
    RetryDispatch dispatch()
    {
        return dispatch;
    }

    /** Does all of it, whatever fails: that is reported. */
    void close()
    {
        final ErrorHandler errors = core::onError;
        CloseHelper.closeAll(
            errors,
            () -> takeEnded(Long.MAX_VALUE),
            // Who waits for an answer gets it.
            requests::close,
            letters::closeRuns,
            this::maintain,
            () -> buryLeft(Integer.MAX_VALUE, core.nowNs()),
            () -> CloseHelper.close(records),
            this::closeLetters,
            log::force,
            log);
    }

    // Those that stay open where the letters can't be forced are found to have one in the next run.
    private void closeLetters()
    {
        try
        {
            if (letters.letters() != null)
            {
                letters.letters().journal().requestForce();
            }
        }
        finally
        {
            letters.close();
        }
        closings.forced(this::done);
        maintain();
    }

    private void closeFrom(final long retryId, final long sequence)
    {
        pollAll();
        pending.forEach(retryId, retry ->
        {
            if (retry.sequence() >= sequence)
            {
                closings.forget(retryId, retry.sequence());
                close(retryId, retry.sequence());
            }
        });
        pollAll();
    }

    private void pollAll()
    {
        while (pending.poll(log, core.nowNs()) > 0)
        {
            // Until all that is in the log is known.
        }
    }

    private int buryLeft(final int most, final long nowNs)
    {
        if (!gone.isAny())
        {
            return 0;
        }
        pollAll();
        return gone.doWork(pending, most, retry -> tryServe(retry, nowNs));
    }

    private void tryServe(final PendingRetry retry, final long nowNs)
    {
        try
        {
            serve(retry, nowNs);
        }
        catch (final RuntimeException ex)
        {
            // The journal, or that of the dead letters, can't be used just now: nothing is lost, and it comes again.
            core.onError(ex);
            putBack(retry.subscription(), retry.sequence(), nowNs + ABSENT_NS);
        }
    }

    private void serve(final PendingRetry retry, final long nowNs)
    {
        if (closings.has(retry.subscription(), retry.sequence()))
        {
            return;
        }
        final Subscription subscription = dispatch.find(retry.subscription());
        final String name = subscription == null ? gone.nameOf(retry.subscription()) : subscription.name();
        final String text = textOf(retry);
        final boolean isLast = subscription == null || FailureRecorder.isLast(text);
        if (name == null || !isLast && subscription.isPaused())
        {
            putBack(retry.subscription(), retry.sequence(), nowNs + ABSENT_NS);
            return;
        }
        if (subscription == null && retry.cause() == null)
        {
            // It waited for another one and never failed: like all that comes after the end, it is not handed over.
            close(retry.subscription(), retry.sequence());
            return;
        }
        final EventFlyweight event = read(retry.sequence());
        if (event == null)
        {
            core.onError(new HandlerException(name, new EventStorageException(
                "event " + retry.sequence() + " can't be tried again: the journal does not hold it any more")));
            close(retry.subscription(), retry.sequence());
        }
        else if (isLast)
        {
            bury(name, text, retry, event, nowNs);
            if (subscription != null)
            {
                subscription.calls().onDeadLetter();
            }
        }
        else if (!dispatch.call(new RetryCall(
            subscription,
            event,
            retry.sequence(),
            RetryCall.NO_LETTER,
            retry.attempt() + 1,
            retry.firstFailureNs(),
            this::ended)))
        {
            putBack(retry.subscription(), retry.sequence(), nowNs + AGAIN_NS);
        }
    }

    // The letter first: a process that ends in between writes the same letter, not a second one.
    private void bury(
        final String name, final String text, final PendingRetry retry, final EventFlyweight event, final long nowNs)
    {
        final String thrown = FailureRecorder.thrownOf(text);
        final int colon = thrown.indexOf(':');
        letters.bury(
            event,
            new LetterFailure(
                name,
                retry.attempt(),
                retry.cause(),
                FailureRecorder.kindOf(text),
                colon < 0 ? thrown : thrown.substring(0, colon),
                colon < 0 ? "" : thrown.substring(colon + 1).strip(),
                retry.firstFailureNs(),
                retry.lastFailureNs()),
            nowNs);
        closings.add(retry.subscription(), retry.sequence());
    }

    private String textOf(final PendingRetry retry)
    {
        final RetryEntry entry = log.read(retry.subscription(), retry.sequence());
        return entry == null ? "" : entry.text();
    }

    private int takeEnded(final long nowNs)
    {
        int count = 0;
        // One round: what can't be noted in it is put behind.
        for (int i = unnoted.size(); i > 0 && unnoted.peek().dueNs() <= nowNs; i--)
        {
            take(unnoted.remove().call());
            count++;
        }
        for (RetryCall call = ended.poll(); call != null; call = ended.poll())
        {
            take(call);
            count++;
        }
        return count;
    }

    private void take(final RetryCall call)
    {
        try
        {
            if (call.letter() == RetryCall.NO_LETTER)
            {
                takeRetry(call);
            }
            else
            {
                letters.ended(call);
            }
        }
        catch (final RuntimeException ex)
        {
            // What came of the call must be noted: again later, and meanwhile that of the others.
            core.onError(ex);
            unnoted.add(new Unnoted(call, core.nowNs() + PAUSE_NS));
        }
    }

    private void takeRetry(final RetryCall call)
    {
        final long id = call.subscription().retryId();
        if (!call.wasCalled())
        {
            putBack(id, call.sequence(), core.nowNs() + AGAIN_NS);
        }
        else if (call.failure() == null)
        {
            done(id, call.sequence());
        }
        else
        {
            recorder.failed(
                call.subscription(),
                call.event(),
                call.attempt(),
                call.firstFailureNs(),
                call.endedNs(),
                FailureRecorder.causeOf(call.failure()),
                call.failure());
            gone.again(id);
        }
    }

    private EventFlyweight read(final long sequence)
    {
        if (records == null)
        {
            records = JournalRecords.open(tails.get());
        }
        records.refresh();
        final EventFlyweight event = records.read(sequence, JournalRecords.NO_PLACE);
        if (event == null)
        {
            return null;
        }
        rules.turn(delivered.wrap(event.buffer(), event.offset()));
        return delivered;
    }

    private void done(final long subscription, final long sequence)
    {
        done(RetryEntry.closed(subscription, sequence));
    }

    // From now on nothing in the log keeps a feed that has not come so far from handing it out. Not for what the
    // journal has lost: its sequence is given to another event.
    private void done(final RetryEntry entry)
    {
        final Subscription subscription = dispatch.find(entry.subscription());
        final DeliveryPosition position = subscription == null ? null : subscription.position();
        if (position != null && !position.isLive() && entry.sequence() > position.lowest())
        {
            position.doneAhead(entry.sequence());
        }
        close(entry);
    }

    private void close(final long subscription, final long sequence)
    {
        close(RetryEntry.closed(subscription, sequence));
    }

    private void close(final RetryEntry entry)
    {
        if (!unclosed.isEmpty() || !log.append(entry))
        {
            unclosed.add(entry);
        }
    }

    private void putBack(final long subscription, final long sequence, final long dueNs)
    {
        pending.putBack(subscription, sequence, dueNs);
    }
}
