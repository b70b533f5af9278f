package io.sluice.engine.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventArenaTest
{
    private static final int KB = 1024;
    private static final int MB = 1 << 20;
    private static final int CHUNK = 4 * MB;

    @ParameterizedTest
    @ValueSource(ints = {1, KB - 1, KB, KB + 1, 2 * KB, 33 * KB, 63 * KB, 64 * KB, 64 * KB + 1, 65 * KB, 127 * KB,
        128 * KB, 129 * KB, MB - 1, MB, MB + 1, CHUNK - 1, CHUNK})
    void shouldGiveRoomForEveryByteAndTakeItBackWhenLengthsDiffer(final int length)
    {
        final EventArena arena = new EventArena(2 * CHUNK);
        final List<Long> handles = new ArrayList<>();
        for (long handle = arena.allocate(length); handle >= 0; handle = arena.allocate(length))
        {
            fill(arena, handle, length, (byte)(handles.size() * 37 + 1));
            handles.add(handle);
        }
        // Within a word of 64 units runs do not cross its end; larger ones take whole words.
        final int units = (length + KB - 1) / KB;
        final int expected = units <= 64 ? 128 * (64 / units) : 2 * (64 / ((units + 63) / 64));
        assertEquals(expected, handles.size());
        for (int i = 0; i < handles.size(); i++)
        {
            assertFilled(arena, handles.get(i), length, (byte)(i * 37 + 1));
        }
        handles.forEach(arena::free);
        assertEquals(0, arena.usedLength());
        assertTrue(arena.allocate(CHUNK) >= 0);
        assertTrue(arena.allocate(CHUNK) >= 0);
        assertEquals(-1, arena.allocate(1));
    }

    @Test
    void shouldRefuseWhenThereIsNoArenaOrTheLengthIsAboveAChunk()
    {
        final EventArena none = new EventArena(0);
        assertEquals(0, none.maxLength());
        assertEquals(-1, none.allocate(1));
        final EventArena one = new EventArena(1);
        assertEquals(CHUNK, one.maxLength());
        assertEquals(-1, one.allocate(CHUNK + 1));
        assertTrue(one.allocate(CHUNK) >= 0);
        assertEquals(-1, one.allocate(1));
    }

    @Test
    void shouldAllocateChunksOnlyWhenTheyAreFirstUsed()
    {
        final EventArena arena = new EventArena(3 * CHUNK);
        assertEquals(0, arena.allocatedLength());
        final long first = arena.allocate(KB);
        arena.buffer(first);
        assertEquals(CHUNK, arena.allocatedLength());
        arena.free(first);
        for (int i = 0; i < 10_000; i++)
        {
            final long handle = arena.allocate(3 * KB);
            arena.buffer(handle);
            arena.free(handle);
        }
        assertEquals(CHUNK, arena.allocatedLength(), "room that is free again is used before new memory");
        arena.allocate(CHUNK);
        final long third = arena.allocate(CHUNK);
        arena.buffer(third);
        assertEquals(2L * CHUNK, arena.allocatedLength());
    }

    @Test
    void shouldRefuseAndTakeNothingWhenItMayNotGrow()
    {
        final AtomicLong released = new AtomicLong();
        final EventArena arena = new EventArena(3 * CHUNK, bytes -> false, released::addAndGet);
        final long handle = arena.allocate(CHUNK);
        assertTrue(handle >= 0);
        for (int i = 0; i < 10; i++)
        {
            assertEquals(-1, arena.allocate(KB));
            assertEquals(-1, arena.allocate(CHUNK));
        }
        assertEquals(CHUNK, arena.usedLength());
        assertEquals(0, released.get());
        arena.free(handle);
        assertEquals(0, arena.usedLength());
        assertTrue(arena.allocate(KB) >= 0);
    }

    @Test
    void shouldReserveAChunkOnceWhenThreadsFindItMissingTogether() throws Exception
    {
        final AtomicLong reserved = new AtomicLong();
        final AtomicLong handleOfSecond = new AtomicLong(Long.MIN_VALUE);
        final EventArena[] arena = new EventArena[1];
        final Thread second = new Thread(() -> handleOfSecond.set(arena[0].allocate(KB)));
        arena[0] = new EventArena(
            2 * CHUNK,
            (bytes) ->
            {
                if (reserved.getAndAdd(bytes) != 0)
                {
                    return false;
                }
                second.start();
                while (second.isAlive() && second.getState() != Thread.State.BLOCKED)
                {
                    Thread.onSpinWait();
                }
                return true;
            },
            (bytes) -> reserved.addAndGet(-bytes));

        assertTrue(arena[0].allocate(CHUNK) >= 0);
        assertEquals(0, reserved.get(), "the first one is not asked for");
        assertTrue(arena[0].allocate(KB) >= 0);
        second.join();

        assertTrue(handleOfSecond.get() >= 0, "the second was refused");
        assertEquals(CHUNK, reserved.get());
    }

    @Test
    void shouldGiveBackChunksThatStayEmptyButTheFirstWhenTrimmed()
    {
        final AtomicLong reserved = new AtomicLong();
        final EventArena arena = new EventArena(3 * CHUNK, bytes ->
        {
            reserved.addAndGet(bytes);
            return true;
        }, bytes -> reserved.addAndGet(-bytes));
        final long first = arena.allocate(CHUNK);
        final long second = arena.allocate(CHUNK);
        final long third = arena.allocate(KB);
        assertEquals(0, arena.trim());
        arena.free(first);
        arena.free(second);
        assertEquals(0, arena.trim(), "it was not empty the last time");
        assertEquals(CHUNK, arena.trim());
        assertEquals(2L * CHUNK, arena.allocatedLength());
        assertEquals(CHUNK, reserved.get());
        assertEquals(KB, arena.usedLength());
        arena.free(third);
        assertEquals(0, arena.trim());
        assertEquals(CHUNK, arena.trim());
        assertEquals(CHUNK, arena.allocatedLength(), "the first one stays");
        assertEquals(0, reserved.get());
        assertEquals(0, arena.trim());
        fill(arena, arena.allocate(CHUNK), CHUNK, (byte)1);
        fill(arena, arena.allocate(CHUNK), CHUNK, (byte)2);
    }

    @Test
    void shouldKeepEveryByteThatIsInUseWhenTrimmedAmongRacingThreads() throws Exception
    {
        final AtomicLong reserved = new AtomicLong();
        final AtomicLong left = new AtomicLong(3);
        final EventArena arena = new EventArena(3 * CHUNK, bytes ->
        {
            reserved.addAndGet(bytes);
            return true;
        }, bytes -> reserved.addAndGet(-bytes));
        final Race race = new Race();
        race.with(3, index ->
        {
            final SplittableRandom random = new SplittableRandom(index);
            for (int i = 0; i < 2000; i++)
            {
                final int length = 1 + random.nextInt(CHUNK / 2);
                final long handle = arena.allocate(length);
                if (handle >= 0)
                {
                    fillEdges(arena, handle, length, (long)index << 32 | i);
                    for (int at = 0; at + Long.BYTES <= length; at += KB)
                    {
                        assertEquals(
                            (long)index << 32 | i, arena.buffer(handle).getLong(arena.offset(handle) + at));
                    }
                    arena.free(handle);
                }
            }
            left.decrementAndGet();
        });
        race.with(1, index ->
        {
            while (left.get() > 0)
            {
                arena.trim();
                race.onSpin("the others");
            }
        });
        race.run();
        assertEquals(0, arena.usedLength());
        assertEquals(arena.allocatedLength() - CHUNK, reserved.get());
    }

    @Test
    void shouldCountUsedBytesInWholeUnitsWhenAllocated()
    {
        final EventArena arena = new EventArena(CHUNK);
        final long small = arena.allocate(1);
        assertEquals(KB, arena.usedLength());
        final long word = arena.allocate(64 * KB);
        assertEquals(65 * KB, arena.usedLength());
        final long words = arena.allocate(65 * KB);
        assertEquals((65 + 128) * KB, arena.usedLength());
        arena.free(word);
        assertEquals((1 + 128) * KB, arena.usedLength());
        arena.free(words);
        arena.free(small);
        assertEquals(0, arena.usedLength());
    }

    @Test
    void shouldFindAHoleOfTheRightLengthWhenFragmented()
    {
        final EventArena arena = new EventArena(CHUNK);
        final long[] units = new long[4096];
        for (int i = 0; i < units.length; i++)
        {
            units[i] = arena.allocate(KB);
        }
        assertEquals(-1, arena.allocate(1));
        for (int i = 0; i < units.length; i += 2)
        {
            arena.free(units[i]);
        }
        assertEquals(-1, arena.allocate(2 * KB), "half is free, but no two units in a row");
        arena.free(units[201]);
        final long three = arena.allocate(3 * KB);
        assertEquals(200 * KB, arena.offset(three));
        assertEquals(-1, arena.allocate(2 * KB));
        arena.free(three);
        assertEquals(-1, arena.allocate(64 * KB), "64 free units must lie in one word");
        for (int i = 64; i < 192; i++)
        {
            if (i % 2 == 1)
            {
                arena.free(units[i]);
            }
        }
        assertEquals(64 * KB, arena.offset(arena.allocate(128 * KB)));
    }

    @ParameterizedTest
    @ValueSource(ints = {3 * KB, 64 * KB, 200 * KB, MB})
    void shouldNeverHandOutTheSameByteTwiceWhenThreadsRace(final int largest) throws Exception
    {
        final int threads = 4;
        final EventArena arena = new EventArena(2 * CHUNK);
        final Race race = new Race();
        race.with(threads, index ->
        {
            final SplittableRandom random = new SplittableRandom(71L * largest + index);
            final Deque<long[]> held = new ArrayDeque<>();
            for (int i = 0; i < 3_000; i++)
            {
                final int length = 1 + random.nextInt(largest);
                final long handle = held.size() < 8 ? arena.allocate(length) : -1;
                if (handle >= 0)
                {
                    fillEdges(arena, handle, length, stamp(index, i));
                    held.addLast(new long[]{handle, length, stamp(index, i)});
                }
                else if (!held.isEmpty())
                {
                    release(arena, held.removeFirst());
                }
            }
            held.forEach(entry -> release(arena, entry));
        });
        race.run();
        assertEquals(0, arena.usedLength());
    }

    private static long stamp(final int thread, final int round)
    {
        return (long)(thread + 1) << 32 | round;
    }

    private static void release(final EventArena arena, final long[] entry)
    {
        final UnsafeBuffer buffer = arena.buffer(entry[0]);
        final int offset = arena.offset(entry[0]);
        for (int at = 0; at + Long.BYTES <= entry[1]; at += KB)
        {
            assertEquals(entry[2], buffer.getLong(offset + at), "somebody else wrote at " + at + " of " + entry[1]);
        }
        arena.free(entry[0]);
    }

    private static void fillEdges(final EventArena arena, final long handle, final int length, final long value)
    {
        final UnsafeBuffer buffer = arena.buffer(handle);
        final int offset = arena.offset(handle);
        for (int at = 0; at + Long.BYTES <= length; at += KB)
        {
            buffer.putLong(offset + at, value);
        }
    }

    private static void fill(final EventArena arena, final long handle, final int length, final byte value)
    {
        arena.buffer(handle).setMemory(arena.offset(handle), length, value);
    }

    private static void assertFilled(final EventArena arena, final long handle, final int length, final byte value)
    {
        final UnsafeBuffer buffer = arena.buffer(handle);
        final int offset = arena.offset(handle);
        for (int i = 0; i < length; i++)
        {
            if (buffer.getByte(offset + i) != value)
            {
                assertEquals(value, buffer.getByte(offset + i), "byte " + i + " of handle " + handle);
            }
        }
    }
}
