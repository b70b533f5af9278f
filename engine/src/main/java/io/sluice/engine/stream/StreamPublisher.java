package io.sluice.engine.stream;

import io.sluice.event.EventStreamException;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Adapts a stream to the reactive interfaces of the JDK; demand is the subscriber's, the pulling is done here. */
final class StreamPublisher implements Flow.Publisher<StreamItem>
{
    private static final long WAIT_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final EventStream stream;
    private final Executor executor;
    private final AtomicBoolean isTaken = new AtomicBoolean();

    StreamPublisher(final EventStream stream, final Executor executor)
    {
        this.stream = stream;
        this.executor = Objects.requireNonNull(executor, "executor");
    }

    @Override
    public void subscribe(final Flow.Subscriber<? super StreamItem> subscriber)
    {
        Objects.requireNonNull(subscriber, "subscriber");
        if (isTaken.compareAndSet(false, true))
        {
            new Pump(subscriber).start();
        }
        else
        {
            subscriber.onSubscribe(new NoSubscription());
            subscriber.onError(new IllegalStateException(
                "stream '" + stream.spec().name() + "' has a subscriber: open another stream"));
        }
    }

    /** Of a subscriber that came second. */
    private static final class NoSubscription implements Flow.Subscription
    {
        @Override
        public void request(final long count)
        {
            // There is nothing to ask for.
        }

        @Override
        public void cancel()
        {
            // There is nothing to end.
        }
    }

    /** Runs while there is demand; never twice at a time. */
    private final class Pump implements Flow.Subscription, Runnable
    {
        private final Flow.Subscriber<? super StreamItem> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private final AtomicBoolean isRunning = new AtomicBoolean();
        private volatile boolean isCancelled;
        private volatile IllegalArgumentException misuse;
        private volatile boolean isDone;

        Pump(final Flow.Subscriber<? super StreamItem> subscriber)
        {
            this.subscriber = subscriber;
        }

        void start()
        {
            subscriber.onSubscribe(this);
        }

        @Override
        public void request(final long count)
        {
            if (count <= 0)
            {
                misuse = new IllegalArgumentException("request(" + count + ") must be more than 0");
            }
            else
            {
                demand.accumulateAndGet(count, (old, more) -> old + more < 0 ? Long.MAX_VALUE : old + more);
            }
            schedule();
        }

        @Override
        public void cancel()
        {
            isCancelled = true;
            stream.close();
        }

        @Override
        public void run()
        {
            try
            {
                while (!isDone && !isCancelled && (demand.get() > 0 || misuse != null))
                {
                    step();
                }
            }
            finally
            {
                isRunning.set(false);
            }
            // Whoever asked for more after the last look found this running.
            if (!isDone && !isCancelled && (demand.get() > 0 || misuse != null))
            {
                schedule();
            }
        }

        private void step()
        {
            final StreamItem item;
            try
            {
                item = misuse == null ? stream.next(WAIT_NS) : null;
                if (misuse != null)
                {
                    throw misuse;
                }
            }
            catch (final RuntimeException ex)
            {
                fail(ex);
                return;
            }
            if (item != null)
            {
                demand.decrementAndGet();
                hand(item);
            }
            else if (stream.isEnded() && !isCancelled)
            {
                isDone = true;
                subscriber.onComplete();
            }
            else if (Thread.currentThread().isInterrupted())
            {
                fail(new EventStreamException(
                    "interrupted while waiting for stream '" + stream.spec().name() +
                    "': cancel the subscription before its executor is ended"));
            }
        }

        private void fail(final RuntimeException ex)
        {
            isDone = true;
            stream.close();
            subscriber.onError(ex);
        }

        private void hand(final StreamItem item)
        {
            try
            {
                subscriber.onNext(item);
            }
            catch (final RuntimeException ex)
            {
                // It may not throw; one that does is as good as cancelled.
                isDone = true;
                stream.close();
                throw ex;
            }
        }

        private void schedule()
        {
            if (!isDone && !isCancelled && isRunning.compareAndSet(false, true))
            {
                try
                {
                    executor.execute(this);
                }
                catch (final RejectedExecutionException ex)
                {
                    fail(new EventStreamException(
                        "the executor of stream '" + stream.spec().name() + "' takes nothing any more (" + ex +
                        "): cancel the subscription before it is ended", ex));
                }
            }
        }
    }
}
