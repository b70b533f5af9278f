package io.sluice.engine.stream;

import io.sluice.engine.Durability;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.EventHandler;
import io.sluice.engine.Subscription;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.event.EventStreamException;
import java.util.ArrayList;
import java.util.List;

/**
 * The streams of an engine. They hang on one ordinary subscription, so what they cost the engine is one copy of an
 * event, however many streams take it.
 *
 * <pre>{@code
 * try (EventStreams streams = EventStreams.on(engine);
 *     EventStream stream = streams.subscribe(EventStreamSpec.of("dashboard").pattern("pipeline.*")))
 * {
 *     for (StreamItem item : stream)
 *     {
 *         show(item.isEvent() ? item.event().type() : "missed " + item.missed());
 *     }
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class EventStreams implements AutoCloseable
{
    /** Of the subscription that feeds the streams of an engine; rules may name it. */
    static final String NAME = "streams";

    private final EventStreamsContext context;
    private final StreamFeed feed;
    private final List<EventStream> streams = new ArrayList<>();
    private Runnable unsubscribe = () ->
    {
    };
    private long reservedBytes;
    private boolean isClosed;

    private EventStreams(final EventStreamsContext context)
    {
        this.context = context;
        feed = new StreamFeed(context);
    }

    /**
     * Streams that a subscription of the host feeds, see {@link #handler}.
     *
     * @param context from now on theirs.
     * @return without streams.
     * @throws IllegalArgumentException if a setting is not allowed.
     */
    public static EventStreams open(final EventStreamsContext context)
    {
        return new EventStreams(context.conclude());
    }

    /**
     * Streams of an engine, with all defaults.
     *
     * @param engine that runs; close the streams before it.
     * @return without streams.
     */
    public static EventStreams on(final Engine engine)
    {
        return on(engine, new EventStreamsContext());
    }

    /**
     * Streams of an engine.
     *
     * @param engine   that runs; close the streams before it.
     * @param settings whose clock, error handler, memory, keys, journal, handled sequence and rules are replaced by the
     *                 engine's.
     * @return without streams.
     * @throws IllegalArgumentException if a setting is not allowed.
     */
    public static EventStreams on(final Engine engine, final EventStreamsContext settings)
    {
        final EngineContext host = engine.context();
        settings.clock(host.clock()).errorHandler(host.errorHandler()).memory(engine.memory());
        if (host.durability() != Durability.NONE)
        {
            settings.journal(host.directory(), engine::journaledSequence)
                .keys(host.journal().archive().keys())
                .handledSequence(engine::handledSequence)
                .deliveredRecords(() -> engine.deliveredRecords(NAME));
        }
        final EventStreams streams = open(settings);
        final Subscription subscription =
            engine.subscribe(SubscriptionSpec.to("*", streams.handler()).name(NAME));
        streams.unsubscribe = () -> engine.unsubscribe(subscription);
        return streams;
    }

    /**
     * What feeds the streams. It never blocks, allocates nothing in the steady state, and throws nothing that a stream
     * or its subscriber causes.
     *
     * @return to be subscribed to {@code *} once, and called by one thread at a time.
     */
    public EventHandler handler()
    {
        return feed;
    }

    /**
     * Open a stream of the events that are journaled from now on. Those that are between journal and handler just now
     * may come or not.
     *
     * @param spec of it.
     * @return the stream, to be closed by its subscriber.
     * @throws EventStreamException if there are as many streams as may be, or no memory is left for one more, or its
     *                              name is in use, or it wants to wait and there is no journal.
     */
    public synchronized EventStream subscribe(final EventStreamSpec spec)
    {
        final long footprint = StreamBuffer.footprint(spec, context);
        check(spec, footprint);
        final long start = context.directory() == null ? 0 : context.journaledSequence().getAsLong();
        feed.memory().take(StreamBuffer.emptyFootprint(spec, context));
        final StreamBuffer buffer = new StreamBuffer(spec, context, start);
        final EventStream stream = new EventStream(buffer, feed, context, this);
        streams.add(stream);
        reservedBytes += footprint;
        publish();
        return stream;
    }

    /** @return figures of the streams that are open. */
    public synchronized List<StreamStats> stats()
    {
        return streams.stream().map(EventStream::stats).toList();
    }

    /** @return bytes that the streams that are open may take, of {@link EventStreamsContext#maxBytes}. */
    public synchronized long reservedBytes()
    {
        return reservedBytes;
    }

    /**
     * End all streams. Their subscribers still get what is buffered, and those that catch up what the feed had by now.
     * Idempotent.
     */
    @Override
    public void close()
    {
        final List<EventStream> ending;
        synchronized (this)
        {
            if (isClosed)
            {
                return;
            }
            isClosed = true;
            ending = List.copyOf(streams);
        }
        unsubscribe.run();
        ending.forEach(stream -> stream.buffer().end(StreamState.ENDED, feed.lastFed()));
        synchronized (this)
        {
            letGoOfMemory();
        }
    }

    private void letGoOfMemory()
    {
        if (isClosed && streams.isEmpty())
        {
            feed.memory().close();
        }
    }

    synchronized void remove(final EventStream stream)
    {
        if (streams.remove(stream))
        {
            reservedBytes -= StreamBuffer.footprint(stream.spec(), context);
            feed.memory().release(StreamBuffer.emptyFootprint(stream.spec(), context));
            publish();
            letGoOfMemory();
        }
    }

    private void check(final EventStreamSpec spec, final long footprint)
    {
        final String reason;
        if (isClosed)
        {
            reason = "the streams are closed: open others";
        }
        else if (streams.size() >= context.maxStreams())
        {
            reason = "there are " + streams.size() + " already: close one, or raise maxStreams";
        }
        else if (reservedBytes + footprint > context.maxBytes())
        {
            reason = "it needs " + footprint + " bytes, and of maxBytes=" + context.maxBytes() + " there are " +
                (context.maxBytes() - reservedBytes) + " left: give it a smaller buffer, or raise maxBytes";
        }
        else if (streams.stream().anyMatch(other -> other.spec().name().equals(spec.name())))
        {
            reason = "its name is in use: choose another one, or close that stream";
        }
        else if (spec.overflow() == StreamOverflow.WAIT && context.directory() == null)
        {
            reason = "there is no journal to go on from: use DROP_OLDEST or DISCONNECT";
        }
        else
        {
            return;
        }
        throw new EventStreamException("stream '" + spec.name() + "' can't be opened: " + reason);
    }

    private void publish()
    {
        feed.streams(streams.stream().map(EventStream::buffer).toList());
    }
}
