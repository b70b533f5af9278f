package io.sluice.engine.stream;

import io.sluice.event.Priority;
import io.sluice.event.TopicPattern;
import io.sluice.event.filter.EventFilter;
import io.sluice.event.filter.EventFilterBuilder;
import java.util.Objects;

/** What the subscriber of a stream wants. Immutable: each setter returns a new one. */
public final class EventStreamSpec
{
    private static final int MAX_BUFFER = 1 << 20;

    private final String name;
    private final String pattern;
    private final String filter;
    private final Priority minimumPriority;
    private final StreamOverflow overflow;
    private final int bufferSize;
    private final long bufferBytes;

    private EventStreamSpec(
        final String name,
        final String pattern,
        final String filter,
        final Priority minimumPriority,
        final StreamOverflow overflow,
        final int bufferSize,
        final long bufferBytes)
    {
        this.name = name;
        this.pattern = pattern;
        this.filter = filter;
        this.minimumPriority = minimumPriority;
        this.overflow = overflow;
        this.bufferSize = bufferSize;
        this.bufferBytes = bufferBytes;
    }

    /**
     * A stream of all events, with the sizes of {@link EventStreamsContext}, that drops the oldest when it is full.
     *
     * @param name of the stream, unique among those that are open.
     * @return the specification.
     */
    public static EventStreamSpec of(final String name)
    {
        if (Objects.requireNonNull(name, "name").isBlank())
        {
            throw new IllegalArgumentException("name='" + name + "' is blank: name the subscriber");
        }
        return new EventStreamSpec(name, "*", "", Priority.LOW, StreamOverflow.DROP_OLDEST, 0, 0);
    }

    /**
     * @param value pattern of types, see {@link TopicPattern}; default {@code *}.
     * @return a specification with that.
     * @throws io.sluice.event.EventFilterException if it is malformed.
     */
    public EventStreamSpec pattern(final String value)
    {
        return new EventStreamSpec(
            name, TopicPattern.of(value).text(), filter, minimumPriority, overflow, bufferSize, bufferBytes);
    }

    /**
     * @param value condition besides, see {@link EventFilter}; empty (default) for none.
     * @return a specification with that.
     * @throws io.sluice.event.EventFilterException with the column of the fault, if it is not valid.
     */
    public EventStreamSpec filter(final String value)
    {
        if (!value.isEmpty())
        {
            EventFilter.of(value);
        }
        return new EventStreamSpec(name, pattern, value, minimumPriority, overflow, bufferSize, bufferBytes);
    }

    /**
     * @param value least urgent priority that is wanted; default LOW.
     * @return a specification with that.
     */
    public EventStreamSpec minimumPriority(final Priority value)
    {
        return new EventStreamSpec(
            name, pattern, filter, Objects.requireNonNull(value, "minimumPriority"), overflow, bufferSize, bufferBytes);
    }

    /**
     * @param value what happens when the buffer has no room; default {@link StreamOverflow#DROP_OLDEST}.
     * @return a specification with that.
     */
    public EventStreamSpec overflow(final StreamOverflow value)
    {
        return new EventStreamSpec(
            name, pattern, filter, minimumPriority, Objects.requireNonNull(value, "overflow"), bufferSize, bufferBytes);
    }

    /**
     * @param events that the buffer holds at most, 1 to 1,048,576; default {@link EventStreamsContext#bufferSize}.
     * @return a specification with that.
     */
    public EventStreamSpec bufferSize(final int events)
    {
        checkBufferSize(events);
        return new EventStreamSpec(name, pattern, filter, minimumPriority, overflow, events, bufferBytes);
    }

    /**
     * @param bytes that the events in the buffer may take, at least 1024; default {@link
     *              EventStreamsContext#bufferBytes}.
     * @return a specification with that.
     */
    public EventStreamSpec bufferBytes(final long bytes)
    {
        checkBufferBytes(bytes);
        return new EventStreamSpec(name, pattern, filter, minimumPriority, overflow, bufferSize, bytes);
    }

    /** @return name of the stream. */
    public String name()
    {
        return name;
    }

    /** @return pattern of types. */
    public String pattern()
    {
        return pattern;
    }

    /** @return condition besides, empty for none. */
    public String filter()
    {
        return filter;
    }

    /** @return least urgent priority that is wanted. */
    public Priority minimumPriority()
    {
        return minimumPriority;
    }

    /** @return what happens when the buffer has no room. */
    public StreamOverflow overflow()
    {
        return overflow;
    }

    /** @return events that the buffer holds at most, 0 for the default. */
    public int bufferSize()
    {
        return bufferSize;
    }

    /** @return bytes that the events in the buffer may take, 0 for the default. */
    public long bufferBytes()
    {
        return bufferBytes;
    }

    /** @return pattern, priority and condition in one. Not thread-safe; each call makes another one. */
    EventFilter newFilter()
    {
        final EventFilterBuilder builder = new EventFilterBuilder();
        if (!"*".equals(pattern))
        {
            builder.typePattern(pattern);
        }
        if (minimumPriority != Priority.LOW)
        {
            builder.minPriority(minimumPriority);
        }
        if (!filter.isEmpty())
        {
            builder.where(filter);
        }
        return builder.build();
    }

    static void checkBufferSize(final int events)
    {
        if (events < 1 || events > MAX_BUFFER)
        {
            throw new IllegalArgumentException("bufferSize=" + events + " must be 1 to " + MAX_BUFFER + " events");
        }
    }

    static void checkBufferBytes(final long bytes)
    {
        if (bytes < NodePool.MIN_BUFFER)
        {
            throw new IllegalArgumentException(
                "bufferBytes=" + bytes + " must be at least " + NodePool.MIN_BUFFER + " bytes");
        }
    }
}
