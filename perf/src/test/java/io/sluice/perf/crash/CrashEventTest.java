package io.sluice.perf.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class CrashEventTest
{
    @Test
    void shouldKnowEveryIdAgainWhenRead()
    {
        for (final long key : new long[]{0, 1, 2, 3, 12_345, 12_346, 1L << 40})
        {
            assertEquals(key, CrashEvent.idKey(CrashEvent.id(key)));
        }
        assertEquals(CrashEvent.id(4), UUID.fromString(CrashEvent.id(4)).toString());
        assertEquals("crash-5", CrashEvent.id(5));
    }

    @Test
    void shouldNotKnowAnIdWhenTheHarnessNeverMadeIt()
    {
        assertEquals(CrashEvent.UNKNOWN, CrashEvent.idKey("crash-4"));
        assertEquals(CrashEvent.UNKNOWN, CrashEvent.idKey("crash-"));
        assertEquals(CrashEvent.UNKNOWN, CrashEvent.idKey("crash-05"));
        assertEquals(CrashEvent.UNKNOWN, CrashEvent.idKey("something"));
        assertEquals(CrashEvent.UNKNOWN, CrashEvent.idKey("01234567-89ab-7cde-8000-00000000000z"));
    }

    @Test
    void shouldKnowEveryContentAgainWhenRead()
    {
        for (long key = 0; key < 100; key++)
        {
            assertEquals(
                key, CrashEvent.contentKey(CrashEvent.type(key), CrashEvent.SOURCE, CrashEvent.payload(key)));
        }
    }

    @Test
    void shouldNotKnowAContentWhenASingleByteIsWrong()
    {
        final byte[] payload = CrashEvent.payload(8);
        assertEquals(4096, payload.length);
        for (final int index : new int[]{0, 8, 2000, 4095})
        {
            payload[index]++;
            assertEquals(CrashEvent.UNKNOWN, CrashEvent.contentKey(CrashEvent.type(8), CrashEvent.SOURCE, payload));
            payload[index]--;
        }
        assertEquals(8, CrashEvent.contentKey(CrashEvent.type(8), CrashEvent.SOURCE, payload));
        assertEquals(CrashEvent.UNKNOWN, CrashEvent.contentKey(CrashEvent.type(9), CrashEvent.SOURCE, payload));
        assertEquals(CrashEvent.UNKNOWN, CrashEvent.contentKey(CrashEvent.type(8), "other", payload));
        assertEquals(CrashEvent.UNKNOWN, CrashEvent.contentKey(CrashEvent.type(8), CrashEvent.SOURCE, new byte[3]));
    }

    @Test
    void shouldUseEveryPriorityWhenThereAreManyEvents()
    {
        final int[] counts = new int[4];
        for (int i = 0; i < 16_000; i++)
        {
            counts[CrashEvent.priority(i).code()]++;
        }
        assertTrue(counts[0] > 500 && counts[1] > 2000 && counts[2] > 5000 && counts[3] > 5000);
    }
}
