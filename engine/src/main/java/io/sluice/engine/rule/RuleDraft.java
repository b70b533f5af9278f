package io.sluice.engine.rule;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventException;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStamp;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What becomes of one event while rules are applied to it: where it goes, and what changes in it. The record is written
 * again once, when all rules have had their say. Not thread-safe; reused, and free of allocation once it has grown.
 */
final class RuleDraft
{
    private static final EventField[] FIELDS = EventField.values();
    private static final int INITIAL_CAPACITY = 1024;

    private enum PayloadState
    {
        NOT_READ, JSON, OTHER, MALFORMED
    }

    private final int maxEventLength;
    private final EventEncoder encoder = new EventEncoder();
    private final EventFlyweight transformed = new EventFlyweight();
    private final UnsafeBuffer record = new UnsafeBuffer(new byte[INITIAL_CAPACITY]);
    private final JsonText metadata = new JsonText();
    private final JsonText payload = new JsonText();
    private final JsonText value = new JsonText();
    private EventFlyweight event;
    private PayloadState payloadState;
    private boolean isMetadataRead;
    private boolean isMetadataChanged;
    private boolean isPayloadChanged;
    private DirectBuffer type;
    private DirectBuffer source;
    private DirectBuffer topic;
    private String divertTarget;
    private String[] copyTargets = new String[4];
    private int copyCount;
    private boolean isDiscarded;
    private boolean isStopped;
    private boolean isAbandoned;
    private String failure;
    private int done;

    RuleDraft(final int maxEventLength)
    {
        this.maxEventLength = maxEventLength;
    }

    void begin(final EventFlyweight original)
    {
        event = original;
        payloadState = PayloadState.NOT_READ;
        isMetadataRead = false;
        isMetadataChanged = false;
        isPayloadChanged = false;
        type = null;
        source = null;
        topic = null;
        divertTarget = null;
        copyCount = 0;
        isDiscarded = false;
        isStopped = false;
        isAbandoned = false;
    }

    /** As rules leave it that do the same to each event. */
    void begin(final EventFlyweight original, final SteadyOutcome outcome)
    {
        begin(original);
        divertTarget = outcome.divertTarget;
        topic = outcome.topic;
        isDiscarded = outcome.isDiscarded;
        copyCount = outcome.copyTargets.length;
        if (copyCount > copyTargets.length)
        {
            copyTargets = new String[copyCount];
        }
        System.arraycopy(outcome.copyTargets, 0, copyTargets, 0, copyCount);
    }

    /** The actions of another rule follow. */
    void beginRule()
    {
        failure = null;
        done = 0;
    }

    EventFlyweight original()
    {
        return event;
    }

    /** @return counters of what the rule did, as bits. */
    int done()
    {
        return done;
    }

    /** @return why the rule could not change the event, or null. */
    String failure()
    {
        return failure;
    }

    /** @return true if no later rule is asked. */
    boolean isOver()
    {
        return isStopped || isDiscarded;
    }

    /** @return true if it does not just go to those who want its type. */
    boolean isRouted()
    {
        return isDiscarded || topic != null || divertTarget != null || copyCount > 0;
    }

    boolean isDiscarded()
    {
        return isDiscarded;
    }

    /** @return the subscription that alone gets the event, or null. */
    String divertTarget()
    {
        return divertTarget;
    }

    int copyCount()
    {
        return copyCount;
    }

    String copyTarget(final int index)
    {
        return copyTargets[index];
    }

    /** @return the topic that subscriptions are matched with, null if it is the type. */
    DirectBuffer topic()
    {
        return topic;
    }

    void set(final RulePath target, final byte[] json)
    {
        if (isAbandoned)
        {
            return;
        }
        value.clear();
        value.raw(json, 0, json.length);
        put(target);
    }

    void setFrom(final RulePath target, final RuleField field, final RulePath path)
    {
        value.clear();
        if (!isAbandoned && (field != null ? appendField(field) : findValue(path) && !documentOf(path).isFoundNull()))
        {
            if (field == null)
            {
                documentOf(path).copyFound(value);
            }
            put(target);
        }
    }

    void rename(final EventField field, final DirectBuffer text)
    {
        if (isAbandoned)
        {
            return;
        }
        if (field == EventField.TYPE)
        {
            type = text;
        }
        else
        {
            source = text;
        }
        done |= RuleCounter.TRANSFORMED.bit();
    }

    void move(final RulePath from, final RulePath to)
    {
        // Both must be there before one of them changes.
        if (!isAbandoned && isOpen(to) && findValue(from))
        {
            documentOf(from).copyFound(value);
            documentOf(from).remove(from);
            changed(from);
            put(to);
        }
    }

    void drop(final RulePath target)
    {
        if (!isAbandoned && isOpen(target) && documentOf(target).remove(target))
        {
            changed(target);
        }
    }

    void reroute(final DirectBuffer newTopic)
    {
        topic = newTopic;
        done |= RuleCounter.REROUTED.bit();
    }

    void divert(final String subscription)
    {
        divertTarget = subscription;
        done |= RuleCounter.DIVERTED.bit();
    }

    void copyTo(final String subscription)
    {
        done |= RuleCounter.COPIED.bit();
        for (int i = 0; i < copyCount; i++)
        {
            if (copyTargets[i].equals(subscription))
            {
                return;
            }
        }
        if (copyCount == copyTargets.length)
        {
            copyTargets = Arrays.copyOf(copyTargets, 2 * copyCount);
        }
        copyTargets[copyCount++] = subscription;
    }

    void discard()
    {
        isDiscarded = true;
        done |= RuleCounter.DISCARDED.bit();
    }

    void sampleOut()
    {
        isDiscarded = true;
        done |= RuleCounter.SAMPLED_OUT.bit();
    }

    void stop()
    {
        isStopped = true;
    }

    /** @return true if the event, as it is delivered, is not what was journaled. */
    boolean isChanged()
    {
        return !isAbandoned && (isMetadataChanged || isPayloadChanged || type != null || source != null);
    }

    /**
     * Write the record with all changes.
     *
     * @return null, or why that can't be done.
     */
    String write()
    {
        final int metadataLength = length(EventField.METADATA);
        if (metadataLength > EventField.METADATA.maxLength())
        {
            return "its metadata would have " + metadataLength + " bytes, and at most " +
                EventField.METADATA.maxLength() + " are allowed; set less";
        }
        long length = EventDescriptor.MIN_RECORD_LENGTH;
        for (final EventField field : FIELDS)
        {
            length += length(field);
        }
        if (length > maxEventLength)
        {
            return "it would have " + length + " bytes, and maxEventLength is " + maxEventLength +
                "; set less, or raise maxEventLength";
        }
        if (length > record.capacity())
        {
            record.wrap(new byte[(int)Math.min(2 * length, maxEventLength)]);
        }
        try
        {
            encode((int)length);
            return null;
        }
        catch (final EventException ex)
        {
            return ex.getMessage();
        }
    }

    /** @return the event with all changes, once it is written. */
    EventFlyweight transformed()
    {
        return transformed;
    }

    private void encode(final int length)
    {
        encoder.wrap(record, 0, length)
            .priority(event.priority())
            .category(event.category())
            .contentType(event.contentType())
            .eventTime(event.eventTime())
            .aggregateVersion(event.aggregateVersion())
            .flags(event.flags() & ~event.deliveryFlags());
        if (event.hasUuid())
        {
            encoder.uuid(event.idHigh(), event.idLow());
        }
        for (final EventField field : FIELDS)
        {
            final int fieldLength = length(field);
            if (fieldLength > 0)
            {
                put(field, fieldLength);
            }
        }
        encoder.complete();
        EventStamp.batch(record, 0, event.batchIndex(), event.batchCount());
        EventStamp.stamp(
            record,
            0,
            event.runId(),
            event.sequence(),
            event.journalTime(),
            event.verdict(),
            event.originalSequence());
        transformed.wrap(record, 0).deliveryFlags(event.deliveryFlags());
    }

    private int length(final EventField field)
    {
        if (field == EventField.METADATA && isMetadataChanged)
        {
            return metadata.isEmptyObject() ? 0 : metadata.length();
        }
        final DirectBuffer changed = changedBytes(field);
        return changed != null ? changed.capacity() : event.fieldLength(field);
    }

    private void put(final EventField field, final int length)
    {
        final DirectBuffer changed = changedBytes(field);
        if (changed != null)
        {
            encoder.put(field, changed, 0, length);
        }
        else
        {
            encoder.put(field, event.buffer(), event.fieldOffset(field), length);
        }
    }

    private DirectBuffer changedBytes(final EventField field)
    {
        switch (field)
        {
            case TYPE:
                return type;
            case SOURCE:
                return source;
            case PAYLOAD:
                return isPayloadChanged ? payload.buffer() : null;
            case METADATA:
                return isMetadataChanged ? metadata.buffer() : null;
            default:
                return null;
        }
    }

    private boolean appendField(final RuleField field)
    {
        if (field == RuleField.TYPE && type != null)
        {
            return RuleField.appendText(type, 0, type.capacity(), value);
        }
        if (field == RuleField.SOURCE && source != null)
        {
            return RuleField.appendText(source, 0, source.capacity(), value);
        }
        return field.append(event, value);
    }

    private boolean findValue(final RulePath path)
    {
        return isOpen(path) && documentOf(path).find(path);
    }

    private void put(final RulePath target)
    {
        if (!isOpen(target))
        {
            return;
        }
        if (documentOf(target).put(target, value))
        {
            changed(target);
        }
        else
        {
            fail(target + " can't be set: what is in the way is no object, or it is nested deeper than " +
                JsonScan.MAX_DEPTH + " levels; use another place");
        }
    }

    // The event stays as it was journaled, whatever follows; where it goes is still for the rules to say.
    private void fail(final String reason)
    {
        failure = reason;
        isAbandoned = true;
        done |= RuleCounter.FAILED.bit();
    }

    private void changed(final RulePath path)
    {
        if (path.document() == RulePath.Document.METADATA)
        {
            isMetadataChanged = true;
        }
        else
        {
            isPayloadChanged = true;
        }
        done |= RuleCounter.TRANSFORMED.bit();
    }

    private JsonText documentOf(final RulePath path)
    {
        return path.document() == RulePath.Document.METADATA ? metadata : payload;
    }

    private boolean isOpen(final RulePath path)
    {
        return path.document() == RulePath.Document.METADATA ? isMetadataOpen() : isPayloadOpen();
    }

    private boolean isMetadataOpen()
    {
        if (!isMetadataRead)
        {
            if (!load(EventField.METADATA, metadata) || !metadata.isObject())
            {
                fail("its metadata is no JSON object; publish metadata through EventBuilder, which checks it");
                return false;
            }
            isMetadataRead = true;
        }
        return true;
    }

    private boolean isPayloadOpen()
    {
        if (payloadState == PayloadState.NOT_READ)
        {
            payloadState = !event.hasJsonPayload() ? PayloadState.OTHER :
                load(EventField.PAYLOAD, payload) ? PayloadState.JSON : PayloadState.MALFORMED;
        }
        if (payloadState == PayloadState.MALFORMED)
        {
            fail("its content type is JSON and its payload is malformed, or nested deeper than " +
                JsonScan.MAX_DEPTH + " levels; publish JSON, or name another content type");
        }
        done |= payloadState == PayloadState.OTHER ? RuleCounter.SKIPPED.bit() : 0;
        return payloadState == PayloadState.JSON;
    }

    private boolean load(final EventField field, final JsonText document)
    {
        return document.load(event.buffer(), event.fieldOffset(field), event.fieldLength(field));
    }
}
