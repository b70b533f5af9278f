package io.sluice.tools.tail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.tools.UsageException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartTextTest
{
    @ParameterizedTest
    @CsvSource({
        "start, start",
        "end, end",
        "17, sequence 17",
        "1970-01-02, time 86400000000000 ns",
        "1970-01-01T00:00:01, time 1000000000 ns",
        "1970-01-01 00:00:01.5, time 1500000000 ns",
        "1970-01-01T00:01, time 60000000000 ns",
        "1970-01-01T00:00:01Z, time 1000000000 ns",
        "1970-01-01T01:00:01+01:00, time 1000000000 ns",
        "1969-12-31T23:00:01-01:00, time 1000000000 ns",
        "1970-01-01t00:00:01z, time 1000000000 ns"})
    void shouldReadWhereToStart(final String text, final String position)
    {
        assertEquals(position, StartText.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "now", "2026-13-01", "2026-01-01T25:00", "12:00", "99999999999999999999",
        "9999-01-01"})
    void shouldRefuseWhatIsNoPosition(final String text)
    {
        final String message = assertThrows(UsageException.class, () -> StartText.parse(text)).getMessage();

        assertTrue(message.contains("use a sequence from 1, a time like"), message);
    }
}
