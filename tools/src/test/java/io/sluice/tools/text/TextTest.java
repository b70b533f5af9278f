package io.sluice.tools.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest
{
    @ParameterizedTest
    @CsvSource({
        "0, 0 ns", "999, 999 ns", "1000, 1.00 µs", "9994, 9.99 µs", "9996, 10.0 µs", "12345, 12.3 µs", "123456, 123 µs",
        "1234567, 1.23 ms", "41230000, 41.2 ms", "1000000000, 1.00 s", "90000000000, 90.0 s"})
    void shouldShowDurationsInThreeDigits(final long ns, final String text)
    {
        assertEquals(text, Quantity.duration(ns));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "999, 999 B", "1000, 1.00 KB", "52091388, 52.1 MB", "85600000000, 85.6 GB"})
    void shouldShowSizesInThreeDigits(final long bytes, final String text)
    {
        assertEquals(text, Quantity.bytes(bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "30s, 30000000000", "500ms, 500000000", "1.5m, 90000000000", "2 h, 7200000000000", "1D, 86400000000000",
        "7ns, 7", "3us, 3000", "3µs, 3000"})
    void shouldReadDurations(final String text, final long ns)
    {
        assertEquals(ns, UnitText.durationNs(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-1s", "1.5ns", "1y", "1s 2s", "999999999999999999d"})
    void shouldRefuseWhatIsNoDuration(final String text)
    {
        assertThrows(IllegalArgumentException.class, () -> UnitText.durationNs(text));
    }

    @ParameterizedTest
    @CsvSource({"4096, 4096", "1KB, 1000", "100MB, 100000000", "16MiB, 16777216", "1.5 gib, 1610612736", "7b, 7"})
    void shouldReadSizes(final String text, final long bytes)
    {
        assertEquals(bytes, UnitText.bytes(text));
    }

    @Test
    void shouldSetTablesInColumns()
    {
        final Table table = new Table("name", "count").row("a", "1").row(Colour.RED, "größer", "1,000");

        assertEquals(List.of("name    count", "a           1", "größer  1,000"), table.lines(false));
        assertEquals("\u001b[31mgrößer  1,000\u001b[0m", table.lines(true).get(2));
        assertThrows(IllegalArgumentException.class, () -> table.row("one cell"));
    }

    @Test
    void shouldWriteCompactJson()
    {
        assertEquals(
            "{\"a\":1,\"b\":\"\\\"\\\\\\u000a\\ud800é\",\"c\":null,\"d\":true,\"e\":1.5,\"f\":2," +
            "\"g\":[\"x\",\"y\"],\"h\":{}}",
            new JsonLine()
                .add("a", 1)
                .add("b", "\"\\\n\ud800é")
                .add("c", (String)null)
                .add("d", true)
                .addTenths("e", 15)
                .addTenths("f", 20)
                .add("g", List.of("x", "y"))
                .add("h", new JsonLine())
                .toString());
    }

    @Test
    void shouldMakeForeignTextHarmless()
    {
        assertEquals("", PlainText.printable(null));
        assertEquals("a\\u001b[0m\\n\\t\\r\\u007f\\u0085\\u202e\\u2028😀", PlainText.printable(
            "a\u001b[0m\n\t\r\u007f\u0085\u202e\u2028😀"));
        assertEquals("\\ud83dx", PlainText.printable("\ud83dx"));
    }

    @Test
    void shouldShortenBetweenCharacters()
    {
        assertEquals("abc", PlainText.shorten("abc", 3));
        assertEquals("ab…", PlainText.shorten("abcd", 3));
        assertEquals("a…", PlainText.shorten("a😀bc", 3));
    }

    @ParameterizedTest
    @CsvSource({"aé, 2, 1", "aé, 3, 3", "a→, 3, 1", "a😀, 4, 1", "a😀b, 5, 5", "ab, 1, 1"})
    void shouldCutUtf8BetweenCharacters(final String text, final int shown, final int whole)
    {
        final byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);

        assertEquals(whole, PlainText.wholeCharacters(Arrays.copyOf(utf8, shown), utf8.length));
    }
}
