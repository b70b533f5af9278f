package io.sluice.engine.ring;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Threads that start together and end in bounded time; the first error of any of them fails the test. */
final class Race
{
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

    /** What one thread does. */
    @FunctionalInterface
    interface Runner
    {
        void run(int index) throws Exception;
    }

    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch start = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final long deadline = System.nanoTime() + LIMIT_NS;

    Race with(final int count, final Runner runner)
    {
        for (int i = 0; i < count; i++)
        {
            final int index = i;
            final Thread thread = new Thread(() ->
            {
                try
                {
                    start.await();
                    runner.run(index);
                }
                catch (final Throwable ex)
                {
                    failure.compareAndSet(null, ex);
                }
            });
            threads.add(thread);
            thread.start();
        }
        return this;
    }

    void run() throws Exception
    {
        start.countDown();
        for (final Thread thread : threads)
        {
            thread.join(TimeUnit.NANOSECONDS.toMillis(LIMIT_NS));
            if (thread.isAlive())
            {
                fail("a thread did not end within 60 s, it is at " + List.of(thread.getStackTrace()));
            }
        }
        if (failure.get() != null)
        {
            throw new AssertionError("a racing thread failed: " + failure.get(), failure.get());
        }
    }

    /** For loops inside of runners: ends the loop when another thread has failed or the time is over. */
    void onSpin(final String what)
    {
        if (failure.get() != null)
        {
            throw new IllegalStateException("given up because another thread failed");
        }
        if (System.nanoTime() - deadline > 0)
        {
            throw new IllegalStateException("waited too long for " + what);
        }
        Thread.yield();
    }
}
