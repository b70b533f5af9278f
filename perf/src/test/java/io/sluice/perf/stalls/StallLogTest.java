package io.sluice.perf.stalls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class StallLogTest
{
    private static final long MS = 1_000_000L;

    private final StallLog log = new StallLog("side", 100, 1000);

    @Test
    void shouldCountACallOnceWhenItIsLongerThanAMillisecond()
    {
        log.onCall(1000, 1000 + MS, 1, false);
        assertEquals(0, log.stalls(), "one millisecond is no stall");
        log.onCall(1000, 1001 + MS, 64, false);
        log.onCall(1000, 1001 + 5 * MS, 1, false);
        log.onCall(1000, 1000 + 7 * MS, 1, false);

        assertEquals(3, log.stalls());
        assertEquals(2, log.longStalls());
        assertEquals(67, log.records());
        assertEquals(6700, log.bytes());
        assertEquals(4, log.calls().getTotalCount());
        assertEquals(3 * 1e9 / 6700, Act.perGb(log.stalls(), log), 1e-6);
    }

    @Test
    void shouldKeepARollApartWhenItStalls()
    {
        log.onCall(1000, 1000 + 50 * MS, 1, true);
        log.onRecord(51 * MS);

        assertEquals(0, log.stalls());
        assertEquals(0, log.calls().getTotalCount());
        assertEquals(1, log.rolls().getTotalCount());
        assertEquals(1, log.lateness().getTotalCount());
        assertTrue(log.lateness().getMaxValue() >= 51 * MS);
    }

    @Test
    void shouldLeaveOutTheRunInButForItsRollsWhenASliceBegins()
    {
        log.recording(false);
        log.onCall(1000, 1000 + 3 * MS, 10, false);
        log.onCall(1000, 1000 + 3 * MS, 10, true);
        log.onRecord(3 * MS);
        assertEquals(0, log.bytes() + log.stalls() + log.calls().getTotalCount() + log.lateness().getTotalCount());

        log.recording(true);
        log.onCall(1000, 1000 + 3 * MS, (int)StallLog.AFTER_ROLL_BYTES / 100, false);
        log.onCall(1000, 1000 + 3 * MS, 1, false);
        assertEquals(2, log.stalls());
        assertEquals(1, log.stallsAfterRoll());
        assertEquals(StallLog.AFTER_ROLL_BYTES + 100, log.bytes());
    }

    @Test
    void shouldWriteEveryStallAndRollWithItsPlaceWhenThereAreMany() throws IOException
    {
        for (int i = 0; i < 2000; i++)
        {
            log.onCall(1000 + i * 10L * MS, 1000 + (i * 10L + 2) * MS, 1, i == 1999);
        }
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text))
        {
            json.writeStartArray();
            log.writeTimeline(json, "100MB");
            json.writeEndArray();
        }

        final String json = text.toString();
        assertEquals(2000, json.split("\"act\"", -1).length - 1);
        assertTrue(json.startsWith(
            "[{\"act\":\"100MB\",\"side\":\"side\",\"atUs\":0,\"tookUs\":2000,\"bytesBefore\":0,\"roll\":false},"),
            json);
        assertTrue(json.endsWith("\"atUs\":19990000,\"tookUs\":2000,\"bytesBefore\":199900,\"roll\":true}]"), json);
    }
}
