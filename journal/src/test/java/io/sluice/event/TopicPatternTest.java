package io.sluice.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicPatternTest
{
    @ParameterizedTest
    @CsvSource({
        "agent.started, agent.started, true",
        "agent.started, agent.starte, false",
        "agent.started, agent.started.x, false",
        "agent.started, agent, false",
        "agent, agent, true",
        "pipeline.*, pipeline.started, true",
        "pipeline.*, pipeline.stage.started, true",
        "pipeline.*, pipeline, false",
        "pipeline.*, pipelines.x, false",
        "build.*.failed, build.unit.failed, true",
        "build.*.failed, build.failed, false",
        "build.*.failed, build.a.b.failed, false",
        "*.failed, build.failed, true",
        "*.failed, a.build.failed, false",
        "*.*, a, false",
        "*.*, a.b, true",
        "*.*, a.b.c.d, true",
        "build.**.failed, build.failed, true",
        "build.**.failed, build.a.b.failed, true",
        "build.**.failed, build.failed.x, false",
        "build.**.failed, build.failed.failed, true",
        "build.**, build, true",
        "build.**, build.a.b, true",
        "build.**, builds, false",
        "**.failed, failed, true",
        "**.failed, a.b.failed, true",
        "**.failed, a.b.failed.c, false",
        "**.*, a, true",
        "**, a.b.c, true",
        "**, a, true",
        "*, a, true",
        "*, a.b.c, true",
        "**.**.a, a, true",
        "**.**.a, x.y.a, true",
        "a.**.b.**.c, a.b.c, true",
        "a.**.b.**.c, a.x.b.y.b.z.c, true",
        "a.**.b.**.c, a.x.c, false",
        "a.**.*.c, a.c, false",
        "a.**.*.c, a.b.c, true",
        "\u00e4.*.\u20ac, \u00e4.\ud83d\ude00.\u20ac, true",
        "\u00e4.\u20ac, \u00e4.\u20ad, false"})
    void shouldMatchAsTheRulesSayWhenAsked(final String pattern, final String type, final boolean expected)
    {
        assertMatches(pattern, type, expected);
    }

    @Test
    void shouldAgreeWithTheDefinitionWhenPatternsAreRandom()
    {
        final Random random = new Random(20240120);
        final String[] words = {"a", "b", "ab"};
        int matches = 0;
        for (int i = 0; i < 20_000; i++)
        {
            final String pattern = join(random, new String[]{"a", "b", "*", "**", "ab"}, 6);
            final String type = join(random, words, 7);
            final boolean expected = reference(pattern.split("\\."), 0, type.split("\\."), 0);
            assertMatches(pattern, type, expected);
            matches += expected ? 1 : 0;
        }
        assertTrue(matches > 1000 && matches < 19_000, "" + matches);
    }

    @Test
    void shouldEndSoonWhenAPatternHasManyStars()
    {
        final String pattern = "**.a.".repeat(40) + "b";
        final String type = "a.".repeat(2000) + "c";
        assertMatches(pattern, type, false);
        assertMatches(pattern, "a.".repeat(2000) + "b", true);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 1, a segment is empty",
        "'.a', 1, a segment is empty",
        "'a.', 3, a segment is empty",
        "'a..b', 3, a segment is empty",
        "'pipe*', 5, stand alone between dots",
        "'a.*b', 3, stand alone between dots",
        "'a.***', 3, stand alone between dots",
        "'a.b c', 4, white space"})
    void shouldNameTheColumnWhenAPatternIsMalformed(final String pattern, final int column, final String reason)
    {
        final EventFilterException ex = assertThrows(EventFilterException.class, () -> TopicPattern.of(pattern));
        assertTrue(
            ex.getMessage().contains("'" + pattern + "' is not valid at column " + column + ": "), ex.getMessage());
        assertTrue(ex.getMessage().contains(reason), ex.getMessage());
    }

    @Test
    void shouldBeEqualWhenTheTextsAre()
    {
        final TopicPattern pattern = TopicPattern.of("a.*");
        assertEquals(pattern, TopicPattern.of("a.*"));
        assertEquals(pattern.hashCode(), TopicPattern.of("a.*").hashCode());
        assertNotEquals(pattern, TopicPattern.of("a.**"));
        assertNotEquals(pattern, new Object());
        assertEquals("a.*", pattern.text());
        assertEquals("a.*", pattern.toString());
        assertFalse(pattern.isLiteral());
        assertTrue(TopicPattern.of("a.b").isLiteral());
    }

    private static void assertMatches(final String pattern, final String type, final boolean expected)
    {
        final TopicPattern compiled = TopicPattern.of(pattern);
        assertEquals(expected, compiled.matches(type), pattern + " on " + type);
        final byte[] bytes = EventFixture.utf8("x." + type + ".x");
        assertEquals(
            expected, compiled.matches(new UnsafeBuffer(bytes), 2, bytes.length - 4), pattern + " on bytes of " + type);
    }

    // The rules of K9, word for word and as slow as they are.
    private static boolean reference(final String[] pattern, final int p, final String[] type, final int t)
    {
        if (p == pattern.length)
        {
            return t == type.length;
        }
        final boolean isLast = p == pattern.length - 1;
        switch (pattern[p])
        {
            case "**":
                return reference(pattern, p + 1, type, t) || (t < type.length && reference(pattern, p, type, t + 1));
            case "*":
                return isLast ? t < type.length : t < type.length && reference(pattern, p + 1, type, t + 1);
            default:
                return t < type.length && pattern[p].equals(type[t]) && reference(pattern, p + 1, type, t + 1);
        }
    }

    private static String join(final Random random, final String[] words, final int most)
    {
        final StringBuilder text = new StringBuilder(words[random.nextInt(words.length)]);
        for (int i = random.nextInt(most); i > 0; i--)
        {
            text.append('.').append(words[random.nextInt(words.length)]);
        }
        return text.toString();
    }
}
