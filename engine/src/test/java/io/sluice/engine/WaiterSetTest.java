package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class WaiterSetTest
{
    private final WaiterSet set = new WaiterSet();

    @Test
    void shouldGiveItsNumbersInOrderWhenAskedForTheNext()
    {
        final List<Integer> numbers = List.of(0, 1, 62, 63, 64, 127, 128, 2000, 4094, 4095);
        numbers.forEach(set::add);
        final List<Integer> seen = new ArrayList<>();
        for (int number = set.next(0); number >= 0; number = set.next(number + 1))
        {
            seen.add(number);
        }
        assertEquals(numbers, seen);
        assertEquals(64, set.next(64));
        assertEquals(127, set.next(65));
    }

    @Test
    void shouldBeEmptyWhenTheLastNumberIsRemovedHoweverOften()
    {
        assertTrue(set.isEmpty());
        assertEquals(-1, set.next(0));
        set.add(70);
        set.add(3);
        set.remove(70);
        set.remove(70);
        set.remove(5);
        assertFalse(set.isEmpty());
        set.remove(3);
        set.remove(3);
        assertTrue(set.isEmpty());
        assertEquals(-1, set.takeLowest());
    }

    @Test
    void shouldGiveEachNumberToOneThreadWhenManyTakeAndPutBack() throws Exception
    {
        final int numbers = 100;
        for (int number = 0; number < numbers; number++)
        {
            set.add(number);
        }
        final AtomicIntegerArray holders = new AtomicIntegerArray(numbers);
        final List<String> trouble = new ArrayList<>();
        final List<Thread> threads = new ArrayList<>();
        final CountDownLatch start = new CountDownLatch(1);
        for (int i = 0; i < 8; i++)
        {
            final Thread thread = new Thread(() ->
            {
                Waiting.on(start, "the start");
                for (int round = 0; round < 20_000; round++)
                {
                    final int number = set.takeLowest();
                    if (number < 0 || holders.incrementAndGet(number) != 1)
                    {
                        synchronized (trouble)
                        {
                            trouble.add("took " + number);
                        }
                    }
                    else
                    {
                        holders.decrementAndGet(number);
                        set.add(number);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        start.countDown();
        for (final Thread thread : threads)
        {
            thread.join();
        }
        assertEquals(List.of(), trouble);
        for (int number = 0; number < numbers; number++)
        {
            assertEquals(number, set.takeLowest(), "all are back");
        }
        assertTrue(set.isEmpty());
    }
}
