package io.sluice.handlers.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventRateTest
{
    @ParameterizedTest
    @CsvSource({"1,1", "10000,10000", "10k,10000", "10K,10000", "1.5M,1500000", "0.25k,250", "1000m,1000000000",
        " 7 ,7"})
    void shouldReadRatesAsPeopleWriteThem(final String text, final long perSecond)
    {
        assertEquals(perSecond, EventRate.parse(text).perSecond());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "-1", "0", "1e3", "10 k", "1.0001k", "1001M", "0.5", "ten", "1..2",
        "99999999999999999999"})
    void shouldRefuseWhatIsNoRate(final String text)
    {
        final String message = assertThrows(IllegalArgumentException.class, () -> EventRate.parse(text)).getMessage();

        assertTrue(message.contains("for example 250, 10k or 1.5M"), message);
    }

    @Test
    void shouldScheduleEvenlyWithoutDrift()
    {
        final EventRate rate = new EventRate(3);

        assertEquals(0, rate.dueNs(0));
        assertEquals(333_333_333, rate.dueNs(1));
        assertEquals(1_000_000_000, rate.dueNs(3));
        assertEquals(1_000_000_000_000_000_000L, new EventRate(1000).dueNs(1_000_000_000_000L));
    }
}
