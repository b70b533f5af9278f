package io.sluice.event;

import java.net.URI;
import java.net.URISyntaxException;
import org.agrona.DirectBuffer;

/** Writes a record as {@link CloudEventsJson} describes. Not thread-safe. */
final class CloudEventsWriter
{
    private static final String URI_PUNCTUATION = "-._~:/?#[]@!$&'()*+,;=%";
    private static final String UNRESERVED_PUNCTUATION = "-._~";
    private static final String HEX = "0123456789ABCDEF";
    private static final int MAX_ATTRIBUTE_NAME = 20;
    private static final int MAX_INT_DIGITS = 10;

    private final JsonBuffer out;
    private final RecordJson parts;
    private final Metadata metadata = new Metadata();
    private final JsonBuffer nested = new JsonBuffer(256);

    CloudEventsWriter(final JsonBuffer out)
    {
        this.out = out;
        parts = new RecordJson(out);
    }

    void write(final EventFlyweight event)
    {
        out.clear();
        out.raw("{\"specversion\":\"1.0\"");
        parts.id(event);
        writeSource(event);
        parts.text("type", event, EventField.TYPE);
        if (event.hasEventTime())
        {
            Timestamps.append(out.name("time"), event.eventTime());
        }
        parts.text("subject", event, EventField.SUBJECT);
        parts.contentType("datacontenttype", event);
        final boolean isSchemaUri = isAbsoluteUri(event, EventField.SCHEMA_VERSION);
        parts.text(isSchemaUri ? "dataschema" : "schemaversion", event, EventField.SCHEMA_VERSION);
        out.name("sluicepriority").raw('"').raw(event.priority().label()).raw('"');
        out.name("sluicecategory").raw('"').raw(event.category().label()).raw('"');
        parts.text("correlationid", event, EventField.CORRELATION_ID);
        parts.text("causationid", event, EventField.CAUSATION_ID);
        parts.text("sessionid", event, EventField.SESSION_ID);
        parts.text("workflowid", event, EventField.WORKFLOW_ID);
        parts.text("aggregatetype", event, EventField.AGGREGATE_TYPE);
        parts.text("aggregateid", event, EventField.AGGREGATE_ID);
        writeNumber("aggregateversion", event.aggregateVersion(), event.hasAggregateVersion());
        writeNumber("sequence", event.sequence(), event.sequence() != 0);
        if (event.journalTime() != 0)
        {
            Timestamps.append(out.name("recordedtime"), event.journalTime());
        }
        if (RecordJson.hasFlagNames(event))
        {
            out.name("sluiceflags").raw('"');
            parts.flagNames(event, "", ',');
            out.raw('"');
        }
        writeNumber("originalsequence", event.originalSequence(), event.originalSequence() != 0);
        writeMetadata(event);
        parts.payload("data", "data_base64", event);
        out.raw('}');
    }

    // CloudEvents' integers have 32 bits, hence longer ones are strings.
    private void writeNumber(final String name, final long value, final boolean isPresent)
    {
        if (isPresent)
        {
            out.name(name).raw('"').number(value).raw('"');
        }
    }

    private void writeSource(final EventFlyweight event)
    {
        final int length = event.fieldLength(EventField.SOURCE);
        out.name("source");
        if (length == 0)
        {
            out.raw('"').raw(CloudEventsJson.NO_SOURCE).raw('"');
        }
        else if (isUriReference(event, EventField.SOURCE))
        {
            parts.value(event, EventField.SOURCE);
        }
        else
        {
            final boolean isUriOnceEncoded = isReference(encoded(event, URI_PUNCTUATION));
            out.raw('"').raw(encoded(event, isUriOnceEncoded ? URI_PUNCTUATION : UNRESERVED_PUNCTUATION)).raw('"');
            parts.text("sluicesource", event, EventField.SOURCE);
        }
    }

    /** @return the source with every byte percent-encoded but letters, digits and some punctuation. */
    private static String encoded(final EventFlyweight event, final String punctuation)
    {
        final StringBuilder text = new StringBuilder();
        for (int i = event.fieldOffset(EventField.SOURCE), end = i + event.fieldLength(EventField.SOURCE); i < end; i++)
        {
            final byte b = event.buffer().getByte(i);
            if (isUriByte(b, punctuation))
            {
                text.append((char)b);
            }
            else
            {
                text.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
            }
        }
        return text.toString();
    }

    private void writeMetadata(final EventFlyweight event)
    {
        final int length = event.fieldLength(EventField.METADATA);
        if (length == 0)
        {
            return;
        }
        final byte[] bytes = new byte[length];
        event.buffer().getBytes(event.fieldOffset(EventField.METADATA), bytes);
        metadata.setFromRecord(bytes);
        nested.clear();
        nested.raw('{');
        if (metadata.isObject())
        {
            metadata.forEach(this::writeMember);
        }
        else
        {
            nested.name("metadata_base64").base64(event.buffer(), event.fieldOffset(EventField.METADATA), length);
        }
        if (nested.length() > 1)
        {
            nested.raw('}');
            out.name("sluicemetadata").string(nested.buffer(), 0, nested.length());
        }
    }

    private void writeMember(final DirectBuffer buffer, final int name, final int value, final int end)
    {
        if (isAttributeName(buffer, name + 1, value - 2) && isAttributeValue(buffer, value, end))
        {
            out.separator().raw(buffer, name, end - name);
        }
        else
        {
            nested.separator().raw(buffer, name, end - name);
        }
    }

    private static boolean isAttributeName(final DirectBuffer buffer, final int start, final int end)
    {
        if (end == start || end - start > MAX_ATTRIBUTE_NAME)
        {
            return false;
        }
        for (int i = start; i < end; i++)
        {
            final byte b = buffer.getByte(i);
            if (!(b >= 'a' && b <= 'z' || b >= '0' && b <= '9'))
            {
                return false;
            }
        }
        final String name = buffer.getStringWithoutLengthAscii(start, end - start);
        return JsonName.of(name, false) == null && JsonName.of(name, true) == null;
    }

    private static boolean isAttributeValue(final DirectBuffer buffer, final int start, final int end)
    {
        switch (buffer.getByte(start))
        {
            case '"':
                for (int i = start; i < end; i++)
                {
                    // Escapes stand for control characters, which an attribute may not have, or are rare.
                    if (buffer.getByte(i) == '\\' || buffer.getByte(i) == 0x7F)
                    {
                        return false;
                    }
                }
                return end - start > 2;
            case 't':
            case 'f':
                return true;
            case 'n':
            case '[':
            case '{':
                return false;
            default:
                return isInt(buffer.getStringWithoutLengthAscii(start, end - start));
        }
    }

    private static boolean isInt(final String number)
    {
        if (number.length() > MAX_INT_DIGITS + 1 || number.equals("-0"))
        {
            return false;
        }
        for (int i = number.charAt(0) == '-' ? 1 : 0; i < number.length(); i++)
        {
            if (number.charAt(i) < '0' || number.charAt(i) > '9')
            {
                return false;
            }
        }
        final long value = Long.parseLong(number);
        return value == (int)value;
    }

    private static boolean isAbsoluteUri(final EventFlyweight event, final EventField field)
    {
        final int start = event.fieldOffset(field);
        final int end = start + event.fieldLength(field);
        for (int i = start; i < end; i++)
        {
            final byte b = event.buffer().getByte(i);
            if (b == ':')
            {
                return i > start && i + 1 < end && isUriReference(event, field);
            }
            final boolean isLetter = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z';
            if (!isLetter && (i == start || !(b >= '0' && b <= '9' || b == '+' || b == '-' || b == '.')))
            {
                return false;
            }
        }
        return false;
    }

    // Names and paths, which most sources are, need no closer look.
    private static boolean isUriReference(final EventFlyweight event, final EventField field)
    {
        boolean isPlain = true;
        final int start = event.fieldOffset(field);
        for (int i = start, end = start + event.fieldLength(field); i < end; i++)
        {
            final byte b = event.buffer().getByte(i);
            if (!isUriByte(b, URI_PUNCTUATION))
            {
                return false;
            }
            isPlain &= isUriByte(b, UNRESERVED_PUNCTUATION) || b == '/' && i > start;
        }
        return isPlain || isReference(event.text(field));
    }

    private static boolean isReference(final String text)
    {
        try
        {
            return !new URI(text).toString().isEmpty();
        }
        catch (final URISyntaxException ex)
        {
            return false;
        }
    }

    private static boolean isUriByte(final byte b, final String punctuation)
    {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || punctuation.indexOf(b) >= 0;
    }
}
