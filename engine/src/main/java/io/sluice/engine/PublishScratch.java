package io.sluice.engine;

import io.sluice.engine.admission.RoomQueue;
import io.sluice.engine.rule.AdmissionRules;
import io.sluice.engine.rule.AdmissionRun;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStamp;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** What one publishing thread needs to encode an event, and the event that it is handling just now, if any. */
final class PublishScratch
{
    static final int TOO_LARGE = -1;

    private static final int INITIAL_LENGTH = 4096;
    private static final int GROWTH = 4;

    private final EventEncoder encoder = new EventEncoder();
    private final EventFlyweight record = new EventFlyweight();
    private final PublishAttempt attempt = new PublishAttempt();
    private final RoomQueue.Place place = new RoomQueue.Place();
    private EventBuilder builder;
    private EventBatchBuilder batch;
    private AdmissionRun rules;
    private final EventDefaults defaults;
    private final int maxLength;
    private UnsafeBuffer buffer;
    private EventFlyweight handled;
    private boolean engineThread;

    PublishScratch(final EventDefaults defaults, final int maxLength)
    {
        this.defaults = defaults;
        this.maxLength = maxLength;
        buffer = newBuffer(Math.min(INITIAL_LENGTH, maxLength));
    }

    /** Encode an event at the start of {@link #buffer()}, and return its length or {@link #TOO_LARGE}. */
    int encode(final EventBuilder event)
    {
        if (!isInHandler())
        {
            return encodeGrowing(event);
        }
        final String correlationId = event.correlationId();
        final String causationId = event.causationId();
        carryContext(event);
        try
        {
            return encodeGrowing(event);
        }
        finally
        {
            event.correlationId(correlationId).causationId(causationId);
        }
    }

    /** As {@link #encode}, but an event that is not of the handler that is being called, if any. */
    int encodeOfOthers(final EventBuilder event)
    {
        return encodeGrowing(event);
    }

    /** Give an event what it lacks of the ids that relate it to the event that is being handled, if any. */
    void carryContext(final EventBuilder event)
    {
        if (!isInHandler())
        {
            return;
        }
        if (isAbsent(event.correlationId()))
        {
            final boolean hasCorrelation = handled.fieldLength(EventField.CORRELATION_ID) > 0;
            event.correlationId(hasCorrelation ? handled.text(EventField.CORRELATION_ID) : handled.id());
        }
        if (isAbsent(event.causationId()))
        {
            event.causationId(handled.id());
        }
    }

    UnsafeBuffer buffer()
    {
        return buffer;
    }

    EventFlyweight record()
    {
        return record;
    }

    /** Copy a record to the start of {@link #buffer()}, as one of an event that is alone. */
    void copyAlone(final DirectBuffer source, final int offset, final int length)
    {
        if (length > buffer.capacity())
        {
            buffer = newBuffer(length);
        }
        buffer.putBytes(0, source, offset, length);
        EventStamp.batch(buffer, 0, 0, 1);
    }

    /** @return the priority that rules give to an event that is about to be admitted. */
    Priority priority(final AdmissionRules admission, final EventFlyweight event)
    {
        if (rules == null)
        {
            rules = admission.newRun();
        }
        return rules.priority(event);
    }

    PublishAttempt attempt()
    {
        return attempt;
    }

    /** @return where the thread stands while it waits for room. */
    RoomQueue.Place place()
    {
        return place;
    }

    /** @return an empty builder. */
    EventBuilder builder()
    {
        if (builder == null)
        {
            builder = new EventBuilder();
        }
        return builder.clear();
    }

    /** @return an empty batch. */
    EventBatchBuilder batch(final EngineCore core)
    {
        if (batch == null)
        {
            batch = new EventBatchBuilder(core);
        }
        return batch.clear();
    }

    /** @return true while a handler is being called on this thread. */
    boolean isInHandler()
    {
        return handled != null;
    }

    void enterHandler(final EventFlyweight event)
    {
        handled = event;
    }

    void exitHandler()
    {
        handled = null;
    }

    boolean isEngineThread()
    {
        return engineThread;
    }

    void engineThread(final boolean value)
    {
        engineThread = value;
    }

    private static boolean isAbsent(final String value)
    {
        return value == null || value.isEmpty();
    }

    private int encodeGrowing(final EventBuilder event)
    {
        while (true)
        {
            try
            {
                return event.encode(encoder, buffer, 0, buffer.capacity(), defaults);
            }
            catch (final EventValidationException ex)
            {
                if (!EventEncoder.RECORD.equals(ex.field()))
                {
                    throw ex;
                }
                if (buffer.capacity() == maxLength)
                {
                    return TOO_LARGE;
                }
                buffer = newBuffer((int)Math.min((long)buffer.capacity() * GROWTH, maxLength));
            }
        }
    }

    private static UnsafeBuffer newBuffer(final int length)
    {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder()));
    }
}
