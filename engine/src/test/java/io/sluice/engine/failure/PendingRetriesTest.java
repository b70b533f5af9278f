package io.sluice.engine.failure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.journal.DataDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingRetriesTest
{
    private static final long START = 1_700_000_000_000_000_000L;
    private static final long KEY = 77;

    @TempDir
    private Path directory;

    private final List<Long> woken = new ArrayList<>();
    private PendingRetries pending = new PendingRetries(10);
    private RetryLog log;
    private long now = START;

    @BeforeEach
    void openLog()
    {
        log = open();
    }

    @AfterEach
    void closeLog()
    {
        log.close();
    }

    @Test
    void shouldComeOutWhenDueAndNotEarlierAndOnce()
    {
        fail(1, 10, RetryEntry.NO_KEY, 1, now + 100);
        fail(1, 11, RetryEntry.NO_KEY, 1, now + 50);
        fail(2, 12, RetryEntry.NO_KEY, 1, now + 100);
        assertEquals(now + 50, pending.nextDueNs());

        assertEquals(List.of(), wake());
        now += 50;
        assertEquals(List.of(11L), wake());
        now += 1000;
        assertEquals(List.of(10L, 12L), wake(), "by subscription where times are equal");
        assertEquals(List.of(), wake());
        assertEquals(Long.MAX_VALUE, pending.nextDueNs());
        assertTrue(pending.find(1, 10).isInFlight());
        assertFalse(pending.find(1, 10).isHeld());
        assertEquals(3, pending.count(), "in flight, but not done");
    }

    @Test
    void shouldWaitAgainWhenItFailsAgain()
    {
        fail(1, 10, RetryEntry.NO_KEY, 1, now);
        wake();
        fail(1, 10, RetryEntry.NO_KEY, 2, now + 200);

        final PendingRetry retry = pending.find(1, 10);
        assertEquals(1, retry.subscription());
        assertEquals(2, retry.attempt());
        assertEquals(now + 200, retry.dueNs());
        assertEquals(now, retry.firstFailureNs());
        assertEquals(now, retry.lastFailureNs());
        assertEquals(FailureCause.THREW, retry.cause());
        assertEquals(List.of(), wake());
        now += 200;
        assertEquals(List.of(10L), wake());
        close(1, 10);
        assertNull(pending.find(1, 10));
        assertEquals(0, pending.count());
    }

    @Test
    void shouldStayDueWhenThereIsNoRoom()
    {
        for (int sequence = 1; sequence <= 5; sequence++)
        {
            fail(1, sequence, RetryEntry.NO_KEY, 1, now + sequence);
        }
        now += 10;
        final List<Long> taken = new ArrayList<>();
        assertEquals(2, pending.wake(now, 10, retry ->
        {
            final boolean isRoom = taken.size() < 2;
            if (isRoom)
            {
                taken.add(retry.sequence());
            }
            return isRoom;
        }));
        assertEquals(List.of(1L, 2L), taken);
        assertEquals(1, pending.wake(now, 1, retry -> woken.add(retry.sequence())));
        assertEquals(List.of(3L), woken);
        assertEquals(List.of(4L, 5L), wake());
    }

    @Test
    void shouldBeDueAgainWithoutAnAttemptWhenItIsPutBack()
    {
        fail(1, 10, RetryEntry.NO_KEY, 1, now);
        assertFalse(pending.putBack(1, 10, now + 5), "not in flight");
        wake();
        assertTrue(pending.putBack(1, 10, now + 5));
        assertFalse(pending.putBack(1, 11, now + 5));
        assertFalse(pending.putBack(2, 10, now + 5));

        assertEquals(List.of(), wake());
        now += 5;
        assertEquals(List.of(10L), wake());
        assertEquals(1, pending.find(1, 10).attempt());
    }

    @Test
    void shouldComeInOrderWhenTheFirstOfTheirKeyIsDone()
    {
        fail(1, 10, KEY, 1, now + 100);
        assertTrue(pending.isHeld(1, KEY));
        assertFalse(pending.isHeld(1, KEY + 1));
        assertFalse(pending.isHeld(2, KEY));
        park(1, 13);
        park(1, 11);
        park(1, 12);
        assertTrue(pending.find(1, 11).isHeld());
        assertEquals(0, pending.find(1, 11).attempt());
        assertNull(pending.find(1, 11).cause());

        now += 99;
        assertEquals(List.of(), wake());
        now++;
        assertEquals(List.of(10L), wake());
        assertTrue(pending.isHeld(1, KEY), "while it is in flight");
        close(1, 10);
        assertEquals(List.of(11L), wake());
        assertEquals(List.of(), wake(), "one by one");
        fail(1, 11, KEY, 1, now + 100);
        assertEquals(List.of(), wake(), "the others wait for its retry");
        now += 100;
        assertEquals(List.of(11L), wake());
        close(1, 11);
        assertEquals(List.of(12L), wake());
        close(1, 12);
        assertEquals(List.of(13L), wake());
        assertTrue(pending.isHeld(1, KEY));
        close(1, 13);
        assertFalse(pending.isHeld(1, KEY));
        assertEquals(0, pending.count());
    }

    @Test
    void shouldNameWhatItIsBehindWhenItIsParked()
    {
        fail(1, 10, KEY, 1, now + 100);
        park(1, 12);
        park(1, 13);

        assertEquals(10, log.read(1, 12).behind());
        assertEquals(12, log.read(1, 13).behind());
    }

    @Test
    void shouldBeDueAtOnceWhenWhatItWaitedForIsDoneAlready()
    {
        park(1, 12);

        assertEquals(0, log.read(1, 12).behind());
        assertEquals(List.of(12L), wake());
    }

    @Test
    void shouldWaitForTheEarlierOneWhenTwoOfAKeyFailed()
    {
        fail(1, 11, KEY, 1, now + 10);
        fail(1, 10, KEY, 1, now + 500);

        now += 100;
        assertEquals(List.of(), wake(), "11 waits for 10");
        now += 400;
        assertEquals(List.of(10L), wake());
        close(1, 10);
        assertEquals(List.of(11L), wake());
    }

    @Test
    void shouldKeepItsOwnTimeWhenTheEarlierOneOfItsKeyIsDone()
    {
        fail(1, 10, KEY, 1, now);
        fail(1, 11, KEY, 1, now + 500);
        wake();
        close(1, 10);

        assertEquals(List.of(), wake());
        now += 500;
        assertEquals(List.of(11L), wake());
    }

    @Test
    void shouldGoOnWhenAnEarlierOneFailsWhileALaterOneOfItsKeyIsInFlight()
    {
        fail(1, 11, KEY, 1, now);
        wake();
        fail(1, 10, KEY, 1, now + 10);
        now += 10;
        assertEquals(List.of(10L), wake());
        fail(1, 11, KEY, 2, now);
        assertEquals(List.of(), wake());
        close(1, 10);
        assertEquals(List.of(11L), wake());
    }

    @Test
    void shouldNotHoldOthersWhenItsKeyChanges()
    {
        fail(1, 10, KEY, 1, now + 100);
        park(1, 11);
        fail(1, 10, RetryEntry.NO_KEY, 2, now + 100);

        assertEquals(List.of(11L), wake());
    }

    @Test
    void shouldBeGoneWhenItsSubscriptionIsForgotten()
    {
        fail(1, 10, KEY, 1, now);
        park(1, 11);
        fail(2, 12, RetryEntry.NO_KEY, 1, now);
        assertTrue(pending.forget(log, 1));
        poll();

        assertEquals(1, pending.count());
        assertEquals(0, pending.count(1));
        assertFalse(pending.isHeld(1, KEY));
        assertArrayEquals(new long[] {2}, pending.subscriptions());
        assertEquals(List.of(12L), wake());
        restart();
        assertEquals(1, pending.count());
    }

    @Test
    void shouldSayItIsFullAndTakeWhatWasBegunWhenTheBoundIsReached()
    {
        for (int sequence = 1; sequence <= 12; sequence++)
        {
            assertEquals(sequence > 10, pending.isFull(), "before " + sequence);
            fail(1, sequence, RetryEntry.NO_KEY, 1, now);
        }
        assertEquals(12, pending.count());
        for (int sequence = 1; sequence <= 3; sequence++)
        {
            assertTrue(pending.isFull());
            close(1, sequence);
        }
        assertFalse(pending.isFull());
    }

    @Test
    void shouldStandAsBeforeWhenTheProcessComesAgain()
    {
        fail(1, 10, KEY, 2, now + 100);
        park(1, 11);
        fail(2, 12, RetryEntry.NO_KEY, 1, now + 50);
        fail(3, 13, RetryEntry.NO_KEY, 1, now);
        close(3, 13);
        now += 60;
        assertEquals(List.of(12L), wake());

        assertEquals(3, restart());

        assertEquals(List.of(12L), wake(), "it was in flight");
        assertEquals(2, pending.find(1, 10).attempt());
        assertTrue(pending.isHeld(1, KEY));
        now += 40;
        assertEquals(List.of(10L), wake());
        close(1, 10);
        assertEquals(List.of(11L), wake());
    }

    @Test
    void shouldRecoverAllWhenThereAreThousands()
    {
        for (int sequence = 1; sequence <= 5000; sequence++)
        {
            fail(1 + sequence % 7, sequence, RetryEntry.NO_KEY, 1, now + sequence);
        }
        assertEquals(5000, restart());
        now += 5000;
        assertEquals(5000, wake().size());
        assertEquals(1L, woken.get(0));
        assertEquals(5000L, woken.get(4999));
    }

    @Test
    void shouldWaitItsPauseAndNoLongerWhenTheClockWasSetBack()
    {
        fail(1, 10, RetryEntry.NO_KEY, 1, now + 100);
        now -= 1_000_000_000_000L;
        restart();

        assertEquals(now + 100, pending.nextDueNs());
    }

    @Test
    void shouldListInOrderWhenASubscriptionIsAskedFor()
    {
        fail(2, 30, RetryEntry.NO_KEY, 1, now);
        fail(1, 12, RetryEntry.NO_KEY, 1, now + 1);
        fail(1, 10, RetryEntry.NO_KEY, 1, now + 2);
        fail(1, 11, RetryEntry.NO_KEY, 1, now);
        final List<Long> listed = new ArrayList<>();
        pending.forEach(1, retry -> listed.add(retry.sequence()));
        pending.forEach(9, retry -> listed.add(retry.sequence()));

        assertEquals(List.of(10L, 11L, 12L), listed);
        assertArrayEquals(new long[] {1, 2}, pending.subscriptions());
        assertEquals(3, pending.count(1));
        assertEquals(0, pending.count(9));
    }

    @Test
    void shouldNameTheCapacityWhenItIsOutOfRange()
    {
        final IllegalArgumentException error =
            assertThrows(IllegalArgumentException.class, () -> new PendingRetries(0));
        assertTrue(error.getMessage().contains("capacity=0"), error.getMessage());
    }

    @Test
    void shouldGiveTheFirstWhenTheHeapIsChangedAtRandom()
    {
        final Random random = new Random(9);
        final Comparator<PendingRetry> order = Comparator
            .comparingLong(PendingRetry::dueNs)
            .thenComparingLong(PendingRetry::subscription)
            .thenComparingLong(PendingRetry::sequence);
        final DueHeap heap = new DueHeap();
        final TreeSet<PendingRetry> model = new TreeSet<>(order);
        final List<PendingRetry> all = new ArrayList<>();
        for (int i = 0; i < 300; i++)
        {
            all.add(new PendingRetry(i % 3, 1 + i));
        }
        for (int step = 0; step < 20_000; step++)
        {
            final PendingRetry retry = all.get(random.nextInt(all.size()));
            model.remove(retry);
            if (random.nextInt(3) == 0)
            {
                heap.remove(retry);
            }
            else
            {
                retry.dueNs = random.nextInt(50);
                heap.put(retry);
                model.add(retry);
            }
            assertEquals(model.isEmpty() ? null : model.first(), heap.peek(), "step " + step);
        }
        while (!model.isEmpty())
        {
            assertEquals(model.pollFirst(), heap.peek());
            heap.remove(heap.peek());
        }
        assertNull(heap.peek());
    }

    /** Each key by itself, whatever fails when: no event overtakes an earlier one of its key. */
    @Test
    void shouldNeverOvertakeWhenEventsOfManyKeysFailAtRandom()
    {
        final Random random = new Random(4);
        final List<List<Long>> done = new ArrayList<>();
        for (int key = 0; key < 5; key++)
        {
            done.add(new ArrayList<>());
        }
        final List<PendingRetry> inFlight = new ArrayList<>();
        long sequence = 0;
        for (int step = 0; step < 5000 || pending.count() > 0; step++)
        {
            final int key = random.nextInt(5);
            if (step < 5000 && random.nextBoolean())
            {
                sequence++;
                if (pending.isHeld(1, key + 1))
                {
                    assertTrue(pending.park(log, 1, sequence, key + 1));
                    poll();
                }
                else if (random.nextInt(3) == 0)
                {
                    fail(1, sequence, key + 1, 1, now + random.nextInt(20));
                }
                else
                {
                    done.get(key).add(sequence);
                }
            }
            now++;
            pending.wake(now, 2, inFlight::add);
            Collections.shuffle(inFlight, random);
            if (!inFlight.isEmpty())
            {
                final PendingRetry retry = inFlight.remove(0);
                if (random.nextInt(3) == 0)
                {
                    fail(1, retry.sequence(), retry.keyHash(), retry.attempt() + 1, now + random.nextInt(20));
                }
                else
                {
                    done.get((int)retry.keyHash() - 1).add(retry.sequence());
                    close(1, retry.sequence());
                }
            }
        }
        long total = 0;
        for (final List<Long> ofKey : done)
        {
            assertEquals(ofKey.stream().sorted().toList(), ofKey);
            total += ofKey.size();
        }
        assertEquals(sequence, total);
        assertFalse(pending.isHeld(1, 1));
    }

    private RetryLog open()
    {
        return RetryLog.open(new DataDirectory(directory), 1 << 16, error ->
        {
            throw new AssertionError(error);
        });
    }

    private int restart()
    {
        log.close();
        log = open();
        pending = new PendingRetries(10);
        return pending.recover(log, now);
    }

    private void fail(
        final long subscription, final long sequence, final long keyHash, final int attempt, final long dueNs)
    {
        append(RetryEntry.failed(
            subscription, sequence, keyHash, attempt, dueNs, now, now, FailureCause.THREW, "no"));
    }

    private void close(final long subscription, final long sequence)
    {
        append(RetryEntry.closed(subscription, sequence));
    }

    private void park(final long subscription, final long sequence)
    {
        assertTrue(pending.park(log, subscription, sequence, KEY));
        poll();
    }

    private void append(final RetryEntry entry)
    {
        while (!log.append(entry))
        {
            log.maintain(now);
        }
        poll();
        log.maintain(now);
    }

    private void poll()
    {
        pending.poll(log, now);
    }

    private List<Long> wake()
    {
        woken.clear();
        pending.wake(now, Integer.MAX_VALUE, retry -> woken.add(retry.sequence()));
        return List.copyOf(woken);
    }
}
