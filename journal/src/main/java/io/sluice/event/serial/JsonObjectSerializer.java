package io.sluice.event.serial;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.event.ContentType;
import io.sluice.event.EventException;
import io.sluice.event.PayloadSerializer;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.io.ExpandableDirectBufferOutputStream;

/**
 * JSON objects as maps in the order of their members. Values are String, Long (BigInteger beyond 64 bits), Double
 * (BigDecimal beyond its range), Boolean, null, List and Map; any Number can be encoded.
 */
@SuppressWarnings("rawtypes")
final class JsonObjectSerializer implements PayloadSerializer<Map>
{
    /** Deeper than people nest, shallower than a stack overflows; a map that contains itself ends here. */
    private static final int MAX_DEPTH = 100;
    // Interned names would keep every name that a foreign payload ever held.
    private static final JsonFactory FACTORY =
        JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

    static boolean isJson(final String mediaType)
    {
        final int parameters = mediaType.indexOf(';');
        final String name =
            (parameters < 0 ? mediaType : mediaType.substring(0, parameters)).trim().toLowerCase(Locale.ROOT);
        return name.endsWith("/json") || name.endsWith("+json");
    }

    @Override
    public Class<Map> type()
    {
        return Map.class;
    }

    @Override
    public String mediaType()
    {
        return ContentType.JSON.mediaType();
    }

    @Override
    public boolean reads(final String mediaType)
    {
        return isJson(mediaType);
    }

    @Override
    public int encode(final Map value, final MutableDirectBuffer target)
    {
        final ExpandableDirectBufferOutputStream out = new ExpandableDirectBufferOutputStream(target);
        try (JsonGenerator json = FACTORY.createGenerator(out))
        {
            write(json, value, 0);
        }
        catch (final IOException ex)
        {
            throw new EventException(ex.getMessage(), ex);
        }
        return out.position();
    }

    @Override
    public Map decode(final DirectBuffer source, final int offset, final int length, final Class<? extends Map> wanted)
    {
        final byte[] bytes = new byte[length];
        source.getBytes(offset, bytes);
        try (JsonParser json = FACTORY.createParser(bytes))
        {
            if (json.nextToken() != JsonToken.START_OBJECT)
            {
                throw new EventException("it is no JSON object, but starts with " + json.currentToken());
            }
            final Map<String, Object> object = readObject(json, 1);
            if (json.nextToken() != null)
            {
                throw new EventException("more text follows the JSON object");
            }
            return object;
        }
        catch (final IOException ex)
        {
            throw new EventException("it is no JSON (" + ex.getMessage() + ")", ex);
        }
    }

    private static void write(final JsonGenerator json, final Object value, final int depth) throws IOException
    {
        ensureShallow(depth);
        if (value == null)
        {
            json.writeNull();
        }
        else if (value instanceof CharSequence)
        {
            json.writeString(value.toString());
        }
        else if (value instanceof Boolean flag)
        {
            json.writeBoolean(flag);
        }
        else if (value instanceof Number number)
        {
            writeNumber(json, number);
        }
        else if (value instanceof Map<?, ?> map)
        {
            json.writeStartObject();
            for (final Map.Entry<?, ?> member : map.entrySet())
            {
                json.writeFieldName(String.valueOf(member.getKey()));
                write(json, member.getValue(), depth + 1);
            }
            json.writeEndObject();
        }
        else if (value instanceof Iterable<?> elements)
        {
            json.writeStartArray();
            for (final Object element : elements)
            {
                write(json, element, depth + 1);
            }
            json.writeEndArray();
        }
        else
        {
            throw new EventException(
                "a value is of " + value.getClass().getName() +
                ", use String, Number, Boolean, null, List or Map");
        }
    }

    private static void writeNumber(final JsonGenerator json, final Number number) throws IOException
    {
        final boolean isFraction = number instanceof Double || number instanceof Float;
        if (isFraction && !Double.isFinite(number.doubleValue()))
        {
            throw new EventException(number + " has no form in JSON, use a finite number or null");
        }
        if (number instanceof BigDecimal || isFraction)
        {
            json.writeNumber(new BigDecimal(number.toString()));
        }
        else if (number instanceof BigInteger big)
        {
            json.writeNumber(big);
        }
        else
        {
            json.writeNumber(number.longValue());
        }
    }

    private static Map<String, Object> readObject(final JsonParser json, final int depth) throws IOException
    {
        ensureShallow(depth);
        final Map<String, Object> object = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT)
        {
            final String name = json.currentName();
            json.nextToken();
            if (object.containsKey(name))
            {
                throw new EventException("the JSON object has the member '" + name + "' twice");
            }
            object.put(name, readValue(json, depth));
        }
        return object;
    }

    private static Object readValue(final JsonParser json, final int depth) throws IOException
    {
        switch (json.currentToken())
        {
            case START_OBJECT:
                return readObject(json, depth + 1);
            case START_ARRAY:
                ensureShallow(depth + 1);
                final List<Object> elements = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY)
                {
                    elements.add(readValue(json, depth + 1));
                }
                return elements;
            case VALUE_STRING:
                return json.getText();
            case VALUE_NUMBER_INT:
                return readInteger(json);
            case VALUE_NUMBER_FLOAT:
                final double number = json.getDoubleValue();
                return Double.isFinite(number) ? number : (Object)json.getDecimalValue();
            case VALUE_TRUE:
                return true;
            case VALUE_FALSE:
                return false;
            default:
                return null;
        }
    }

    private static Number readInteger(final JsonParser json) throws IOException
    {
        final BigInteger number = json.getNumberType() == JsonParser.NumberType.BIG_INTEGER ?
            json.getBigIntegerValue() : null;
        return number == null ? (Number)json.getLongValue() : number;
    }

    private static void ensureShallow(final int depth)
    {
        if (depth > MAX_DEPTH)
        {
            throw new EventException("JSON is nested deeper than " + MAX_DEPTH + ", flatten it");
        }
    }
}
