package io.sluice.event;

import java.util.Map;
import org.agrona.concurrent.EpochNanoClock;

/**
 * What {@link EventBuilder#encode} fills in where an event says nothing: time, id, source and members of the metadata.
 *
 * <pre>{@code
 * new EventDefaults(clock, new IdGenerator(seed))
 *     .source("worker-7")
 *     .metadata(Map.of("host", "worker-01", "version", "1.0.0"));
 * }</pre>
 *
 * <p>Not thread-safe, as it owns an {@link IdGenerator}: give every thread one of its own with {@link #withIds}. With a
 * given clock and a given seed everything that it supplies is determined. It never looks anything up: no host name, no
 * user.
 */
public final class EventDefaults
{
    private final EpochNanoClock clock;
    private final IdGenerator ids;
    private final FieldBytes source;
    private final Metadata metadata;

    /**
     * Defaults without a source and without metadata.
     *
     * @param clock nanoseconds since 1970 UTC, for events without a time and for ids.
     * @param ids   for events without an id.
     */
    public EventDefaults(final EpochNanoClock clock, final IdGenerator ids)
    {
        this(clock, ids, new FieldBytes(EventField.SOURCE), new Metadata());
    }

    private EventDefaults(
        final EpochNanoClock clock, final IdGenerator ids, final FieldBytes source, final Metadata metadata)
    {
        this.clock = clock;
        this.ids = ids;
        this.source = source;
        this.metadata = metadata;
    }

    /**
     * The same defaults with other ids. Set source and metadata before: what is set later shows in both.
     *
     * @param other the generator of the thread that will use the copy.
     * @return the copy.
     */
    public EventDefaults withIds(final IdGenerator other)
    {
        return new EventDefaults(clock, other, source, metadata);
    }

    /**
     * Source of events without one.
     *
     * @param value at most 255 bytes of UTF-8, or null for none.
     * @return this.
     * @throws EventValidationException if it is too long.
     */
    public EventDefaults source(final String value)
    {
        source.set(value);
        return this;
    }

    /**
     * Members of the metadata, each for events whose metadata has no member of that name. They count against the limit
     * of the metadata.
     *
     * @param values String, Number, Boolean, null, List or Map, or null for none.
     * @return this.
     * @throws EventValidationException if a value has no JSON form, or all together are too long.
     */
    public EventDefaults metadata(final Map<String, ?> values)
    {
        metadata.set(values);
        return this;
    }

    EpochNanoClock clock()
    {
        return clock;
    }

    IdGenerator ids()
    {
        return ids;
    }

    FieldBytes source()
    {
        return source;
    }

    Metadata metadata()
    {
        return metadata;
    }
}
