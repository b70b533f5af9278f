package io.sluice.engine.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.Priority;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventBatchTest
{
    private final Records records = new Records();
    private final BatchAccumulator accumulator = new BatchAccumulator(BatchPolicy.defaults());
    private final long nowNs = 1_000;
    private long sequence;

    @Test
    void shouldShowRecordsAsTheyWereWhenTheyAreHandedOver()
    {
        final EventFlyweight event =
            records.event(9, "a.b", Priority.LOW).deliveryFlags(EventDescriptor.FLAG_REDELIVERED);
        accumulator.offer(records.event(8, "a.b", Priority.LOW), nowNs);
        accumulator.offer(event, nowNs);
        accumulator.flush(nowNs);

        final SealedBatch batch = accumulator.poll();
        final EventBatch events = batch.events();
        final EventFlyweight seen = events.event(1);
        assertNull(seen.findDamage(seen.recordLength(), new EventHash()));
        assertEquals(event.id(), seen.id());
        assertEquals("payload 9", new String(seen.payload(), StandardCharsets.UTF_8));
        assertEquals(EventDescriptor.FLAG_REDELIVERED, seen.flags());
        assertEquals(0, events.event(0).flags());
        assertTrue(events.isRedelivered());
        assertFalse(events.isMerged());
        assertEquals(8, events.firstSequence());
        assertEquals(9, events.lastSequence());
        assertEquals(2, events.size());
        assertEquals(1, events.eventCount(1));
        assertEquals(9, events.firstSequence(1));
        assertEquals(9, events.lastSequence(1));
        assertEquals(8, batch.event(0).sequence());
        assertEquals(9, batch.event(1).sequence());
        assertEquals(EventDescriptor.FLAG_REDELIVERED, batch.event(1).flags());
    }

    @Test
    void shouldCountTheOthersAsDeliveredWhenSingleEventsFail()
    {
        offer(3, "a");
        accumulator.flush(nowNs);
        final SealedBatch batch = accumulator.poll();
        final Exception cause = new Exception("no");
        assertEquals(0, batch.failed());

        batch.events().fail(1, cause);

        assertEquals(1, batch.failed());
        assertNull(batch.failure(0));
        assertSame(cause, batch.failure(1));
        assertNull(batch.failure(2));
        accumulator.complete(batch);

        offer(3, "a");
        accumulator.flush(nowNs);
        assertEquals(0, accumulator.poll().failed(), "failures of the batch before");
    }

    @Test
    void shouldFailTheRestWhenTheHandlerThrows()
    {
        offer(3, "a");
        accumulator.flush(nowNs);
        final SealedBatch batch = accumulator.poll();
        final Exception own = new Exception("own");
        final Exception thrown = new Exception("thrown");
        batch.events().fail(1, own);

        batch.fail(thrown);

        assertEquals(3, batch.failed());
        assertSame(thrown, batch.failure(0));
        assertSame(own, batch.failure(1));
        assertSame(thrown, batch.failure(2));
    }

    @Test
    void shouldRefuseReadsWhenTheBatchIsOver()
    {
        offer(2, "a");
        accumulator.flush(nowNs);
        final SealedBatch batch = accumulator.poll();
        final EventBatch events = batch.events();
        final EventFlyweight event = events.event(0);
        assertEquals(
            "event 2 of a batch of 2: use 0 to 1",
            assertThrows(IndexOutOfBoundsException.class, () -> events.event(2)).getMessage());
        assertThrows(IndexOutOfBoundsException.class, () -> events.fail(-1, new Exception()));
        assertThrows(NullPointerException.class, () -> events.fail(0, null));

        assertTrue(accumulator.complete(batch));

        assertThrows(NullPointerException.class, event::sequence);
        assertThrows(IllegalStateException.class, events::size);
        assertThrows(IllegalStateException.class, () -> events.event(0));
        assertThrows(IllegalStateException.class, events::type);
        assertThrows(IllegalStateException.class, batch::size);
        assertFalse(accumulator.complete(batch));
        assertFalse(accumulator.abandon(batch));
    }

    private void offer(final int count, final String type)
    {
        for (int i = 0; i < count; i++)
        {
            assertTrue(accumulator.offer(records.event(++sequence, type, Priority.NORMAL), nowNs));
        }
    }
}
