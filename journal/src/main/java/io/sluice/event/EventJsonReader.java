package io.sluice.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/**
 * Reads a JSON object into a builder. Members may come in any order, hence what depends on another member (payload on
 * content type, type on topic) waits for the end of the object. Not thread-safe.
 */
final class EventJsonReader
{
    private static final Set<JsonToken> STARTS = EnumSet.of(JsonToken.START_OBJECT, JsonToken.START_ARRAY);

    private final boolean isCloudEvent;
    private final Set<JsonName> seen = EnumSet.noneOf(JsonName.class);
    private final UnknownMembers unknown = new UnknownMembers();
    private final PayloadInput payload = new PayloadInput();
    private final JsonBuffer scratch = new JsonBuffer(256);
    private EventBuilder event;
    private String topic;
    private String type;
    private String source;
    private String exactSource;
    private String schema;
    private String aggregateType;
    private String aggregateId;
    private long aggregateVersion;
    private Verdict verdict = Verdict.UNSEQUENCED;

    /**
     * @param isCloudEvent true for CloudEvents' names only and its required attributes, false for all names.
     */
    EventJsonReader(final boolean isCloudEvent)
    {
        this.isCloudEvent = isCloudEvent;
    }

    void read(final byte[] bytes, final int offset, final int length, final EventBuilder into)
    {
        into.clear();
        boolean isRead = false;
        try
        {
            JsonInput.read(bytes, offset, length, (parser) -> read(parser, bytes, offset, into));
            isRead = true;
        }
        finally
        {
            clearUnless(isRead, into);
        }
    }

    /** Read the object at the parser's token and stay at its end. The builder is cleared before, and after an error. */
    void read(final JsonParser parser, final byte[] bytes, final int offset, final EventBuilder into) throws IOException
    {
        into.clear();
        if (parser.currentToken() != JsonToken.START_OBJECT)
        {
            throw JsonInput.malformed(
                bytes,
                offset,
                parser.currentTokenLocation().getByteOffset(),
                "an event is a JSON object, write {\"type\":…}");
        }
        reset(bytes, offset, into);
        boolean isRead = false;
        try
        {
            while (parser.nextToken() != JsonToken.END_OBJECT)
            {
                final String name = parser.currentName();
                parser.nextToken();
                readMember(parser, name);
            }
            finish();
            isRead = true;
        }
        finally
        {
            payload.reset(null, 0);
            event = null;
            clearUnless(isRead, into);
        }
    }

    private static void clearUnless(final boolean isRead, final EventBuilder into)
    {
        if (!isRead)
        {
            into.clear();
        }
    }

    private void reset(final byte[] bytes, final int offset, final EventBuilder into)
    {
        event = into;
        seen.clear();
        unknown.clear();
        topic = null;
        type = null;
        source = null;
        exactSource = null;
        schema = null;
        aggregateType = null;
        aggregateId = null;
        aggregateVersion = EventDescriptor.NO_AGGREGATE_VERSION;
        verdict = Verdict.UNSEQUENCED;
        payload.reset(bytes, offset);
    }

    /** @return the duplicate verdict among the flags of the last event read, otherwise UNSEQUENCED. */
    Verdict verdict()
    {
        return verdict;
    }

    private void readMember(final JsonParser parser, final String text) throws IOException
    {
        final JsonName name = JsonName.of(text, isCloudEvent);
        if (name == null)
        {
            keepUnknown(parser, text);
        }
        else if (name == JsonName.JOURNALS)
        {
            parser.skipChildren();
        }
        else if (parser.currentToken() == JsonToken.VALUE_NULL)
        {
            // A null payload is a value of its own, any other null says that the field is absent.
            if (name == JsonName.PAYLOAD && !payload.isGiven())
            {
                payload.read(parser);
            }
        }
        else
        {
            seeOnce(name, text);
            readKnown(parser, name, text);
        }
    }

    private void readKnown(final JsonParser parser, final JsonName name, final String text) throws IOException
    {
        switch (name)
        {
            case SPECVERSION:
                readSpecVersion(parser, text);
                break;
            case ID:
                event.id(scalar(parser, text));
                break;
            case TYPE:
                type = scalar(parser, text);
                break;
            case TOPIC:
                topic = scalar(parser, text);
                break;
            case SUBJECT:
                event.subject(scalar(parser, text));
                break;
            case SOURCE:
                source = scalar(parser, text);
                break;
            case EXACT_SOURCE:
                exactSource = scalar(parser, text);
                break;
            case TIMESTAMP:
                final boolean isNumber = parser.currentToken().isNumeric();
                final String time = scalar(parser, text);
                event.eventTimeNs(isNumber ? Timestamps.parseMillis(time) : Timestamps.parse(time));
                break;
            case PRIORITY:
                event.priority(Priority.parse(scalar(parser, text)));
                break;
            case CATEGORY:
                event.category(Category.parse(scalar(parser, text)));
                break;
            case CORRELATION_ID:
                event.correlationId(scalar(parser, text));
                break;
            case CAUSATION_ID:
                event.causationId(scalar(parser, text));
                break;
            case SESSION_ID:
                event.sessionId(scalar(parser, text));
                break;
            case WORKFLOW_ID:
                event.workflowId(scalar(parser, text));
                break;
            case AGGREGATE:
                readAggregate(parser, text);
                break;
            case AGGREGATE_TYPE:
                aggregateType = scalar(parser, text);
                break;
            case AGGREGATE_ID:
                aggregateId = scalar(parser, text);
                break;
            case AGGREGATE_VERSION:
                aggregateVersion = integer(scalar(parser, text));
                break;
            case VERSION:
                event.version(scalar(parser, text));
                break;
            case DATASCHEMA:
                schema = scalar(parser, text);
                break;
            case CONTENT_TYPE:
                event.contentType(scalar(parser, text));
                break;
            case METADATA:
                readMetadata(parser, text);
                break;
            case FLAGS:
                readFlags(parser, text);
                break;
            default:
                if (payload.isGiven())
                {
                    throw new EventValidationException(
                        "payload", text, "the payload stands twice, once as JSON and once as base64; give it once");
                }
                if (name == JsonName.PAYLOAD)
                {
                    payload.read(parser);
                }
                else
                {
                    payload.base64(scalar(parser, text));
                }
                break;
        }
    }

    private void finish()
    {
        requireCloudEvent();
        finishType();
        event.source(exactSource != null ? exactSource : CloudEventsJson.NO_SOURCE.equals(source) ? null : source);
        event.aggregate(aggregateType, aggregateId, aggregateVersion);
        if (schema != null)
        {
            if (seen.contains(JsonName.VERSION) ||
                Utf8.length(schema, "dataschema") > EventField.SCHEMA_VERSION.maxLength())
            {
                keepUnknown("dataschema", schema);
            }
            else
            {
                event.version(schema);
            }
        }
        payload.finish(event);
        unknown.join(event.metadataObject());
    }

    // Requirement text 001 calls the type "topic", and what the event is about "type".
    private void finishType()
    {
        if (topic == null && type == null)
        {
            throw new EventValidationException("type", "", "every event needs a type, for example agent.started");
        }
        event.type(topic == null ? type : topic);
        if (topic != null && type != null)
        {
            if (seen.contains(JsonName.SUBJECT))
            {
                keepUnknown("type", type);
            }
            else
            {
                event.subject(type);
            }
        }
    }

    private void requireCloudEvent()
    {
        if (isCloudEvent)
        {
            require(JsonName.SPECVERSION, true, "a CloudEvent needs specversion 1.0");
            require(JsonName.ID, true, "a CloudEvent needs an id");
            require(
                JsonName.SOURCE, source != null && !source.isEmpty(), "a CloudEvent needs a source, a URI reference");
        }
    }

    private void require(final JsonName name, final boolean isValid, final String remedy)
    {
        if (!seen.contains(name) || !isValid)
        {
            throw new EventValidationException(name.label(), "", remedy);
        }
    }

    private void readSpecVersion(final JsonParser parser, final String text) throws IOException
    {
        final String version = scalar(parser, text);
        if (!"1.0".equals(version))
        {
            if (isCloudEvent)
            {
                throw new EventValidationException("specversion", version, "use 1.0");
            }
            keepUnknown(text, version);
        }
    }

    private void readAggregate(final JsonParser parser, final String text) throws IOException
    {
        if (parser.currentToken() != JsonToken.START_OBJECT)
        {
            throw new EventValidationException(text, scalar(parser, text), "use an object with type, id and version");
        }
        scratch.clear();
        scratch.raw('{');
        while (parser.nextToken() != JsonToken.END_OBJECT)
        {
            final String member = parser.currentName();
            parser.nextToken();
            if (parser.currentToken() == JsonToken.VALUE_NULL)
            {
                continue;
            }
            switch (member)
            {
                case "type":
                    seeOnce(JsonName.AGGREGATE_TYPE, "aggregate.type");
                    aggregateType = scalar(parser, "aggregate.type");
                    break;
                case "id":
                    seeOnce(JsonName.AGGREGATE_ID, "aggregate.id");
                    aggregateId = scalar(parser, "aggregate.id");
                    break;
                case "version":
                    seeOnce(JsonName.AGGREGATE_VERSION, "aggregate.version");
                    aggregateVersion = integer(scalar(parser, "aggregate.version"));
                    break;
                default:
                    scratch.separator().string(member, "aggregate").raw(':');
                    JsonInput.copy(parser, scratch, "aggregate");
                    break;
            }
        }
        if (scratch.length() > 1)
        {
            scratch.raw('}');
            unknown.keep("aggregate", scratch);
        }
    }

    private void readMetadata(final JsonParser parser, final String text) throws IOException
    {
        if (isCloudEvent || "sluicemetadata".equals(text))
        {
            final byte[] bytes = scalar(parser, text).getBytes(StandardCharsets.UTF_8);
            event.metadata(bytes, 0, bytes.length);
            return;
        }
        if (parser.currentToken() != JsonToken.START_OBJECT)
        {
            throw new EventValidationException(
                text,
                STARTS.contains(parser.currentToken()) ? "[…]" : scalar(parser, text),
                "use a JSON object, for example {\"host\":\"worker-01\"}");
        }
        scratch.clear();
        JsonInput.copy(parser, scratch, "metadata");
        event.metadataObject().setCanonical(scratch);
    }

    // A member of this name that does not hold our flags is somebody else's, and kept like any unknown one.
    private void readFlags(final JsonParser parser, final String text) throws IOException
    {
        scratch.clear();
        JsonInput.copy(parser, scratch, text);
        final String value = scratch.toString();
        final String names = value.replace("\"", "");
        int flags = 0;
        Verdict named = Verdict.UNSEQUENCED;
        boolean areOurs =
            value.startsWith("[\"") && value.endsWith("\"]") || value.startsWith("\"") || "[]".equals(value);
        final String list = names.startsWith("[") ? names.substring(1, names.length() - 1) : names;
        for (final String name : list.isEmpty() ? new String[0] : list.split(",", -1))
        {
            switch (name)
            {
                case RecordJson.REPLAYED:
                    flags |= EventDescriptor.FLAG_REPLAYED;
                    break;
                case RecordJson.CORRECTION:
                    flags |= EventDescriptor.FLAG_CORRECTION;
                    break;
                case RecordJson.DUPLICATE_ID:
                    named = Verdict.DUPLICATE_ID;
                    break;
                case RecordJson.DUPLICATE_CONTENT:
                    named = Verdict.DUPLICATE_CONTENT;
                    break;
                case RecordJson.REDELIVERED:
                    break;
                default:
                    areOurs = false;
                    break;
            }
        }
        if (areOurs)
        {
            event.flags(flags);
            verdict = named;
        }
        else
        {
            unknown.keep(text, scratch);
        }
    }

    private void keepUnknown(final JsonParser parser, final String name) throws IOException
    {
        scratch.clear();
        JsonInput.copy(parser, scratch, name);
        unknown.keep(name, scratch);
    }

    private void keepUnknown(final String name, final String value)
    {
        scratch.clear();
        scratch.string(value, name);
        unknown.keep(name, scratch);
    }

    private void seeOnce(final JsonName name, final String text)
    {
        if (!seen.add(name))
        {
            throw twice(name.label(), text);
        }
    }

    static EventValidationException twice(final String field, final String text)
    {
        return new EventValidationException(field, text, "the member stands twice, give it once");
    }

    private static String scalar(final JsonParser parser, final String text) throws IOException
    {
        if (STARTS.contains(parser.currentToken()))
        {
            throw new EventValidationException(
                text, parser.currentToken() == JsonToken.START_OBJECT ? "{…}" : "[…]", "use a string");
        }
        return parser.getText();
    }

    private static long integer(final String text)
    {
        try
        {
            final long version = Long.parseLong(text);
            if (version != EventDescriptor.NO_AGGREGATE_VERSION)
            {
                return version;
            }
        }
        catch (final NumberFormatException ex)
        {
            // The error below names the value.
        }
        throw new EventValidationException(
            "aggregate.version", text, "use an integer from " + -Long.MAX_VALUE + " to " + Long.MAX_VALUE);
    }
}
