package io.sluice.engine.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.InsufficientCapacityException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionSequencerTest
{
    private static final int SIZE = 16;

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10, 15, 16})
    void shouldAdmitExactlyTheLimitWhenOneThreadClaims(final int limit)
    {
        final AdmissionSequencer sequencer = new AdmissionSequencer(SIZE);
        long next = 0;
        for (int round = 0; round < 100; round++)
        {
            while (next - sequencer.consumed().get() - 1 < limit)
            {
                assertEquals(next, sequencer.tryClaim(limit));
                sequencer.publish(next++);
            }
            assertEquals(-1, sequencer.tryClaim(limit));
            assertEquals(-1, sequencer.tryClaim(limit));
            final int freed = 1 + round % limit;
            sequencer.consumed().set(sequencer.consumed().get() + freed);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 15, 16})
    void shouldNeverExceedTheLimitNorLoseNorRepeatWhenThreadsRace(final int limit) throws Exception
    {
        final int claimers = 4;
        final int perClaimer = 20_000;
        final AdmissionSequencer sequencer = new AdmissionSequencer(SIZE);
        final long[] tokens = new long[SIZE];
        final long[] seen = new long[claimers];
        final Race race = new Race();
        race.with(claimers, index ->
        {
            for (long token = 1; token <= perClaimer; token++)
            {
                long sequence = sequencer.tryClaim(limit);
                while (sequence < 0)
                {
                    race.onSpin("room");
                    sequence = sequencer.tryClaim(limit);
                }
                tokens[(int)sequence & (SIZE - 1)] = token * claimers + index;
                sequencer.publish(sequence);
            }
        });
        race.with(1, index ->
        {
            for (long next = 0; next < (long)claimers * perClaimer; next++)
            {
                while (!sequencer.isAvailable(next))
                {
                    race.onSpin("event " + next);
                }
                // Only this thread moves the consumed position, so the depth seen here can't be too high.
                final long depth = sequencer.getCursor() - sequencer.consumed().get();
                assertTrue(depth <= limit, "depth " + depth + " above limit " + limit);
                final long token = tokens[(int)next & (SIZE - 1)];
                final int claimer = (int)(token % claimers);
                assertEquals(++seen[claimer], token / claimers, "claimer " + claimer);
                sequencer.consumed().set(next);
            }
        });
        race.run();
        for (final long count : seen)
        {
            assertEquals(perClaimer, count);
        }
        assertEquals((long)claimers * perClaimer - 1, sequencer.getCursor());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 15, 16})
    void shouldClaimAllOrNoneOfABatchAndNeverExceedTheLimitWhenThreadsRace(final int limit) throws Exception
    {
        final int claimers = 4;
        final int perClaimer = 20_000;
        final AdmissionSequencer sequencer = new AdmissionSequencer(SIZE);
        final long[] tokens = new long[SIZE];
        final Race race = new Race();
        race.with(claimers, index ->
        {
            long token = 0;
            while (token < perClaimer)
            {
                final int count = (int)Math.min(1 + (token + index) % 4, perClaimer - token);
                long first = sequencer.tryClaim(limit, count);
                while (first < 0)
                {
                    race.onSpin("room");
                    first = sequencer.tryClaim(limit, count);
                }
                for (int i = 0; i < count; i++)
                {
                    tokens[(int)(first + i) & (SIZE - 1)] = (++token * claimers + index) * SIZE + (count - 1 - i);
                }
                for (long sequence = first + count - 1; sequence >= first; sequence--)
                {
                    sequencer.publish(sequence);
                }
            }
        });
        race.with(1, index ->
        {
            final long[] seen = new long[claimers];
            int owed = 0;
            long owner = 0;
            for (long next = 0; next < (long)claimers * perClaimer; next++)
            {
                assertTrue(owed == 0 || sequencer.isAvailable(next), "who sees the first of a batch sees all");
                while (!sequencer.isAvailable(next))
                {
                    race.onSpin("event " + next);
                }
                final long depth = sequencer.getCursor() - sequencer.consumed().get();
                assertTrue(depth <= limit, "depth " + depth + " above limit " + limit);
                final long token = tokens[(int)next & (SIZE - 1)] / SIZE;
                final int claimer = (int)(token % claimers);
                assertTrue(owed == 0 || claimer == owner, "another claimer within a batch");
                owner = claimer;
                owed = (int)(tokens[(int)next & (SIZE - 1)] % SIZE);
                assertEquals(++seen[claimer], token / claimers, "claimer " + claimer);
                sequencer.consumed().set(next);
            }
        });
        race.run();
        assertEquals((long)claimers * perClaimer - 1, sequencer.getCursor());
    }

    @Test
    void shouldClaimNothingWhenABatchIsLargerThanTheRoom()
    {
        final AdmissionSequencer sequencer = new AdmissionSequencer(SIZE);
        assertEquals(0, sequencer.tryClaim(10, 7));
        assertEquals(-1, sequencer.tryClaim(10, 4));
        assertEquals(6, sequencer.getCursor());
        assertEquals(7, sequencer.tryClaim(10, 3));
        sequencer.consumed().set(9);
        assertEquals(-1, sequencer.tryClaim(10, 11));
        assertEquals(10, sequencer.tryClaim(10, 10));
    }

    @Test
    void shouldAdmitUpToEachCallersOwnLimitWhenLimitsDiffer()
    {
        final AdmissionSequencer sequencer = new AdmissionSequencer(SIZE);
        for (int i = 0; i < 5; i++)
        {
            assertEquals(i, sequencer.tryClaim(5));
        }
        assertEquals(-1, sequencer.tryClaim(5));
        for (int i = 5; i < 8; i++)
        {
            assertEquals(i, sequencer.tryClaim(8));
        }
        assertEquals(-1, sequencer.tryClaim(8));
        assertEquals(-1, sequencer.tryClaim(5));
        sequencer.consumed().set(2);
        assertEquals(-1, sequencer.tryClaim(5));
        sequencer.consumed().set(3);
        assertEquals(8, sequencer.tryClaim(5));
    }

    @Test
    void shouldLetNoClaimSucceedWhenSealedAmongRacingClaimers() throws Exception
    {
        final AdmissionSequencer sequencer = new AdmissionSequencer(SIZE);
        for (int round = 0; round < 200; round++)
        {
            final AtomicBoolean done = new AtomicBoolean();
            final AtomicLong sealedAt = new AtomicLong(-1);
            final AtomicLong highestClaim = new AtomicLong(-1);
            final Race race = new Race();
            race.with(3, index ->
            {
                while (!done.get())
                {
                    final long sequence = sequencer.tryClaim(SIZE);
                    if (sequence >= 0)
                    {
                        sequencer.publish(sequence);
                        highestClaim.accumulateAndGet(sequence, Math::max);
                        final long seal = sealedAt.get();
                        assertTrue(seal < 0 || sequence < seal, "claim " + sequence + " after the seal " + seal);
                    }
                }
            });
            race.with(1, index ->
            {
                long next = sequencer.consumed().get() + 1;
                while (!done.get())
                {
                    while (sequencer.isAvailable(next))
                    {
                        sequencer.consumed().set(next++);
                    }
                    Thread.yield();
                }
            });
            race.with(1, index ->
            {
                long seal = sequencer.trySeal();
                while (seal < 0)
                {
                    race.onSpin("room for the seal");
                    seal = sequencer.trySeal();
                }
                sealedAt.set(seal);
                for (int i = 0; i < 100; i++)
                {
                    assertEquals(-1, sequencer.tryClaim(SIZE));
                    assertEquals(seal, sequencer.getCursor());
                }
                done.set(true);
            });
            race.run();
            assertEquals(sealedAt.get(), sequencer.getCursor());
            assertTrue(highestClaim.get() < sealedAt.get());
            sequencer.publish(sealedAt.get());
            sequencer.consumed().set(sealedAt.get());
            sequencer.unseal();
            assertEquals(sealedAt.get() + 1, sequencer.tryClaim(1));
            sequencer.publish(sealedAt.get() + 1);
            sequencer.consumed().set(sealedAt.get() + 1);
        }
    }

    @Test
    void shouldRefuseClaimsButNotSealWhenTheRingIsFull()
    {
        final AdmissionSequencer sequencer = new AdmissionSequencer(SIZE);
        for (int i = 0; i < SIZE; i++)
        {
            sequencer.publish(sequencer.tryClaim(SIZE));
        }
        assertEquals(-1, sequencer.trySeal());
        sequencer.consumed().set(0);
        assertEquals(-1, sequencer.tryClaim(SIZE));
        assertEquals(SIZE, sequencer.trySeal());
        assertEquals(-1, sequencer.trySeal());
    }

    @Test
    void shouldShowPublishedEventsOnlyUpToTheFirstGapWhenPublishedOutOfOrder() throws Exception
    {
        final AdmissionSequencer sequencer = new AdmissionSequencer(SIZE);
        for (int i = 0; i < 6; i++)
        {
            sequencer.tryNext();
        }
        sequencer.publish(0, 1);
        sequencer.publish(3);
        assertTrue(sequencer.isAvailable(1));
        assertFalse(sequencer.isAvailable(2));
        assertTrue(sequencer.isAvailable(3));
        assertEquals(1, sequencer.getHighestPublishedSequence(0, 5));
        assertEquals(3, sequencer.getHighestPublishedSequence(3, 5));
        assertEquals(1, sequencer.getHighestPublishedSequence(0, 1));
        assertFalse(sequencer.isAvailable(SIZE), "an event of a later round");
    }

    @Test
    void shouldCountFreeSlotsWhenSomeAreInUse() throws Exception
    {
        final AdmissionSequencer sequencer = new AdmissionSequencer(SIZE);
        for (int i = 0; i < SIZE; i++)
        {
            assertEquals(SIZE - i, sequencer.remainingCapacity());
            assertTrue(sequencer.hasAvailableCapacity(SIZE - i));
            assertFalse(sequencer.hasAvailableCapacity(SIZE - i + 1));
            assertEquals(i, sequencer.tryNext());
        }
        assertThrows(InsufficientCapacityException.class, sequencer::tryNext);
        sequencer.consumed().set(3);
        assertEquals(4, sequencer.remainingCapacity());
    }

    @Test
    void shouldRefuseWhatBlocksOrJumpsWhenAskedThroughTheDisruptorInterface()
    {
        final AdmissionSequencer sequencer = new AdmissionSequencer(SIZE);
        assertThrows(UnsupportedOperationException.class, sequencer::next);
        assertThrows(UnsupportedOperationException.class, () -> sequencer.next(2));
        assertThrows(UnsupportedOperationException.class, () -> sequencer.tryNext(2));
        assertThrows(UnsupportedOperationException.class, () -> sequencer.claim(7));
        assertEquals(-1, sequencer.getCursor());
    }
}
