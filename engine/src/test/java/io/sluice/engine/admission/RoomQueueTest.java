package io.sluice.engine.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RoomQueueTest
{
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(30);

    @Test
    void shouldServeInOrderWhenPlacesLeaveFromAnywhere()
    {
        final RoomQueue queue = new RoomQueue();
        final RoomQueue.Place[] places = new RoomQueue.Place[5];
        for (int i = 0; i < places.length; i++)
        {
            places[i] = new RoomQueue.Place();
            assertEquals(i == 0, queue.isEmpty());
            queue.enter(places[i]);
        }
        assertTrue(queue.isFirst(places[0]));
        queue.leave(places[2]);
        queue.leave(places[4]);
        queue.enter(places[2]);
        queue.leave(places[0]);
        assertTrue(queue.isFirst(places[1]));
        queue.leave(places[1]);
        assertTrue(queue.isFirst(places[3]));
        queue.leave(places[3]);
        assertTrue(queue.isFirst(places[2]));
        queue.leave(places[2]);
        assertTrue(queue.isEmpty());
        queue.wake();
        queue.enter(places[4]);
        assertTrue(queue.isFirst(places[4]));
    }

    @Test
    void shouldBeArmedUntilWokenWhenTheFirstOneIsAboutToPark()
    {
        final RoomQueue queue = new RoomQueue();
        final RoomQueue.Place place = new RoomQueue.Place();
        queue.enter(place);
        assertFalse(queue.isArmed());
        queue.arm(7);
        assertTrue(queue.isArmed());
        assertEquals(7, queue.wanted());
        queue.wake();
        assertFalse(queue.isArmed());
        queue.park(LONG_NS);
        queue.leave(place);
    }

    @Test
    void shouldMissNoWakeUpWhenRoomIsMadeOneByOne() throws Exception
    {
        final int threads = 4;
        final int perThread = 5000;
        final RoomQueue queue = new RoomQueue();
        final AtomicInteger room = new AtomicInteger();
        final AtomicInteger waiting = new AtomicInteger();
        final AtomicLong taken = new AtomicLong();
        final AtomicReference<String> failure = new AtomicReference<>();
        final Thread[] takers = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            takers[i] = new Thread(() ->
            {
                final RoomQueue.Place place = new RoomQueue.Place();
                for (int n = 0; n < perThread; n++)
                {
                    waiting.incrementAndGet();
                    queue.enter(place);
                    final long end = System.nanoTime() + LONG_NS;
                    boolean isTaken = false;
                    while (!isTaken)
                    {
                        if (queue.isFirst(place))
                        {
                            queue.arm(1);
                            isTaken = room.getAndUpdate(slots -> Math.max(0, slots - 1)) > 0;
                        }
                        if (!isTaken)
                        {
                            queue.park(LONG_NS);
                            if (System.nanoTime() - end > 0)
                            {
                                failure.set("not woken for 30 s with room " + room.get());
                                return;
                            }
                        }
                    }
                    taken.incrementAndGet();
                    queue.leave(place);
                    waiting.decrementAndGet();
                }
            });
            takers[i].start();
        }
        long made = 0;
        while (taken.get() < (long)threads * perThread && failure.get() == null)
        {
            // One slot at a time, so that each wake-up that is missed stops everything.
            if (made == taken.get() && made < (long)threads * perThread)
            {
                made++;
                room.incrementAndGet();
                if (queue.isArmed())
                {
                    queue.wake();
                }
            }
            Thread.yield();
        }
        for (final Thread taker : takers)
        {
            taker.join(TimeUnit.SECONDS.toMillis(30));
        }
        assertEquals(null, failure.get());
        assertEquals((long)threads * perThread, taken.get());
        assertEquals(0, room.get());
        assertEquals(0, waiting.get());
        assertTrue(queue.isEmpty());
    }
}
