package io.sluice.engine.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A JSON object that came over the control channel: the arguments of a command, an item or a result. Every read says
 * which member is wrong and what is allowed, with an {@link IllegalArgumentException}; thrown from a handler, that
 * becomes the refusal {@link ControlRefusedException#BAD_ARGUMENTS}.
 *
 * <p>Immutable. Allocates.
 */
public final class ControlObject
{
    /** Levels of objects and arrays. */
    static final int MAX_DEPTH = 32;

    private static final int MAX_NUMBER_LENGTH = 64;
    private static final int MAX_NAME_LENGTH = 1 << 10;
    // Interned names would keep every name that was ever sent.
    private static final JsonFactory FACTORY = JsonFactory.builder()
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxNumberLength(MAX_NUMBER_LENGTH)
            .maxNameLength(MAX_NAME_LENGTH)
            .build())
        .build();

    private final Map<String, Value> values = new LinkedHashMap<>();
    private final String json;

    private ControlObject(final String json)
    {
        this.json = json;
    }

    /**
     * Read an object.
     *
     * @param json of it; empty text is an object without members.
     * @return the object.
     * @throws IllegalArgumentException if it is not exactly one JSON object of at most 32 levels, with each name once.
     */
    public static ControlObject parse(final String json)
    {
        final ControlObject object = new ControlObject(json.isEmpty() ? "{}" : json);
        read(object.json, (parser) ->
        {
            if (parser.nextToken() != JsonToken.START_OBJECT)
            {
                throw new IllegalArgumentException("it is no object: write {\"name\":value,…}");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT)
            {
                final String name = parser.currentName();
                parser.nextToken();
                object.values.put(name, Value.read(parser));
            }
        });
        return object;
    }

    /** @return names of the members, in their order. */
    public Set<String> names()
    {
        return Collections.unmodifiableSet(values.keySet());
    }

    /**
     * Refuse members that nobody asked for: a misspelled one would silently change nothing.
     *
     * @param names that are allowed.
     * @return this.
     */
    public ControlObject allow(final String... names)
    {
        final List<String> allowed = List.of(names);
        for (final String name : values.keySet())
        {
            if (!allowed.contains(name))
            {
                throw new IllegalArgumentException(
                    "argument '" + name + "' is not known: " +
                    (allowed.isEmpty() ? "there are none" : "use " + String.join(", ", allowed)));
            }
        }
        return this;
    }

    /**
     * @param name of a member.
     * @return true if it is there and not null.
     */
    public boolean has(final String name)
    {
        final Value value = values.get(name);
        return value != null && value.token() != JsonToken.VALUE_NULL;
    }

    /**
     * @param name of a member that must be there.
     * @return its text.
     */
    public String text(final String name)
    {
        return required(name, JsonToken.VALUE_STRING, "a text").text();
    }

    /**
     * @param name      of a member.
     * @param otherwise if it is not there.
     * @return its text.
     */
    public String text(final String name, final String otherwise)
    {
        return has(name) ? text(name) : otherwise;
    }

    /**
     * @param name of a member that must be there.
     * @return its value, which must be a whole number of 64 bits.
     */
    public long number(final String name)
    {
        final Value value = required(name, JsonToken.VALUE_NUMBER_INT, "a whole number");
        try
        {
            return Long.parseLong(value.text());
        }
        catch (final NumberFormatException ex)
        {
            throw new IllegalArgumentException(
                "argument '" + name + "' is " + value.text() + ": use a number from " + Long.MIN_VALUE + " to " +
                Long.MAX_VALUE, ex);
        }
    }

    /**
     * @param name      of a member.
     * @param otherwise if it is not there.
     * @return its value, as {@link #number(String)}.
     */
    public long number(final String name, final long otherwise)
    {
        return has(name) ? number(name) : otherwise;
    }

    /**
     * @param name of a member.
     * @return true if it is there and true.
     */
    public boolean flag(final String name)
    {
        if (!has(name))
        {
            return false;
        }
        final Value value = values.get(name);
        if (!value.token().isBoolean())
        {
            throw wrong(name, value, "true or false");
        }
        return value.token() == JsonToken.VALUE_TRUE;
    }

    /**
     * @param name of a member.
     * @return its texts; none if it is not there.
     */
    public List<String> texts(final String name)
    {
        final List<String> texts = new ArrayList<>();
        if (has(name))
        {
            final Value value = required(name, JsonToken.START_ARRAY, "a list of texts");
            read(value.text(), (parser) ->
            {
                parser.nextToken();
                while (parser.nextToken() != JsonToken.END_ARRAY)
                {
                    if (parser.currentToken() != JsonToken.VALUE_STRING)
                    {
                        throw wrong(name, value, "a list of texts");
                    }
                    texts.add(parser.getText());
                }
            });
        }
        return texts;
    }

    /**
     * @param name of a member that must be there.
     * @return the JSON of its value, whatever it is.
     */
    public String json(final String name)
    {
        final Value value = values.get(name);
        if (value == null)
        {
            throw missing(name);
        }
        return value.json();
    }

    /** @return the JSON of the object, as it came. */
    @Override
    public String toString()
    {
        return json;
    }

    /** @return a copy without white space between its members, to be used as a member of another object. */
    ControlJson copy()
    {
        final ControlJson copy = new ControlJson();
        values.forEach((name, value) -> copy.addRaw(name, value.json()));
        return copy;
    }

    static void checkValue(final String json)
    {
        read(json, (parser) ->
        {
            if (parser.nextToken() == null)
            {
                throw new IllegalArgumentException("it is empty: write one JSON value");
            }
            parser.skipChildren();
        });
    }

    /** Something that reads tokens. */
    @FunctionalInterface
    private interface TokenReader
    {
        void read(JsonParser parser) throws IOException;
    }

    /**
     * A value.
     *
     * @param token its first token.
     * @param text  of a string, or of the whole value as JSON.
     * @param json  of the value.
     */
    private record Value(JsonToken token, String text, String json)
    {
        static Value read(final JsonParser parser) throws IOException
        {
            final JsonToken token = parser.currentToken();
            final String text = token.isScalarValue() ? parser.getText() : null;
            final StringWriter json = new StringWriter();
            if (token.isNumeric())
            {
                // As it was written: a copy would go through a floating point number.
                json.write(text);
            }
            else
            {
                try (JsonGenerator generator = FACTORY.createGenerator(json))
                {
                    generator.copyCurrentStructureExact(parser);
                }
            }
            return new Value(token, text == null ? json.toString() : text, json.toString());
        }
    }

    private static void read(final String json, final TokenReader reader)
    {
        try (JsonParser parser = FACTORY.createParser(json))
        {
            reader.read(parser);
            if (parser.nextToken() != null)
            {
                throw new IllegalArgumentException("JSON goes on after its end, with " + parser.currentToken());
            }
        }
        catch (final JsonProcessingException ex)
        {
            throw new IllegalArgumentException("JSON is malformed: " + ex.getOriginalMessage(), ex);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private Value required(final String name, final JsonToken token, final String allowed)
    {
        final Value value = values.get(name);
        if (value == null)
        {
            throw missing(name);
        }
        if (value.token() != token)
        {
            throw wrong(name, value, allowed);
        }
        return value;
    }

    private static IllegalArgumentException missing(final String name)
    {
        return new IllegalArgumentException("argument '" + name + "' is missing: give it");
    }

    private static IllegalArgumentException wrong(final String name, final Value value, final String allowed)
    {
        return new IllegalArgumentException("argument '" + name + "' is " + value.json() + ": use " + allowed);
    }
}
