package io.sluice.engine.deadletter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LetterMetadataTest
{
    private static final String LETTER = "{\"action\":\"dead-lettered\",\"letter\":1}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                             | {\"deadLetter\":L}",
        "{}                             | {\"deadLetter\":L}",
        "{\"a\":1}                      | {\"a\":1,\"deadLetter\":L}",
        "{ \"a\" : 1e5 , \"b\":[{}] }   | {\"a\" : 1e5 , \"b\":[{}] ,\"deadLetter\":L}",
        "{\"deadLetter\":7,\"z\":\"}\"} | {\"deadLetter\":P7},\"z\":\"}\"}",
        "{\"deadLetter\":{\"previous\":1}} | {\"deadLetter\":P{\"previous\":1}}}",
        "{\"deadLetter\":\"x\"}         | {\"deadLetter\":P\"x\"}}"
    })
    void shouldPutTheLetterInAndTakeItOutAgain(final String own, final String joined)
    {
        final String expected = joined.replace("L}", LETTER + "}")
            .replace("P", LETTER.substring(0, LETTER.length() - 1) + ",\"previous\":");

        final byte[] bytes = LetterMetadata.join(utf8(own), LETTER);

        assertNotNull(bytes);
        assertEquals(expected.replace(" ", ""), text(bytes).replace(" ", ""));
        assertEquals("{}".equals(own) ? "" : own, text(LetterMetadata.split(bytes)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "[1]", "nonsense", "{\"a\":1", "{\"deadLetter\":1,\"deadLetter\":2}", "{\"a\":1} {}", "\"x\""})
    void shouldRefuseToJoinWhenTheMetadataAreNoObjectOfOurs(final String own)
    {
        assertNull(LetterMetadata.join(utf8(own), LETTER));
    }

    @Test
    void shouldRefuseToJoinWhenTheResultIsTooLongOrNoText()
    {
        final String room = "x".repeat(65_536 - "{\"a\":\"\",\"deadLetter\":}".length() - LETTER.length());
        assertNotNull(LetterMetadata.join(utf8("{\"a\":\"" + room + "\"}"), LETTER));
        assertNull(LetterMetadata.join(utf8("{\"a\":\"" + room + "x\"}"), LETTER));

        final byte[] broken = utf8("{\"a\":\"??\"}");
        broken[6] = (byte)0xC3;
        broken[7] = (byte)0x28;
        assertNull(LetterMetadata.join(broken, LETTER));
    }

    @Test
    void shouldFindNothingToTakeOutWhenThereIsNoLetter()
    {
        assertNull(LetterMetadata.split(utf8("{\"a\":1}")));
        assertNull(LetterMetadata.split(utf8("nonsense")));
    }

    @Test
    void shouldGiveBackEveryByteWhenTheMetadataAreRandom()
    {
        final long seed = 20_261_121L;
        final Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++)
        {
            final byte[] own = utf8(object(random, 3));
            final byte[] joined = LetterMetadata.join(own, LETTER);
            if (joined != null)
            {
                assertArrayEquals(
                    own.length == 2 ? new byte[0] : own, LetterMetadata.split(joined), "seed " + seed + " round " + i);
                assertNotNull(LetterMetadata.join(joined, LETTER), text(joined));
                assertArrayEquals(joined, LetterMetadata.split(LetterMetadata.join(joined, LETTER)));
            }
        }
    }

    private static String object(final Random random, final int depth)
    {
        final StringBuilder out = new StringBuilder("{");
        final int members = random.nextInt(4);
        for (int i = 0; i < members; i++)
        {
            out.append(i == 0 ? "" : ",").append(" ".repeat(random.nextInt(2)));
            final boolean isOurs = random.nextInt(6) == 0;
            out.append(isOurs ? "\"deadLetter\"" : "\"n\u00e9\\\"" + i + "\"").append(" ".repeat(random.nextInt(2)));
            out.append(':').append(value(random, depth)).append(" ".repeat(random.nextInt(2)));
        }
        return out.append('}').toString();
    }

    private static String value(final Random random, final int depth)
    {
        return switch (random.nextInt(depth == 0 ? 4 : 6))
        {
            case 0 -> "null";
            case 1 -> "-12.50e+3";
            case 2 -> "\"}{\\\\\\\" \ud83d\ude00,\"";
            case 3 -> "true";
            case 4 -> "[" + value(random, depth - 1) + " , " + value(random, depth - 1) + "]";
            default -> object(random, depth - 1);
        };
    }

    private static byte[] utf8(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(final byte[] bytes)
    {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
