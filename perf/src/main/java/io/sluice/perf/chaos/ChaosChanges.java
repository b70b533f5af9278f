package io.sluice.perf.chaos;

import io.sluice.engine.Engine;
import io.sluice.engine.EventHandler;
import io.sluice.engine.Subscription;
import io.sluice.perf.measure.ThreadEnd;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** The thread of a child that pauses, resumes, ends, begins and promotes subscriptions at random. */
final class ChaosChanges
{
    private static final long LONGEST_PAUSE_NS = 60_000_000L;

    private final Engine engine;
    private final LineLog log;
    private final Map<ChaosSubscription, EventHandler> handlers;
    private final Map<ChaosSubscription, Subscription> current = new EnumMap<>(ChaosSubscription.class);
    private final Random random;
    private final Thread thread = new Thread(this::change, "chaos-change");
    private volatile boolean isClosed;

    ChaosChanges(
        final Engine engine,
        final LineLog log,
        final Map<ChaosSubscription, EventHandler> handlers,
        final long seed)
    {
        this.engine = engine;
        this.log = log;
        this.handlers = handlers;
        random = new Random(seed);
        for (final ChaosSubscription kind : ChaosSubscription.values())
        {
            engine.subscriptions().stream()
                .filter(one -> one.name().equals(kind.label()))
                .forEach(one -> current.put(kind, one));
        }
    }

    /** Subscribe all that are not, resume and promote all: before the thread is started, or instead of it. */
    void settle()
    {
        for (final ChaosSubscription kind : ChaosSubscription.values())
        {
            subscribe(kind);
            current.get(kind).resume();
            current.get(kind).promote();
        }
    }

    void start()
    {
        thread.start();
    }

    /** End the thread. */
    void stop()
    {
        isClosed = true;
        ThreadEnd.await(thread);
    }

    private void change()
    {
        final ChaosSubscription[] kinds = ChaosSubscription.values();
        while (!isClosed)
        {
            pause();
            final ChaosSubscription kind = kinds[random.nextInt(kinds.length)];
            final int choice = random.nextInt(3);
            final String what = choice == 0 && kind.isDurable() ? LineLog.LEAVE : choice == 1 ? "promote" : "pause";
            log.tell(LineLog.CHANGING, kind.ordinal(), what);
            final Subscription subscription = subscribe(kind);
            switch (what)
            {
                case LineLog.LEAVE:
                    engine.unsubscribe(subscription);
                    current.remove(kind);
                    pause();
                    subscribe(kind);
                    break;

                case "promote":
                    subscription.resume();
                    subscription.promote();
                    break;

                default:
                    subscription.pause();
                    pause();
                    subscription.resume();
                    break;
            }
            log.tell(LineLog.CHANGED);
        }
    }

    private Subscription subscribe(final ChaosSubscription kind)
    {
        Subscription subscription = current.get(kind);
        if (subscription == null)
        {
            subscription = engine.subscribe(kind.spec(handlers.get(kind)));
            log.tell(LineLog.SUBSCRIBED, kind.ordinal(), engine.journaledSequence());
            current.put(kind, subscription);
        }
        return subscription;
    }

    private void pause()
    {
        final long untilNs = System.nanoTime() + (long)(random.nextDouble() * LONGEST_PAUSE_NS);
        for (long left = untilNs - System.nanoTime(); left > 0 && !isClosed; left = untilNs - System.nanoTime())
        {
            LockSupport.parkNanos(left);
        }
    }
}
