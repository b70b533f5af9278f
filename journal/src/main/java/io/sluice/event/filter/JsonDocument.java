package io.sluice.event.filter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The values at some places of an event's payload or metadata. Read when the first of them is asked for, all in one
 * pass; what no path leads to is skipped. {@code null} counts as absent; of a name that stands twice the last one
 * counts. Not thread-safe.
 */
final class JsonDocument
{
    private static final JsonFactory FACTORY =
        JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

    /** What paths have in common, so that one pass finds all of them. */
    private static final class Place
    {
        private final Map<String, Place> members = new HashMap<>();
        private final Map<Integer, Place> elements = new HashMap<>();
        private int slot = -1;
        private long lastRead;

        private boolean hasBelow()
        {
            return !members.isEmpty() || !elements.isEmpty();
        }
    }

    private final EventField field;
    private final Place root = new Place();
    private final List<Value> slots = new ArrayList<>();
    private final ExpandableArrayBuffer texts = new ExpandableArrayBuffer();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private byte[] bytes = new byte[0];
    private int textsLength;
    private long reads;
    private boolean isRead;

    JsonDocument(final EventField field)
    {
        this.field = field;
    }

    /** @return the slot in which the value of a path will be. */
    int add(final List<PathStep> path)
    {
        Place place = root;
        for (final PathStep step : path)
        {
            place = step.name() != null ?
                place.members.computeIfAbsent(step.name(), (name) -> new Place()) :
                place.elements.computeIfAbsent(step.index(), (index) -> new Place());
        }
        if (place.slot < 0)
        {
            place.slot = slots.size();
            slots.add(new Value());
        }
        return place.slot;
    }

    /** @return places that are looked for. */
    int size()
    {
        return slots.size();
    }

    /** Another event is looked at. */
    void forget()
    {
        isRead = false;
    }

    /** @return the value; an error if there is none. Valid until another event is looked at. */
    Value get(final int slot, final EventFlyweight event)
    {
        if (!isRead)
        {
            isRead = true;
            read(event);
        }
        return slots.get(slot);
    }

    private void read(final EventFlyweight event)
    {
        fail(FilterError.MISSING_ATTRIBUTE);
        final int length = event.fieldLength(field);
        if (length == 0 || field == EventField.PAYLOAD && !event.hasJsonPayload())
        {
            return;
        }
        if (bytes.length < length)
        {
            bytes = new byte[Math.max(length, 2 * bytes.length)];
            view.wrap(bytes);
        }
        event.buffer().getBytes(event.fieldOffset(field), bytes, 0, length);
        textsLength = 0;
        reads++;
        try (JsonParser parser = FACTORY.createParser(bytes, 0, length))
        {
            parser.nextToken();
            visit(parser, root);
        }
        catch (final IOException ex)
        {
            fail(FilterError.MALFORMED_DOCUMENT);
        }
    }

    // Recurses as deep as the paths are long.
    private void visit(final JsonParser parser, final Place place) throws IOException
    {
        final JsonToken token = parser.currentToken();
        if (token == null)
        {
            return;
        }
        if (place.lastRead == reads)
        {
            forget(place);
        }
        place.lastRead = reads;
        final int start = (int)parser.currentTokenLocation().getByteOffset();
        final Value value = place.slot < 0 ? null : slots.get(place.slot);
        if (token.isScalarValue())
        {
            if (value != null)
            {
                take(parser, token, value);
            }
            parser.finishToken();
            return;
        }
        if (!place.hasBelow())
        {
            parser.skipChildren();
        }
        else if (token == JsonToken.START_OBJECT)
        {
            while (parser.nextToken() == JsonToken.FIELD_NAME)
            {
                final Place below = place.members.get(parser.currentName());
                parser.nextToken();
                visitOrSkip(parser, below);
            }
        }
        else
        {
            int index = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY)
            {
                visitOrSkip(parser, place.elements.get(index));
                index++;
            }
        }
        if (value != null)
        {
            value.setJson(view, start, (int)parser.currentLocation().getByteOffset() - start);
        }
    }

    // What lies below the first of two of one name is not below the second one.
    private void forget(final Place place)
    {
        if (place.slot >= 0)
        {
            slots.get(place.slot).fail(FilterError.MISSING_ATTRIBUTE, ValueKind.BOOLEAN);
        }
        place.members.values().forEach(this::forget);
        place.elements.values().forEach(this::forget);
    }

    private void visitOrSkip(final JsonParser parser, final Place below) throws IOException
    {
        if (below != null)
        {
            visit(parser, below);
        }
        else
        {
            parser.skipChildren();
        }
    }

    private void take(final JsonParser parser, final JsonToken token, final Value value) throws IOException
    {
        switch (token)
        {
            case VALUE_TRUE, VALUE_FALSE -> value.setBoolean(token == JsonToken.VALUE_TRUE);
            case VALUE_NUMBER_INT ->
            {
                if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER)
                {
                    value.setDecimal(parser.getDoubleValue());
                }
                else
                {
                    value.setInteger(parser.getLongValue());
                }
            }
            case VALUE_NUMBER_FLOAT -> value.setDecimal(parser.getDoubleValue());
            case VALUE_STRING ->
            {
                final byte[] text = parser.getText().getBytes(StandardCharsets.UTF_8);
                texts.putBytes(textsLength, text);
                value.setText(texts, textsLength, text.length);
                textsLength += text.length;
            }
            default -> value.fail(FilterError.MISSING_ATTRIBUTE, ValueKind.BOOLEAN);
        }
    }

    private void fail(final FilterError error)
    {
        for (final Value slot : slots)
        {
            slot.fail(error, ValueKind.BOOLEAN);
        }
    }
}
