package io.sluice.handlers.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoadSourceTest
{
    private static final long START_NS = 1_000_000_000_000L;

    private final EventBuilder event = new EventBuilder();
    private long nowNs = START_NS;

    @Test
    void shouldMixPrioritiesOneToThreeToSixToSix()
    {
        final int[] counts = new int[Priority.COUNT];
        try (LoadSource source = new LoadSource(new EventRate(1000), 1, this::alwaysDue))
        {
            for (int i = 0; i < 160; i++)
            {
                assertTrue(source.next(event));
                counts[event.priority().code()]++;
            }
        }

        assertArrayEquals(new int[]{10, 30, 60, 60}, counts);
    }

    @Test
    void shouldGivePayloadsOf256BytesOfJsonThatNeverRepeat() throws IOException
    {
        final Set<String> payloads = new HashSet<>();
        final Set<String> types = new HashSet<>();
        try (LoadSource source = new LoadSource(new EventRate(1000), 1, this::alwaysDue))
        {
            for (int i = 0; i < 1000; i++)
            {
                assertTrue(source.next(event));
                final byte[] payload = event.payload();
                assertEquals(LoadSource.PAYLOAD_LENGTH, payload.length);
                readWhole(payload);
                payloads.add(new String(payload, StandardCharsets.UTF_8));
                types.add(event.type());
            }
        }

        assertEquals(1000, payloads.size());
        assertEquals(14, types.size());
    }

    @Test
    void shouldRepeatItselfWhenSeedIsTheSame()
    {
        assertEquals(first(50, 7), first(50, 7));
        assertFalse(first(50, 7).equals(first(50, 8)));
    }

    @Test
    void shouldKeepIntendedTimesWhenPublisherIsLate()
    {
        try (LoadSource source = new LoadSource(new EventRate(1000), 1, () -> nowNs))
        {
            assertTrue(source.next(event));
            assertEquals(START_NS, source.intendedTimeNs());
            nowNs += 50_000_000L;
            for (int i = 1; i <= 50; i++)
            {
                assertTrue(source.next(event));
                assertEquals(START_NS + i * 1_000_000L, source.intendedTimeNs());
                assertEquals(source.intendedTimeNs(), event.eventTimeNs());
            }
        }
    }

    @Test
    void shouldNotGiveAnEventBeforeItIsDue()
    {
        final List<Long> readings = new ArrayList<>();
        try (LoadSource source = new LoadSource(new EventRate(1_000_000), 1, () -> note(readings, nowNs += 100)))
        {
            source.next(event);
            source.next(event);
            assertTrue(readings.get(readings.size() - 1) >= source.intendedTimeNs());
            assertTrue(readings.size() > 5, "it did not wait");
        }
    }

    @Test
    void shouldEndWhenClosed()
    {
        final LoadSource source = new LoadSource(new EventRate(1), 1, () -> START_NS);
        assertTrue(source.next(event));

        source.close();

        assertFalse(source.next(event));
    }

    private long alwaysDue()
    {
        nowNs += 1_000_000_000L;
        return nowNs;
    }

    private static long note(final List<Long> readings, final long value)
    {
        readings.add(value);
        return value;
    }

    private List<String> first(final int count, final long seed)
    {
        final List<String> events = new ArrayList<>();
        try (LoadSource source = new LoadSource(new EventRate(1000), seed, this::alwaysDue))
        {
            for (int i = 0; i < count; i++)
            {
                source.next(event);
                events.add(event.type() + new String(event.payload(), StandardCharsets.UTF_8));
            }
        }
        return events;
    }

    private static void readWhole(final byte[] json) throws IOException
    {
        try (JsonParser parser = new JsonFactory().createParser(json))
        {
            while (parser.nextToken() != null)
            {
                parser.getText();
            }
        }
    }
}
