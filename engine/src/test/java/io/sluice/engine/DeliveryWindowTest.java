package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.admission.GrowingMemory;
import io.sluice.engine.admission.MemoryBudget;
import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.IdGenerator;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a window holds follows what is in it, and what it gives back nobody reads any more. */
class DeliveryWindowTest
{
    private static final long LIMIT = 64L << 20;

    private final MemoryBudget budget = new MemoryBudget(LIMIT, 0L);
    private final GrowingMemory memory = new GrowingMemory("events", budget);
    private final DeliveryWindow window = new DeliveryWindow(memory);
    private final Queue<DeliveryWindow.Entry> entries = new ArrayDeque<>();

    @Test
    void shouldHoldTheMemoryOfOneEventHoweverManyPassOneByOne()
    {
        final EventFlyweight event = event(60_000);
        for (int i = 0; i < DeliveryWindow.CAPACITY + 100; i++)
        {
            put(event);
            take();
        }
        assertEquals(event.recordLength(), memory.used());
    }

    @Test
    void shouldUseTheSameMemoryAgainWhenLengthsDiffer()
    {
        final EventFlyweight large = event(60_000);
        final EventFlyweight small = event(10);
        final ByteBuffer first = put(large).buffer().byteBuffer();
        take();
        for (int i = 0; i < DeliveryWindow.CAPACITY; i++)
        {
            assertSame(first, put(i % 2 == 0 ? small : large).buffer().byteBuffer());
            take();
        }
    }

    @Test
    void shouldHoldNoMoreThanItsShareWhenABacklogOfLargeAndSmallEventsIsDone()
    {
        final EventFlyweight[] events = {event(10), event(100_000), event(2_000), event(30_000)};
        for (int round = 0; round < 20; round++)
        {
            int count = 0;
            // Mixed, then all alike.
            EventFlyweight next = events[0];
            while (window.hasRoom(next.recordLength()))
            {
                put(next);
                count++;
                next = events[round % 2 == 0 ? count % 4 : round / 2 % 4];
            }
            while (count-- > 0)
            {
                take();
            }
            assertTrue(memory.used() <= DeliveryWindow.MAX_BYTES, round + ": " + memory.used());
        }
        window.close();
        assertEquals(0, memory.used());
        assertEquals(0, budget.used());
    }

    @Test
    void shouldGiveBackWhatItDoesNotNeedWhenMemoryIsShort()
    {
        final EventFlyweight large = event(60_000);
        for (int i = 0; i < 10; i++)
        {
            put(large);
        }
        take();
        window.trim();
        assertEquals(10L * large.recordLength(), memory.used());
        budget.cleanUp();
        window.trim();
        assertEquals(9L * large.recordLength(), memory.used());
        for (int i = 0; i < 9; i++)
        {
            take();
        }
        window.trim();
        assertEquals(9L * large.recordLength(), memory.used(), "once for each time");
        budget.cleanUp();
        window.trim();
        assertEquals(0, memory.used());
        assertEquals(large.recordLength(), put(large).buffer().capacity());
    }

    @Test
    void shouldLetOneEventThroughWithoutMemoryAndKeepNothingOfIt()
    {
        assertTrue(memory.tryReserve(LIMIT));
        final EventFlyweight large = event(60_000);
        put(large);
        assertFalse(window.hasRoom(large.recordLength()));
        take();
        assertEquals(LIMIT, memory.used());
        memory.release(LIMIT);
        put(large);
        assertEquals(large.recordLength(), memory.used());
    }

    @Test
    void shouldLeaveARecordAloneWhoseHandlerMayLookAtItYet()
    {
        final EventFlyweight event = event(100);
        final DeliveryWindow.Entry hung = put(event);
        final DirectBuffer buffer = hung.buffer();
        final byte[] before = bytes(buffer, event.recordLength());
        hung.complete(new HungHandlerException("slow", 1L, "worker", "none", new StackTraceElement[0]), 0L, 0L);
        window.remove();
        assertEquals(0, memory.used());
        assertNotSame(hung, put(event(90)));
        assertArrayEquals(before, bytes(buffer, event.recordLength()));
    }

    private static EventFlyweight event(final int length)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length + 1024]);
        new EventBuilder().id("e").type("load.step").payload(new byte[length]).encode(
            new EventEncoder(),
            buffer,
            0,
            buffer.capacity(),
            new EventDefaults(new ManualClock(Instant.EPOCH), new IdGenerator(1L)));
        return new EventFlyweight().wrap(buffer, 0);
    }

    private static byte[] bytes(final DirectBuffer buffer, final int length)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    private DeliveryWindow.Entry put(final EventFlyweight event)
    {
        assertTrue(window.hasRoom(event.recordLength()));
        final DeliveryWindow.Entry entry = window.add(event, 0L, false);
        entries.add(entry);
        return entry;
    }

    private void take()
    {
        final DeliveryWindow.Entry first = entries.remove();
        first.complete(null, 0L, 0L);
        assertSame(first, window.peekCompleted());
        window.remove();
    }
}
