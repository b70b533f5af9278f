package io.sluice.engine.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest
{
    private static final List<String> NAMES = List.of(
        "a", "b", "ä", "x\"y", "line\nend", "😀", "é\\", "\u0001\b\f\r\t/");
    private static final String SYMBOLS = "{}[]\",:\\0123456789.-+eEtrufalsn \n\r\t/b\u0001ä";

    private final JsonText text = new JsonText();
    private final JsonText value = new JsonText();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldEqualAMapWhenMembersComeAndGo(final long seed)
    {
        final Random random = new Random(seed);
        for (int round = 0; round < 3_000; round++)
        {
            final String json = randomObject(random, 3);
            assertTrue(load(json), json);
            final Map<String, Object> model = object(RuleFixture.parse(json));
            for (int change = 0; change < 6; change++)
            {
                final RulePath path = randomPath(random);
                final String before = text.toString();
                if (random.nextBoolean())
                {
                    final boolean expected = removeFrom(model, path);
                    // Also an earlier one of a name that stands twice, which no map shows, is removed.
                    assertTrue(text.remove(path) || !expected, before + " remove " + path);
                }
                else
                {
                    final String put = randomValue(random, 2);
                    assertTrue(loadValue(put));
                    assertEquals(putInto(model, path, RuleFixture.parse(put)), text.put(path, value), before);
                }
                assertEquals(model, RuleFixture.parse(text.toString()), before + " → " + text + " by " + path);
                assertFalse(text.remove(path) && text.find(path));
                removeFrom(model, path);
                assertEquals(model, RuleFixture.parse(text.toString()));
            }
        }
    }

    @Test
    void shouldFindWhatAMapHasWhenAPathIsAsked()
    {
        final Random random = new Random(7);
        int found = 0;
        for (int round = 0; round < 3_000; round++)
        {
            final String json = randomObject(random, 3);
            load(json);
            final RulePath path = randomPath(random);
            Object at = RuleFixture.parse(json);
            boolean isThere = true;
            for (int i = 0; i < path.length() && isThere; i++)
            {
                isThere = at instanceof Map && ((Map<?, ?>)at).containsKey(path.step(i).name());
                at = isThere ? ((Map<?, ?>)at).get(path.step(i).name()) : null;
            }
            assertEquals(isThere, text.find(path), json + " " + path);
            if (isThere)
            {
                text.copyFound(value);
                assertEquals(at, RuleFixture.parse(value.toString()));
                assertEquals(at == null, text.isFoundNull());
                found++;
            }
        }
        assertTrue(found > 200, "" + found);
    }

    @Test
    void shouldAgreeWithAParserWhenTextIsBroken()
    {
        final Random random = new Random(11);
        int malformed = 0;
        for (int round = 0; round < 20_000; round++)
        {
            final StringBuilder json = new StringBuilder(randomValue(random, 2));
            for (int i = random.nextInt(3); i > 0 && json.length() > 0; i--)
            {
                final int at = random.nextInt(json.length());
                final char symbol = SYMBOLS.charAt(random.nextInt(SYMBOLS.length()));
                switch (random.nextInt(3))
                {
                    case 0 -> json.insert(at, symbol);
                    case 1 -> json.deleteCharAt(at);
                    default -> json.setCharAt(at, symbol);
                }
            }
            // Halves of a pair are nothing that UTF-8 can hold.
            final String written = new String(json.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            if (written.contains("\\uD") || written.contains("\\ud"))
            {
                // Half a pair, as an escape, is JSON, and not every parser takes it.
                continue;
            }
            final boolean expected = written.isEmpty() || isJson(written);
            assertEquals(expected, load(written), written);
            malformed += expected ? 0 : 1;
        }
        assertTrue(malformed > 3_000, "" + malformed);
    }

    @Test
    void shouldRefuseWhatIsTooDeepWhenItIsReadOrPut()
    {
        assertTrue(load("[".repeat(500) + "]".repeat(500)));
        assertFalse(load("[".repeat(502) + "]".repeat(502)));
        assertTrue(load("{\"a\":{}}"));
        assertTrue(loadValue("[".repeat(499) + "]".repeat(499)));
        assertTrue(text.put(RulePath.toWrite("set", "payload.b"), value));
        final String before = text.toString();
        assertFalse(text.put(RulePath.toWrite("set", "payload.a.b.c"), value));
        assertEquals(before, text.toString());
    }

    @Test
    void shouldChangeNothingWhenItIsNoObject()
    {
        final RulePath path = RulePath.toWrite("set", "payload.a.b");
        for (final String json : List.of("[1]", "7", "\"x\"", "null"))
        {
            assertTrue(load(json));
            loadValue("1");
            assertFalse(text.put(path, value));
            assertFalse(text.remove(path));
            assertFalse(text.find(path));
            assertFalse(text.isEmptyObject());
            assertEquals(json, text.toString());
        }
        assertTrue(load(""));
        assertTrue(text.isEmptyObject());
        assertFalse(text.remove(path));
        assertTrue(text.put(path, value));
        assertEquals("{\"a\":{\"b\":1}}", text.toString());
        assertTrue(load(" { } "));
        assertTrue(text.isEmptyObject());
        assertTrue(text.put(path, value));
        assertEquals("{\"a\":{\"b\":1}}", text.toString());
    }

    private boolean load(final String json)
    {
        final byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        return text.load(new UnsafeBuffer(utf8), 0, utf8.length);
    }

    private boolean loadValue(final String json)
    {
        final byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        return value.load(new UnsafeBuffer(utf8), 0, utf8.length);
    }

    private static boolean isJson(final String json)
    {
        try (JsonParser parser = new JsonFactory().createParser(json))
        {
            if (parser.nextToken() == null)
            {
                return false;
            }
            parser.skipChildren();
            parser.finishToken();
            return parser.nextToken() == null;
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    private static RulePath randomPath(final Random random)
    {
        final StringBuilder path = new StringBuilder("payload");
        for (int i = 1 + random.nextInt(3); i > 0; i--)
        {
            final String name = NAMES.get(random.nextInt(NAMES.size())).replace("\\", "\\\\").replace("'", "''");
            path.append("['").append(name).append("']");
        }
        return RulePath.toWrite("set", path.toString());
    }

    private static String randomObject(final Random random, final int depth)
    {
        final StringBuilder json = new StringBuilder(blank(random)).append('{').append(blank(random));
        for (int i = random.nextInt(5); i > 0; i--)
        {
            json.append(randomName(random)).append(blank(random)).append(':').append(blank(random))
                .append(randomValue(random, depth - 1)).append(blank(random)).append(i == 1 ? "" : ",")
                .append(blank(random));
        }
        return json.append('}').append(blank(random)).toString();
    }

    private static String randomValue(final Random random, final int depth)
    {
        switch (random.nextInt(depth > 0 ? 8 : 6))
        {
            case 0:
                return "null";
            case 1:
                return random.nextBoolean() ? "true" : "false";
            case 2:
                return Integer.toString(random.nextInt(100) - 50);
            case 3:
                return List.of("-0", "1.5e3", "2E-7", "0.10", "-1.0e+2").get(random.nextInt(5));
            case 4:
                return randomName(random);
            case 5:
                return "[1," + blank(random) + "[],{\"a\":[2]}]";
            default:
                return randomObject(random, depth);
        }
    }

    private static String randomName(final Random random)
    {
        final String name = NAMES.get(random.nextInt(NAMES.size()));
        if (random.nextInt(3) > 0)
        {
            return JsonQuote.of(name);
        }
        final StringBuilder escaped = new StringBuilder("\"");
        for (int i = 0; i < name.length(); i++)
        {
            escaped.append(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int)name.charAt(i)));
        }
        return escaped.append('"').toString();
    }

    private static String blank(final Random random)
    {
        return random.nextInt(4) == 0 ? " \n\t\r".substring(random.nextInt(4)) : "";
    }

    private static boolean removeFrom(final Map<String, Object> root, final RulePath path)
    {
        Map<String, Object> at = root;
        for (int i = 0; i < path.length() - 1; i++)
        {
            if (!(at.get(path.step(i).name()) instanceof Map))
            {
                return false;
            }
            at = object(at.get(path.step(i).name()));
        }
        final String name = path.step(path.length() - 1).name();
        final boolean isThere = at.containsKey(name);
        at.remove(name);
        return isThere;
    }

    private static boolean putInto(final Map<String, Object> root, final RulePath path, final Object put)
    {
        Map<String, Object> at = root;
        for (int i = 0; i < path.length() - 1; i++)
        {
            final Object next = at.get(path.step(i).name());
            if (next != null && !(next instanceof Map))
            {
                return false;
            }
            if (next == null)
            {
                at.put(path.step(i).name(), new LinkedHashMap<>());
            }
            at = object(at.get(path.step(i).name()));
        }
        at.put(path.step(path.length() - 1).name(), put);
        return true;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(final Object value)
    {
        return (Map<String, Object>)value;
    }
}
