package io.sluice.engine;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * What any thread asks the delivery thread to do. Once the engine is closed or has failed, that thread does nothing any
 * more: then whoever asks is told so, and waits for no answer that never comes.
 */
final class DeliveryRequests
{
    private final EngineCore core;
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private volatile boolean isClosed;

    private record Request(Runnable action, Consumer<IllegalStateException> refusal)
    {
    }

    DeliveryRequests(final EngineCore core)
    {
        this.core = core;
    }

    /** Any thread: ask for something. */
    void add(final Runnable action, final Consumer<IllegalStateException> refused)
    {
        requests.add(new Request(action, refused));
        if (refusal() != null)
        {
            refuse();
        }
        core.raiseAttention();
    }

    /**
     * Any thread, before something is asked for that takes its time.
     *
     * @throws IllegalStateException if the engine is closed or has failed.
     */
    void checkRunning()
    {
        final IllegalStateException refusal = refusal();
        if (refusal != null)
        {
            throw refusal;
        }
    }

    /** Delivery thread: do what is asked for. */
    int run()
    {
        int count = 0;
        for (Request request = requests.poll(); request != null; request = requests.poll())
        {
            try
            {
                request.action().run();
            }
            catch (final RuntimeException ex)
            {
                core.onError(ex);
            }
            count++;
        }
        return count;
    }

    /** Once the engine has failed: tell everybody who waits. */
    void refuse()
    {
        for (Request request = requests.poll(); request != null; request = requests.poll())
        {
            request.refusal().accept(refusal());
        }
    }

    /** Delivery thread: do what is asked for until now, and nothing after that. */
    void close()
    {
        run();
        isClosed = true;
        refuse();
    }

    private IllegalStateException refusal()
    {
        final Throwable failure = core.failure();
        if (failure != null)
        {
            return new IllegalStateException(
                "the engine has failed, and does nothing for subscriptions and dead letters any more: close it, " +
                "and ask the next one; it failed with " + failure, failure);
        }
        return !isClosed ? null : new IllegalStateException(
            "the engine is closed, and does nothing for subscriptions and dead letters any more: ask the next one");
    }
}
