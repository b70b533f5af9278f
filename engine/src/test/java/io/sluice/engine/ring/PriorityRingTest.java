package io.sluice.engine.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.IdGenerator;
import io.sluice.event.Priority;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriorityRingTest
{
    private static final int SLOT = 512;
    private static final int HISTORY_OF_64 = 4 * 64;

    private final EventArena arena = new EventArena(1);

    @ParameterizedTest
    @CsvSource({"1, 31", "16, 16", "48, 16", "49, 64", "1000, 24", "5000, 64", "10000, 64", "20000, 64"})
    void shouldHaveAReserveBesideTheExactLimitWhenTheLimitIsAnyNumber(final int limit, final int reserve)
    {
        final PriorityRing ring = new PriorityRing(Priority.LOW, limit, 64, arena);
        assertEquals(limit, ring.limit());
        assertEquals(reserve, ring.reserve());
        for (int i = 0; i < limit; i++)
        {
            assertEquals(i, publish(ring, limit, 1));
        }
        assertEquals(limit, ring.depth());
        assertEquals(PriorityRing.FULL, ring.tryClaim(limit));
        for (int i = 0; i < reserve; i++)
        {
            assertEquals(limit + i, publish(ring, limit + reserve, 1));
        }
        assertEquals(PriorityRing.FULL, ring.tryClaim(limit + reserve));
        assertEquals(limit + reserve, ring.depth());
        assertEquals(limit + reserve - 1, ring.claimed());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 1000})
    void shouldCarryEveryRecordOnceAndWholeWhenThreadsRace(final int limit) throws Exception
    {
        final int publishers = 3;
        // Room for one means that two threads take turns for each record.
        final int perPublisher = limit == 1 ? 2_000 : 20_000;
        final PriorityRing ring = new PriorityRing(Priority.NORMAL, limit, SLOT, arena);
        final long[] seen = new long[publishers];
        final Race race = new Race();
        race.with(publishers, index ->
        {
            for (int i = 1; i <= perPublisher; i++)
            {
                long position = ring.tryClaim(limit);
                while (position < 0)
                {
                    race.onSpin("room");
                    position = ring.tryClaim(limit);
                }
                final int length = 8 * (1 + i % (ring.inlineLength() / 8));
                for (int at = 0; at < length; at += 8)
                {
                    ring.slots().putLong(ring.inlineOffset(position) + at, (long)i * publishers + index);
                }
                ring.fill(position, length, index, i, PriorityRing.NOT_IN_ARENA);
                ring.publish(position);
            }
        });
        race.with(1, index ->
        {
            for (long position = 0; position < (long)publishers * perPublisher; position++)
            {
                while (!ring.isPublished(position))
                {
                    race.onSpin("position " + position);
                }
                assertTrue(ring.depth() <= limit, "depth " + ring.depth());
                final int publisher = ring.publisherId(position);
                final long count = ++seen[publisher];
                assertEquals(count, ring.publishTimeNs(position));
                for (int at = 0; at < ring.length(position); at += 8)
                {
                    assertEquals(
                        count * publishers + publisher,
                        ring.recordBuffer(position).getLong(ring.recordOffset(position) + at));
                }
                ring.release(position);
                ring.handled().set(position);
            }
        });
        race.run();
        assertEquals(0, ring.depth());
        for (final long count : seen)
        {
            assertEquals(perPublisher, count);
        }
    }

    @Test
    void shouldRememberWhatAPositionBecameUntilLaterOnesOverwriteIt()
    {
        final PriorityRing ring = new PriorityRing(Priority.HIGH, 48, SLOT, arena);
        assertEquals(PriorityRing.NOT_SEQUENCED, ring.sequenceAt(0));
        final int total = 3 * HISTORY_OF_64;
        for (int i = 0; i < total; i++)
        {
            assertEquals(i, publish(ring, 48, 1));
            assertEquals(PriorityRing.NOT_SEQUENCED, ring.sequenceAt(i));
            ring.remember(i, (1000L + i) << 1);
            assertEquals(PriorityRing.NOT_SEQUENCED, ring.sequenceAt(i), "not visible before the stage has passed");
            ring.sequenced().set(i);
            ring.handled().set(i);
            for (int old = 0; old <= i; old++)
            {
                final long expected = i - old < HISTORY_OF_64 ? (1000L + old) << 1 : PriorityRing.FORGOTTEN;
                assertEquals(expected, ring.sequenceAt(old), "position " + old + " after " + i);
            }
        }
        assertEquals(PriorityRing.NOT_SEQUENCED, ring.sequenceAt(total));
    }

    @Test
    void shouldForgetAPositionBeforeItsEntryCanBeOverwrittenWhenClaimsRunAhead()
    {
        final PriorityRing ring = new PriorityRing(Priority.HIGH, 48, SLOT, arena);
        for (int i = 0; i < HISTORY_OF_64; i++)
        {
            publish(ring, 48, 1);
            ring.remember(i, 2L * (i + 1));
            ring.sequenced().set(i);
            ring.handled().set(i);
        }
        assertEquals(2, ring.sequenceAt(0));
        ring.tryClaim(48);
        assertEquals(PriorityRing.FORGOTTEN, ring.sequenceAt(0));
        assertEquals(4, ring.sequenceAt(1));
    }

    @Test
    void shouldAdmitNothingWhenSealedAndAgainWhenUnsealed()
    {
        final PriorityRing ring = new PriorityRing(Priority.LOW, 16, SLOT, arena);
        publish(ring, 16, 1);
        assertTrue(ring.trySeal());
        assertTrue(ring.trySeal(), "sealed already");
        assertEquals(1, ring.claimed());
        assertTrue(ring.isPublished(1));
        assertEquals(0, ring.length(1), "the slot of the seal is void");
        assertEquals(PriorityRing.UNCOUNTED, ring.publisherId(1));
        assertEquals(PriorityRing.FULL, ring.tryClaim(32));
        ring.unseal();
        assertEquals(2, ring.tryClaim(16));
        while (ring.tryClaim(32) >= 0)
        {
            continue;
        }
        assertFalse(ring.trySeal(), "no slot is left for the seal");
        ring.handled().set(0);
        assertTrue(ring.trySeal());
    }

    @Test
    void shouldShowRecordsInTheSlotAndInTheArenaAlikeAndFreeTheArenaOnRelease()
    {
        final PriorityRing ring = new PriorityRing(Priority.NORMAL, 4, SLOT, arena);
        final UnsafeBuffer record = new UnsafeBuffer(new byte[4096]);
        final EventFlyweight view = new EventFlyweight();
        final int length = encode("small", 10, record);
        final long inline = ring.tryClaim(4);
        ring.slots().putBytes(ring.inlineOffset(inline), record, 0, length);
        ring.fill(inline, length, 7, 99, PriorityRing.NOT_IN_ARENA);
        assertEquals("small", ring.wrap(inline, view).id());
        assertSame(ring.slots(), ring.recordBuffer(inline));

        final int largeLength = encode("large", 3000, record);
        assertTrue(largeLength > ring.inlineLength());
        final long handle = arena.allocate(largeLength);
        arena.buffer(handle).putBytes(arena.offset(handle), record, 0, largeLength);
        final long large = ring.tryClaim(4);
        ring.fill(large, largeLength, 7, 99, handle);
        assertEquals("large", ring.wrap(large, view).id());
        assertEquals(3000, view.payload().length);
        assertSame(arena.buffer(handle), ring.recordBuffer(large));
        assertEquals(3072 + 1024, arena.usedLength());
        ring.release(inline);
        assertEquals(3072 + 1024, arena.usedLength());
        ring.release(large);
        assertEquals(0, arena.usedLength());
    }

    @Test
    void shouldHandAttachmentAndRouteOnceWhenKeptWithASlot()
    {
        final PriorityRing ring = new PriorityRing(Priority.NORMAL, 4, SLOT, arena);
        assertEquals(Priority.NORMAL, ring.priority());
        final long position = publish(ring, 4, 1);
        final Object attachment = new Object();
        final Object route = new Object();
        ring.attach(position, attachment);
        ring.route(position, route);
        assertSame(attachment, ring.detach(position));
        assertNull(ring.detach(position));
        assertSame(route, ring.route(position));
        ring.release(position);
        assertNull(ring.route(position));
    }

    private long publish(final PriorityRing ring, final int limit, final int length)
    {
        final long position = ring.tryClaim(limit);
        ring.fill(position, length, PriorityRing.UNCOUNTED, 0, PriorityRing.NOT_IN_ARENA);
        ring.publish(position);
        return position;
    }

    private static int encode(final String id, final int payload, final UnsafeBuffer target)
    {
        return new EventBuilder().id(id).type("a.b").payload(new byte[payload]).encode(
            new EventEncoder(), target, 0, target.capacity(), new EventDefaults(() -> 1L, new IdGenerator(1)));
    }
}
