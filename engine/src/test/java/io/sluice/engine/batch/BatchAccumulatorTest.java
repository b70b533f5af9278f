package io.sluice.engine.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BatchAccumulatorTest
{
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_700_000_000L * SECOND;

    private final Records records = new Records();
    private BatchAccumulator accumulator = new BatchAccumulator(BatchPolicy.defaults());
    private long nowNs = START;
    private long sequence;

    @Test
    void shouldHandOverWhenFiftyEventsAreThere()
    {
        offer(49, "a");
        assertNull(accumulator.poll());
        assertEquals(0, accumulator.waiting());

        offer(1, "a");

        assertEquals(1, accumulator.waiting());
        assertEquals(sequences(1, 50), take());
        assertEquals(0, accumulator.waiting());
    }

    @Test
    void shouldHandOverWhateverIsThereWhenTwoSecondsAreOver()
    {
        offer(1, "a");
        nowNs += SECOND;
        offer(2, "a");
        assertEquals(START + 2 * SECOND, accumulator.nearestDeadlineNs());
        nowNs += SECOND - 1;
        assertEquals(0, accumulator.onTime(nowNs));
        assertNull(accumulator.poll());

        nowNs++;

        assertEquals(1, accumulator.onTime(nowNs));
        assertEquals(BatchAccumulator.NONE, accumulator.nearestDeadlineNs());
        final SealedBatch batch = accumulator.poll();
        assertEquals(START, batch.openedNs());
        assertEquals(nowNs, batch.sealedNs());
        assertEquals(sequences(1, 3), sequences(batch.events()));
        assertTrue(accumulator.complete(batch));
        assertEquals(0, accumulator.onTime(nowNs + SECOND));
    }

    @Test
    void shouldGroupByTypeWhenTypesAlternate()
    {
        accumulator = new BatchAccumulator(BatchPolicy.defaults().batchSizes(1, 2, 2));
        offer(1, "a");
        offer(1, "b");
        offer(1, "b");
        offer(1, "a");

        final SealedBatch first = accumulator.poll();
        assertEquals("b", first.events().type());
        assertEquals(List.of(2L, 3L), sequences(first.events()));
        accumulator.complete(first);
        final SealedBatch second = accumulator.poll();
        assertEquals("a", second.events().type());
        assertSame(second.events().type(), second.events().type());
        assertEquals(List.of(1L, 4L), sequences(second.events()));
    }

    @Test
    void shouldKeepTypesTogetherWhenNothingIsGrouped()
    {
        accumulator = new BatchAccumulator(BatchPolicy.defaults().batchSize(5).grouping(BatchGrouping.NONE));
        for (int i = 0; i < 5; i++)
        {
            offer(1, "type." + i);
        }

        final SealedBatch batch = accumulator.poll();
        assertEquals("", batch.events().type());
        assertEquals("type.3", batch.events().event(3).type());
        assertEquals(sequences(1, 5), sequences(batch.events()));
    }

    @Test
    void shouldFlushOnlyItsGroupWhenACriticalEventArrives()
    {
        offer(3, "a");
        offer(2, "b");
        offer(1, "a", Priority.CRITICAL);

        assertEquals(List.of(1L, 2L, 3L, 6L), take());
        assertNull(accumulator.poll());
        assertEquals(1, accumulator.flush(nowNs));
        assertEquals(List.of(4L, 5L), take());
    }

    @Test
    void shouldWaitLikeAnyOtherWhenCriticalEventsDoNotFlush()
    {
        accumulator = new BatchAccumulator(BatchPolicy.defaults().flushOnCritical(false));
        offer(1, "a", Priority.CRITICAL);

        assertNull(accumulator.poll());
    }

    @Test
    void shouldGoFirstAndInOrderWhenAGroupHasACriticalEvent()
    {
        accumulator = new BatchAccumulator(BatchPolicy.defaults().batchSizes(1, 2, 2));
        offer(2, "a");
        offer(2, "b");
        offer(2, "c");
        offer(1, "c", Priority.CRITICAL);

        assertEquals(List.of(5L, 6L), take(), "of the group, before the CRITICAL event");
        assertEquals(List.of(7L), take());
        assertEquals(List.of(1L, 2L), take());
        assertEquals(List.of(3L, 4L), take());
    }

    @Test
    void shouldHaveItsTurnWhenCriticalEventsKeepComing()
    {
        accumulator = new BatchAccumulator(BatchPolicy.defaults().batchSizes(1, 2, 2).queuedBatches(64));
        offer(2, "a");
        offer(2, "b");
        int before = 0;
        final List<Integer> overtaken = new ArrayList<>();
        for (int i = 0; i < 30; i++)
        {
            offer(1, "c" + i % 2, Priority.CRITICAL);
            offer(1, "c" + i % 3, Priority.CRITICAL);
            final List<Long> taken = take();
            if (taken.size() == 2)
            {
                overtaken.add(before);
                before = 0;
            }
            else
            {
                before++;
            }
        }

        assertEquals(List.of(BatchSchedule.MOST_OVERTAKES, BatchSchedule.MOST_OVERTAKES), overtaken);
    }

    @Test
    void shouldHandOverTheOldestGroupWhenTooManyAreOpen()
    {
        accumulator = new BatchAccumulator(BatchPolicy.defaults().openGroups(3));
        offer(1, "a");
        offer(1, "b");
        offer(1, "c");
        offer(1, "a");
        offer(1, "d");

        assertEquals(List.of(1L, 4L), take());
        offer(1, "a");
        assertEquals(List.of(2L), take());
    }

    @Test
    void shouldNotHandOverASecondBatchOfATypeWhenOneIsBeingHandled()
    {
        accumulator = new BatchAccumulator(BatchPolicy.defaults().batchSizes(1, 2, 2).parallelBatches(3));
        offer(4, "a");
        offer(2, "b");

        final SealedBatch a1 = accumulator.poll();
        final SealedBatch b = accumulator.poll();
        assertEquals(List.of(1L, 2L), sequences(a1.events()));
        assertEquals(List.of(5L, 6L), sequences(b.events()));
        assertNull(accumulator.poll());
        assertEquals(1, accumulator.waiting());

        assertTrue(accumulator.complete(b));
        assertNull(accumulator.poll());
        assertTrue(accumulator.complete(a1));
        assertEquals(List.of(3L, 4L), take());
    }

    @Test
    void shouldHandOverNoMoreThanAllowedWhenOneBatchRunsAtATime()
    {
        accumulator = new BatchAccumulator(BatchPolicy.defaults().batchSizes(1, 2, 2));
        offer(2, "a");
        offer(2, "b");

        final SealedBatch first = accumulator.poll();
        assertNull(accumulator.poll());
        accumulator.complete(first);
        assertEquals(List.of(3L, 4L), take());
    }

    @Test
    void shouldRefuseAndKeepWhatItHasWhenNoBatchIsFree()
    {
        accumulator = new BatchAccumulator(BatchPolicy.defaults().batchSizes(1, 2, 2).openGroups(1).queuedBatches(1));
        offer(6, "a");
        final EventFlyweight refused = records.event(7, "a", Priority.NORMAL);
        assertFalse(accumulator.offer(refused, nowNs));
        assertFalse(accumulator.offer(refused, nowNs));
        assertEquals(6, accumulator.pending());

        assertEquals(List.of(1L, 2L), take());
        assertTrue(accumulator.offer(refused, nowNs));
        assertEquals(List.of(3L, 4L), take());
        assertEquals(List.of(5L, 6L), take());
        accumulator.flush(nowNs);
        assertEquals(List.of(7L), take());
        assertEquals(0, accumulator.pending());
    }

    @Test
    void shouldHandOverWhenTheNextEventDoesNotFit()
    {
        accumulator = new BatchAccumulator(BatchPolicy.defaults().maxBytes(4096));
        offer(records.event(++sequence, "a", 1500));
        offer(records.event(++sequence, "a", 1500));
        assertNull(accumulator.poll());
        offer(records.event(++sequence, "a", 1500));

        assertEquals(List.of(1L, 2L), take());
        accumulator.flush(nowNs);
        assertEquals(List.of(3L), take());
    }

    @Test
    void shouldBeABatchOnItsOwnWhenAnEventIsLargerThanABatch()
    {
        accumulator = new BatchAccumulator(BatchPolicy.defaults().maxBytes(1024).openGroups(1).queuedBatches(1));
        for (int round = 0; round < 5; round++)
        {
            offer(records.event(++sequence, "a", 100));
            final EventFlyweight large = records.event(++sequence, "a", 100_000);
            offer(large);
            assertEquals(List.of(sequence - 1), take());
            offer(records.event(++sequence, "a", 100));
            final SealedBatch batch = accumulator.poll();
            final EventFlyweight seen = batch.events().event(0);
            assertEquals(1, batch.size());
            assertEquals(large.recordLength(), seen.recordLength());
            assertNull(seen.findDamage(seen.recordLength(), new EventHash()));
            accumulator.complete(batch);
            accumulator.flush(nowNs);
            assertEquals(List.of(sequence), take());
        }
    }

    @Test
    void shouldTellTheLowestSequenceOfEachPriorityWhenBatchesAreCompletedOutOfOrder()
    {
        accumulator = new BatchAccumulator(
            BatchPolicy.defaults().batchSizes(1, 2, 2).parallelBatches(2).flushOnCritical(false));
        assertLowest(BatchAccumulator.NONE, BatchAccumulator.NONE, BatchAccumulator.NONE, BatchAccumulator.NONE);
        offer(1, "a", Priority.NORMAL);
        offer(1, "a", Priority.HIGH);
        offer(1, "b", Priority.NORMAL);
        offer(1, "b", Priority.LOW);
        offer(1, "c", Priority.HIGH);
        offer(1, "c", Priority.CRITICAL);
        assertLowest(6, 2, 1, 4);
        assertEquals(6, accumulator.pending());

        final SealedBatch a = accumulator.poll();
        final SealedBatch b = accumulator.poll();
        accumulator.complete(b);
        assertLowest(6, 2, 1, BatchAccumulator.NONE);
        accumulator.complete(a);
        assertLowest(6, 5, BatchAccumulator.NONE, BatchAccumulator.NONE);
        accumulator.complete(accumulator.poll());
        assertLowest(BatchAccumulator.NONE, BatchAccumulator.NONE, BatchAccumulator.NONE, BatchAccumulator.NONE);
        assertEquals(0, accumulator.pending());
    }

    @Test
    void shouldTellWhetherAnEventWouldOvertakeWhenItsGroupIsNotCompleted()
    {
        accumulator = new BatchAccumulator(BatchPolicy.defaults().batchSizes(1, 2, 2));
        final EventFlyweight same = records.event(100, "a", Priority.NORMAL);
        assertFalse(accumulator.isPending(same));
        offer(1, "a");
        assertTrue(accumulator.isPending(same), "open");
        assertFalse(accumulator.isPending(records.event(100, "b", Priority.NORMAL)));
        assertFalse(accumulator.isPending(records.event(100, "a", Priority.HIGH)));
        offer(1, "a");
        assertTrue(accumulator.isPending(same), "sealed");
        offer(1, "b");
        final SealedBatch batch = accumulator.poll();
        assertTrue(accumulator.isPending(same), "being handled");
        accumulator.complete(batch);
        assertFalse(accumulator.isPending(same), "completed");

        accumulator = new BatchAccumulator(BatchPolicy.defaults().grouping(BatchGrouping.NONE));
        offer(1, "b");
        assertTrue(accumulator.isPending(same));
    }

    @Test
    void shouldGoOnAndLeaveTheBytesWhenABatchIsAbandoned()
    {
        accumulator = new BatchAccumulator(BatchPolicy.defaults().batchSizes(1, 2, 2).openGroups(1).queuedBatches(1));
        offer(6, "a");
        final SealedBatch hung = accumulator.poll();
        final EventBatch events = hung.events();

        assertTrue(accumulator.abandon(hung));

        assertEquals(4, accumulator.pending());
        assertLowest(BatchAccumulator.NONE, BatchAccumulator.NONE, 3, BatchAccumulator.NONE);
        for (int round = 0; round < 10; round++)
        {
            assertNotNull(take());
            offer(2, "a");
        }
        assertEquals(List.of(1L, 2L), sequences(events));
        assertEquals(2, hung.event(1).sequence());
        assertFalse(accumulator.complete(hung));
        assertEquals(4, accumulator.pending());
    }

    @Test
    void shouldCountTheTimeWaitedWhenTheClockIsSetBack()
    {
        offer(1, "a");
        nowNs += SECOND;
        accumulator.onTime(nowNs);
        nowNs -= 3600 * SECOND;
        assertEquals(0, accumulator.onTime(nowNs));
        assertEquals(nowNs + SECOND, accumulator.nearestDeadlineNs());

        nowNs += SECOND;

        assertEquals(1, accumulator.onTime(nowNs));
    }

    @Test
    void shouldStandStillWhenTheClockStepsBackALittle()
    {
        offer(1, "a");
        accumulator.onTime(nowNs + SECOND);
        accumulator.onTime(nowNs);
        accumulator.onTime(nowNs + SECOND);
        accumulator.onTime(nowNs);

        assertEquals(START + 2 * SECOND, accumulator.nearestDeadlineNs());
    }

    @Test
    void shouldFollowArrivalsWhenTheyCease()
    {
        accumulator = new BatchAccumulator(BatchPolicy.defaults().followLoad(true));
        assertEquals(50, accumulator.currentBatchSize());
        for (int i = 0; i < 4000; i++)
        {
            nowNs += SECOND / 4000;
            if (!accumulator.offer(records.event(++sequence, "a", Priority.NORMAL), nowNs))
            {
                throw new AssertionError("refused " + sequence);
            }
            drain();
        }
        assertEquals(100, accumulator.currentBatchSize());
        offer(1, "b");
        final long openedNs = nowNs;

        while (accumulator.onTime(nowNs) == 0)
        {
            nowNs = accumulator.nearestDeadlineNs();
        }

        assertTrue(nowNs - openedNs < SECOND, "waited " + (nowNs - openedNs));
        while (accumulator.nearestDeadlineNs() != BatchAccumulator.NONE)
        {
            nowNs = accumulator.nearestDeadlineNs();
            accumulator.onTime(nowNs);
        }
        drain();
        nowNs += 10 * SECOND;
        offer(1, "c");
        assertEquals(5, accumulator.currentBatchSize());
        assertEquals(SECOND / 10, accumulator.currentTimeoutNs());
    }

    @Test
    void shouldGrowWhenTheLoadIsHighOrBatchesWait()
    {
        accumulator = new BatchAccumulator(BatchPolicy.defaults().batchSizes(5, 5, 100).followLoad(true));
        offer(1, "a");
        accumulator.load(0.5);
        nowNs += SECOND;
        offer(1, "a");
        assertEquals(53, accumulator.currentBatchSize());
        accumulator.load(Double.NaN);
        nowNs += SECOND;
        offer(1, "a");
        assertEquals(5, accumulator.currentBatchSize());
        accumulator.load(1.5);
        nowNs += SECOND;
        offer(1, "a");
        assertEquals(100, accumulator.currentBatchSize());

        accumulator.load(-1);
        for (int i = 0; i < 8; i++)
        {
            offer(1, "b" + i);
        }
        accumulator.flush(nowNs);
        nowNs += SECOND;
        offer(1, "a");
        assertEquals(100, accumulator.currentBatchSize(), "8 of 8 batches wait");
        drain();
        nowNs += SECOND;
        offer(1, "a");
        assertEquals(5, accumulator.currentBatchSize());
    }

    @Test
    void shouldRefuseACodeWhenThereIsNoSuchPriority()
    {
        assertThrows(RuntimeException.class, () -> accumulator.lowestPending(4));
        assertSame(accumulator.policy(), BatchPolicy.defaults());
    }

    private void offer(final int count, final String type)
    {
        offer(count, type, Priority.NORMAL);
    }

    private void offer(final int count, final String type, final Priority priority)
    {
        for (int i = 0; i < count; i++)
        {
            offer(records.event(++sequence, type, priority));
        }
    }

    private void offer(final EventFlyweight event)
    {
        assertTrue(accumulator.offer(event, nowNs), "refused " + sequence);
    }

    private List<Long> take()
    {
        final SealedBatch batch = accumulator.poll();
        assertNotNull(batch, "no batch");
        final List<Long> sequences = sequences(batch.events());
        assertTrue(accumulator.complete(batch));
        return sequences;
    }

    private void drain()
    {
        SealedBatch batch = accumulator.poll();
        while (batch != null)
        {
            accumulator.complete(batch);
            batch = accumulator.poll();
        }
    }

    private void assertLowest(final long critical, final long high, final long normal, final long low)
    {
        assertEquals(
            List.of(critical, high, normal, low),
            LongStream.range(0, Priority.COUNT).map((code) -> accumulator.lowestPending((int)code)).boxed().toList());
    }

    private static List<Long> sequences(final EventBatch events)
    {
        final List<Long> sequences = new ArrayList<>();
        for (int i = 0; i < events.size(); i++)
        {
            sequences.add(events.event(i).sequence());
        }
        return sequences;
    }

    private static List<Long> sequences(final long first, final long last)
    {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }
}
