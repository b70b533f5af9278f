package io.sluice.engine.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random feeds, workers and times against a model that only knows which events were taken and which are completed. */
class BatchAccumulatorPropertyTest
{
    private static final int ROUNDS = 300;
    private static final int STEPS = 1_500;
    private static final Priority[] PRIORITIES = Priority.values();

    private final Records records = new Records();
    private long refusals;
    private long parallel;
    private long urgent;
    private long abandoned;

    @Test
    void shouldLoseNothingAndKeepOrderAndBoundsWhenEverythingIsRandom()
    {
        for (int seed = 0; seed < ROUNDS; seed++)
        {
            new Model(seed).run();
        }
        assertTrue(
            refusals > 100 && parallel > 100 && urgent > 100 && abandoned > 100,
            refusals + " refused, " + parallel + " beside another, " + urgent + " urgent, " + abandoned + " abandoned");
    }

    private final class Model
    {
        private final Random random;
        private final String why;
        private final BatchPolicy policy;
        private final BatchAccumulator accumulator;
        private final Map<Long, Long> takenNs = new HashMap<>();
        private final Set<Long> pending = new HashSet<>();
        private final Set<Long> done = new HashSet<>();
        private final Map<String, Long> lastOfGroup = new HashMap<>();
        private final List<SealedBatch> running = new ArrayList<>();
        private final Map<Long, EventFlyweight> given = new HashMap<>();
        private long nowNs = 1_000_000L;
        private long sequence;
        private long lookNs;

        Model(final int seed)
        {
            random = new Random(seed);
            why = "seed " + seed;
            final int least = 1 + random.nextInt(5);
            final int usual = least + random.nextInt(10);
            final boolean isByType = random.nextInt(4) > 0;
            policy = BatchPolicy.defaults()
                .batchSizes(least, usual, usual + random.nextInt(20))
                .timeoutNs(10_000 + random.nextInt(100_000))
                .grouping(isByType ? BatchGrouping.BY_TYPE : BatchGrouping.NONE)
                .parallelBatches(isByType ? 1 + random.nextInt(4) : 1)
                .openGroups(1 + random.nextInt(6))
                .queuedBatches(1 + random.nextInt(4))
                .maxBytes(1024 + random.nextInt(4096))
                .flushOnCritical(random.nextInt(4) > 0)
                .followLoad(random.nextBoolean());
            accumulator = new BatchAccumulator(policy);
        }

        void run()
        {
            final int eagerness = 1 + random.nextInt(12);
            for (int step = 0; step < STEPS; step++)
            {
                nowNs += random.nextInt(5) == 0 ? random.nextInt(20_000) : random.nextInt(200);
                accumulator.load(random.nextDouble());
                final int what = random.nextInt(20);
                if (what < eagerness)
                {
                    offer();
                }
                else if (what < 15)
                {
                    work();
                }
                else if (what == 15 && random.nextInt(10) == 0)
                {
                    accumulator.flush(nowNs);
                    assertEquals(BatchAccumulator.NONE, accumulator.nearestDeadlineNs(), why);
                }
                accumulator.onTime(nowNs);
                lookNs = nowNs;
                check();
            }
            finish();
        }

        private void offer()
        {
            final EventFlyweight event = records.event(
                ++sequence,
                (builder) -> builder.type("type." + random.nextInt(8))
                    .priority(PRIORITIES[random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(3)])
                    .payload(new byte[random.nextInt(40) == 0 ? 6000 : random.nextInt(300)]));
            final long before = accumulator.pending();
            assertEquals(
                pending.stream().map(given::get).anyMatch((other) -> other.priority() == event.priority() &&
                    (policy.grouping() == BatchGrouping.NONE || other.type().equals(event.type()))),
                accumulator.isPending(event),
                why);
            if (accumulator.offer(event, nowNs))
            {
                pending.add(sequence);
                takenNs.put(sequence, nowNs);
                given.put(sequence, event);
                assertEquals(before + 1, accumulator.pending(), why);
            }
            else
            {
                refusals++;
                assertEquals(before, accumulator.pending(), why);
            }
        }

        private void work()
        {
            if (!running.isEmpty() && random.nextBoolean())
            {
                end(running.remove(random.nextInt(running.size())));
                return;
            }
            final SealedBatch batch = accumulator.poll();
            if (batch == null)
            {
                return;
            }
            assertTrue(running.size() < policy.parallelBatches(), why);
            final EventBatch events = batch.events();
            final String group = events.type();
            running.forEach((other) -> assertFalse(other.events().type().equals(group), why));
            parallel += running.isEmpty() ? 0 : 1;
            running.add(batch);
            assertTrue(events.size() >= 1 && events.size() <= policy.maxBatchSize(), why);
            // Over all priorities, for the sequences of this feed are those of all of them.
            long last = lastOfGroup.getOrDefault(group, 0L);
            int bytes = 0;
            for (int i = 0; i < events.size(); i++)
            {
                final EventFlyweight event = events.event(i);
                assertTrue(event.sequence() > last, why);
                last = event.sequence();
                assertTrue(group.isEmpty() || group.equals(event.type()), why);
                assertEquals(given.get(last).checksum(), event.checksum(), why);
                assertEquals(given.get(last).id(), event.id(), why);
                bytes += event.recordLength();
                urgent += event.priority() == Priority.CRITICAL && policy.flushOnCritical() ? 1 : 0;
                assertTrue(
                    i == events.size() - 1 || event.priority() != Priority.CRITICAL || !policy.flushOnCritical(), why);
                assertTrue(batch.sealedNs() - takenNs.get(last) <= policy.timeoutNs() + 20_000, why);
            }
            assertTrue(events.size() == 1 || bytes <= policy.maxBytes(), why);
            lastOfGroup.put(group, last);
        }

        private void end(final SealedBatch batch)
        {
            for (int i = 0; i < batch.size(); i++)
            {
                final long each = batch.event(i).sequence();
                assertTrue(pending.remove(each), why);
                assertTrue(done.add(each), why);
            }
            if (random.nextInt(10) == 0)
            {
                abandoned++;
                assertTrue(accumulator.abandon(batch), why);
                assertFalse(accumulator.complete(batch), why);
            }
            else
            {
                assertTrue(accumulator.complete(batch), why);
            }
        }

        private void check()
        {
            assertEquals(pending.size(), accumulator.pending(), why);
            for (final Priority priority : PRIORITIES)
            {
                final long lowest = pending.stream().filter((each) -> given.get(each).priority() == priority)
                    .mapToLong((each) -> each).min().orElse(BatchAccumulator.NONE);
                assertEquals(lowest, accumulator.lowestPending(priority.code()), why);
            }
            assertTrue(accumulator.nearestDeadlineNs() > lookNs, why);
            assertTrue(accumulator.waiting() <= policy.batches(), why);
        }

        private void finish()
        {
            accumulator.flush(nowNs);
            while (!pending.isEmpty())
            {
                work();
            }
            assertEquals(takenNs.keySet(), done, why);
            assertEquals(0, accumulator.waiting(), why);
            // All batches are free again: as many groups as may be open, and as many more sealed.
            for (int i = 0; i < policy.batches(); i++)
            {
                assertTrue(accumulator.offer(records.event(++sequence, "last." + i, Priority.LOW), nowNs), why);
                accumulator.flush(nowNs);
            }
            assertFalse(accumulator.offer(records.event(++sequence, "last", Priority.LOW), nowNs), why);
        }
    }
}
