package io.sluice.index;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.EventValidationException;
import io.sluice.event.IdGenerator;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/** What an event can be found by. The order is that of the files. */
public enum IndexKey
{
    /** The id. */
    ID(null),
    /** What the event belongs to. */
    CORRELATION(EventField.CORRELATION_ID),
    /** Id of the event that caused it. */
    CAUSATION(EventField.CAUSATION_ID),
    /** Session of the user or agent. */
    SESSION(EventField.SESSION_ID),
    /** Workflow run. */
    WORKFLOW(EventField.WORKFLOW_ID),
    /** Type and id of the aggregate, where it has both. */
    AGGREGATE(EventField.AGGREGATE_ID);

    /** Number of keys. */
    public static final int COUNT = 6;
    /** Stands for an event that lacks the key. */
    public static final int ABSENT = 0;

    private static final IndexKey[] KEYS = values();
    private static final int TYPE_ROTATION = 29;
    // Fits an aggregate's type and id of the greatest length.
    private static final int RECORD_LENGTH = 1 << 10;

    private final EventField field;

    IndexKey(final EventField field)
    {
        this.field = field;
    }

    /**
     * Hash the key of an event. Allocates nothing.
     *
     * @param event to look at.
     * @return hash, {@link #ABSENT} if it lacks the key.
     */
    public int hash(final EventFlyweight event)
    {
        if (field == null)
        {
            return folded(event.idHigh() ^ Long.rotateLeft(event.idLow(), TYPE_ROTATION));
        }
        if (event.fieldLength(field) == 0)
        {
            return ABSENT;
        }
        if (this != AGGREGATE)
        {
            return folded(hashOf(event, field));
        }
        return event.fieldLength(EventField.AGGREGATE_TYPE) == 0 ? ABSENT : folded(
            Long.rotateLeft(hashOf(event, EventField.AGGREGATE_TYPE), TYPE_ROTATION) ^ hashOf(event, field));
    }

    /**
     * Hash a key as events have it. Allocates.
     *
     * @param value of the key.
     * @return hash, {@link #ABSENT} if no event can have this value.
     * @throws IllegalArgumentException for {@link #AGGREGATE}, which has two values.
     */
    public int hash(final String value)
    {
        return switch (this)
        {
            case ID -> hashWhen(value, (event) -> event.id(value));
            case CORRELATION -> hashWhen(value, (event) -> event.correlationId(value));
            case CAUSATION -> hashWhen(value, (event) -> event.causationId(value));
            case SESSION -> hashWhen(value, (event) -> event.sessionId(value));
            case WORKFLOW -> hashWhen(value, (event) -> event.workflowId(value));
            case AGGREGATE -> throw new IllegalArgumentException("an aggregate has a type and an id");
        };
    }

    /**
     * Hash the key of an aggregate. Allocates.
     *
     * @param type of the aggregate.
     * @param id   of the aggregate.
     * @return hash, {@link #ABSENT} if no event can have these.
     */
    public static int ofAggregate(final String type, final String id)
    {
        return type.isEmpty() || id.isEmpty() ? ABSENT :
            AGGREGATE.hashWhen(id, (event) -> event.aggregate(type, id, 1));
    }

    static IndexKey of(final int ordinal)
    {
        return KEYS[ordinal];
    }

    // An event is made for it: so what is looked for is hashed by what hashed what is there.
    private int hashWhen(final String value, final Consumer<EventBuilder> setter)
    {
        if (value.isEmpty())
        {
            return ABSENT;
        }
        final EventBuilder builder = new EventBuilder().type("key");
        try
        {
            setter.accept(builder);
        }
        catch (final EventValidationException ex)
        {
            return ABSENT;
        }
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[RECORD_LENGTH]);
        builder.encode(
            new EventEncoder(), buffer, 0, RECORD_LENGTH, new EventDefaults(() -> 0, new IdGenerator(0)));
        return hash(new EventFlyweight().wrap(buffer, 0));
    }

    private static long hashOf(final EventFlyweight event, final EventField field)
    {
        return EventHash.hash64(event.buffer(), event.fieldOffset(field), event.fieldLength(field));
    }

    private static int folded(final long hash)
    {
        // XXH3 mixes all bits well, but ids may be UUIDs that count up.
        final long mixed = hash * 0x9E37_79B9_7F4A_7C15L;
        final int folded = (int)(mixed >>> Integer.SIZE);
        return folded == ABSENT ? 1 : folded;
    }
}
