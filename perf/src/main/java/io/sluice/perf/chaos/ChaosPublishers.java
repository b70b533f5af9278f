package io.sluice.perf.chaos;

import io.sluice.engine.Durability;
import io.sluice.engine.Engine;
import io.sluice.engine.EventBatchBuilder;
import io.sluice.engine.PublishResult;
import io.sluice.engine.Publisher;
import io.sluice.event.EventBuilder;
import io.sluice.perf.measure.ThreadEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The threads of a child that publish, each in its own way, and write down what was acknowledged. */
final class ChaosPublishers
{
    private static final int THREADS = 3;
    private static final int BURST = 16;
    private static final long TIMEOUT_NS = 20_000_000_000L;
    private static final long PAUSE_NS = 200_000L;
    private static final double NS_PER_S = 1e9;

    private final Engine engine;
    private final LineLog log;
    private final AtomicLong next;
    private final long intervalNs;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean isClosed;

    /** Starts the threads. */
    ChaosPublishers(final Engine engine, final LineLog log, final ChildOrders orders)
    {
        this.engine = engine;
        this.log = log;
        next = new AtomicLong(orders.firstNumber());
        intervalNs = (long)(NS_PER_S * BURST * THREADS / orders.eventsPerS());
        for (int i = 0; i < THREADS; i++)
        {
            final int way = i;
            final Thread thread = new Thread(() -> publish(way), "chaos-publish-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    /** End the threads. */
    void stop()
    {
        isClosed = true;
        threads.forEach(ThreadEnd::await);
    }

    private void publish(final int way)
    {
        long dueNs = System.nanoTime();
        try (Publisher publisher = engine.publisher("chaos-" + way))
        {
            while (!isClosed)
            {
                switch (way)
                {
                    case 0:
                        publishOneByOne(publisher);
                        break;

                    case 1:
                        publishThenWait(publisher);
                        break;

                    default:
                        publishBatch(publisher);
                        break;
                }
                dueNs += intervalNs;
                while (!isClosed && dueNs - System.nanoTime() > 0)
                {
                    LockSupport.parkNanos(Math.min(PAUSE_NS, dueNs - System.nanoTime()));
                }
            }
        }
    }

    private void publishOneByOne(final Publisher publisher)
    {
        final EventBuilder event = new EventBuilder();
        for (int i = 0; i < BURST && !isClosed; i++)
        {
            final long number = next.getAndIncrement();
            ChaosEvent.build(event, number);
            acknowledged(publisher, number, admit(publisher, event));
        }
    }

    private void publishThenWait(final Publisher publisher)
    {
        final EventBuilder event = new EventBuilder();
        final long[] numbers = new long[BURST];
        final long[] tickets = new long[BURST];
        for (int i = 0; i < BURST; i++)
        {
            numbers[i] = next.getAndIncrement();
            ChaosEvent.build(event, numbers[i]);
            tickets[i] = admit(publisher, event);
        }
        for (int i = 0; i < BURST; i++)
        {
            acknowledged(publisher, numbers[i], tickets[i]);
        }
    }

    // A batch has one priority: numbers are drawn until enough of them have that of the first.
    private void publishBatch(final Publisher publisher)
    {
        final EventBuilder event = new EventBuilder();
        final EventBatchBuilder batch = publisher.newBatch();
        final List<Long> numbers = new ArrayList<>();
        while (numbers.size() < BURST / 2)
        {
            final long number = next.getAndIncrement();
            if (numbers.isEmpty() || ChaosEvent.priorityOf(number) == ChaosEvent.priorityOf(numbers.get(0)))
            {
                ChaosEvent.build(event, number);
                batch.add(event);
                numbers.add(number);
            }
        }
        long ticket = publisher.publishBatch(batch);
        while (PublishResult.isTransient(ticket) && !isClosed)
        {
            LockSupport.parkNanos(PAUSE_NS);
            ticket = publisher.publishBatch(batch);
        }
        for (int i = 0; i < numbers.size() && ticket >= 0; i++)
        {
            acknowledged(publisher, numbers.get(i), publisher.ticketOf(ticket, i));
        }
    }

    private long admit(final Publisher publisher, final EventBuilder event)
    {
        long ticket = publisher.publish(event);
        while (PublishResult.isTransient(ticket) && !isClosed)
        {
            LockSupport.parkNanos(PAUSE_NS);
            ticket = publisher.publish(event);
        }
        return ticket;
    }

    private void acknowledged(final Publisher publisher, final long number, final long ticket)
    {
        if (ticket < 0)
        {
            return;
        }
        final long sequence = publisher.await(ticket, Durability.JOURNALED, TIMEOUT_NS);
        if (sequence >= 0)
        {
            log.tell(LineLog.ACKNOWLEDGED, number, sequence);
        }
        else if (sequence == PublishResult.TIMED_OUT)
        {
            throw new IllegalStateException("event " + number + " was accepted and is not journaled after " +
                TIMEOUT_NS + " ns");
        }
    }
}
