package io.sluice.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonMergePatchTest
{
    private static final long SEED = 7396;
    private static final String[] NAMES = {"a", "b", "c", "\u00e4\\\""};

    private final JsonMergePatch patch = new JsonMergePatch();

    /** The examples of RFC 7396, appendix A, as far as the target is a patch, too; nulls stay. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"a\":\"b\"}            | {\"a\":\"c\"}          | {\"a\":\"c\"}",
        "{\"a\":\"b\"}            | {\"b\":\"c\"}          | {\"a\":\"b\",\"b\":\"c\"}",
        "{\"a\":\"b\"}            | {\"a\":null}           | {\"a\":null}",
        "{\"a\":\"b\",\"b\":\"c\"}| {\"a\":null}           | {\"a\":null,\"b\":\"c\"}",
        "{\"a\":[\"b\"]}          | {\"a\":\"c\"}          | {\"a\":\"c\"}",
        "{\"a\":\"c\"}            | {\"a\":[\"b\"]}        | {\"a\":[\"b\"]}",
        "{\"a\":{\"b\":\"c\"}}    | {\"a\":{\"b\":\"d\",\"c\":null}} | {\"a\":{\"b\":\"d\",\"c\":null}}",
        "{\"a\":[{\"b\":\"c\"}]}  | {\"a\":[1]}            | {\"a\":[1]}",
        "[\"a\",\"b\"]            | [\"c\",\"d\"]          | [\"c\",\"d\"]",
        "{\"a\":\"b\"}            | [\"c\"]                | [\"c\"]",
        "{\"a\":\"foo\"}          | null                   | null",
        "{\"a\":\"foo\"}          | \"bar\"                | \"bar\"",
        "{\"e\":null}             | {\"a\":1}              | {\"e\":null,\"a\":1}",
        "{}                       | {\"a\":{\"bb\":{\"ccc\":null}}} | {\"a\":{\"bb\":{\"ccc\":null}}}",
        "{\"n\":1.50}             | { \"m\" : 1e3 , \"l\":[ 1, {\"x\":null} ] } |"
            + " {\"n\":1.50,\"m\":1e3,\"l\":[1,{\"x\":null}]}",
        "{\"a\":1,\"a\":2}        | {\"b\":0}              | {\"a\":2,\"b\":0}"})
    void shouldJoinWhenOnePatchDoesWhatBothDo(final String first, final String second, final String joined)
    {
        assertTrue(add(first));
        assertTrue(add(second));

        assertEquals(joined, text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "[1,2]                | {\"a\":\"b\",\"c\":null}",
        "null                 | {\"a\":1}",
        "{\"a\":1}            | {\"a\":{\"b\":2}}",
        "{\"a\":null,\"z\":1} | {\"z\":2,\"a\":{\"b\":2}}",
        "{\"a\":{\"b\":[1]}}  | {\"a\":{\"b\":{\"c\":1}}}"})
    void shouldRefuseAndChangeNothingWhenNoPatchDoesWhatBothDo(final String first, final String second)
    {
        assertTrue(add(first));

        assertFalse(add(second));
        assertEquals(first, text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{\"a\":1}{}", "{\"a\":}", "\"\\ud800\"", "nul", "{'a':1}"})
    void shouldRefuseAndChangeNothingWhenItIsNoJson(final String text)
    {
        assertFalse(add(text));
        assertTrue(patch.isEmpty());

        assertTrue(add("{\"a\":1}"));
        assertFalse(add(text));
        assertEquals("{\"a\":1}", text());
    }

    @Test
    void shouldRefuseWhenTheBytesAreNotUtf8()
    {
        assertFalse(patch.add(new UnsafeBuffer(new byte[]{'"', (byte)0xC3, '"'}), 0, 3));
    }

    @Test
    void shouldForgetWhenCleared()
    {
        assertTrue(add("{\"a\":1}"));
        assertFalse(patch.isEmpty());

        assertTrue(patch.clear().isEmpty());
        assertEquals("", text());
        assertTrue(add("{\"b\":1}"));
        assertEquals("{\"b\":1}", text());
    }

    @Test
    void shouldLeaveEveryTargetAsTheStepsDoWhenRandomPatchesAreJoined()
    {
        final Random random = new Random(SEED);
        int joined = 0;
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            final String why = "seed " + SEED + ", round " + i;
            patch.clear();
            final Object target = EventFixture.parse(value(random, 3));
            Object expected = target;
            for (int step = 0, steps = 1 + random.nextInt(5); step < steps; step++)
            {
                final String next = random.nextInt(20) == 0 ? value(random, 0) : object(random, 3);
                if (add(next))
                {
                    joined++;
                    expected = apply(expected, EventFixture.parse(next));
                }
                else
                {
                    refused++;
                }
            }
            assertEquals(expected, apply(target, EventFixture.parse(text())), why);
        }
        assertTrue(joined > 20_000 && refused > 1_000, joined + " joined, " + refused + " refused");
    }

    /** MergePatch as section 2 of RFC 7396 defines it, on a copy. */
    @SuppressWarnings("unchecked")
    private static Object apply(final Object target, final Object change)
    {
        if (!(change instanceof Map))
        {
            return change;
        }
        final Map<String, Object> result =
            target instanceof Map ? new LinkedHashMap<>((Map<String, Object>)target) : new LinkedHashMap<>();
        ((Map<String, Object>)change).forEach((name, value) ->
        {
            if (value == null)
            {
                result.remove(name);
            }
            else
            {
                result.put(name, apply(result.get(name), value));
            }
        });
        return result;
    }

    private static String value(final Random random, final int depth)
    {
        switch (random.nextInt(depth == 0 ? 4 : 7))
        {
            case 0:
                return "null";
            case 1:
                return random.nextInt(9) + ".50";
            case 2:
                return "\"s" + random.nextInt(9) + "\"";
            case 3:
                return "[1,{\"a\":null}]";
            default:
                return object(random, depth - 1);
        }
    }

    private static String object(final Random random, final int depth)
    {
        final StringBuilder json = new StringBuilder("{");
        for (final String name : NAMES)
        {
            if (random.nextBoolean())
            {
                json.append(json.length() > 1 ? "," : "").append('"')
                    .append(name.replace("\\", "\\\\").replace("\"", "\\\"")).append("\":")
                    .append(value(random, depth));
            }
        }
        return json.append('}').toString();
    }

    private boolean add(final String json)
    {
        final byte[] bytes = ("  " + json).getBytes(StandardCharsets.UTF_8);
        return patch.add(new UnsafeBuffer(bytes), 2, bytes.length - 2);
    }

    private String text()
    {
        return new String(patch.toBytes(), StandardCharsets.UTF_8);
    }
}
