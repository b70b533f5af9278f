package io.sluice.perf.peers;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.Priority;
import io.sluice.perf.latency.OpenLoop;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.report.MeasurementException;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ArrivalCheckTest
{
    private static final int COUNT = 64;

    private final ArrivalCheck arrivals = new ArrivalCheck();
    private final PeerEvent event = new PeerEvent();

    @Test
    void shouldBeContentWhenAllArriveInOrder()
    {
        for (int number = 0; number < COUNT; number++)
        {
            arrive(number);
        }

        assertDoesNotThrow(() -> arrivals.await(COUNT));
        assertDoesNotThrow(() -> arrivals.requireAll(COUNT));
    }

    @Test
    void shouldBeContentWhenPrioritiesOvertakeEachOther()
    {
        for (final Priority priority : Priority.values())
        {
            for (int number = 0; number < COUNT; number++)
            {
                if (OpenLoop.priorityOf(number) == priority)
                {
                    arrive(number);
                }
            }
        }

        assertDoesNotThrow(() -> arrivals.requireAll(COUNT));
    }

    @Test
    void shouldFindALostEventWhenTheNextOfItsPriorityArrives()
    {
        for (int number = 0; number < COUNT; number++)
        {
            if (number != 20)
            {
                arrive(number);
            }
        }

        final MeasurementException failure = assertThrows(MeasurementException.class, arrivals::require);
        assertTrue(failure.getMessage().startsWith("event 20 is lost"), failure.getMessage());
        assertThrows(MeasurementException.class, () -> arrivals.await(COUNT));
    }

    @Test
    void shouldFindALostEventWhenItWasTheLast()
    {
        for (int number = 0; number < COUNT - 1; number++)
        {
            arrive(number);
        }

        assertThrows(MeasurementException.class, () -> arrivals.requireAll(COUNT));
    }

    @Test
    void shouldFindARepetitionWhenAnEventArrivesTwice()
    {
        arrive(0);
        arrive(1);
        arrive(1);

        final MeasurementException failure = assertThrows(MeasurementException.class, arrivals::require);
        assertTrue(failure.getMessage().startsWith("event 1 arrived twice"), failure.getMessage());
    }

    @Test
    void shouldFindDisorderWhenTwoOfAPriorityChangePlaces()
    {
        final int next = following(0);
        arrive(next);
        arrive(0);

        assertThrows(MeasurementException.class, arrivals::require);
    }

    @Test
    void shouldFindAStrangeEventWhenItsLengthOrPriorityIsWrong()
    {
        final ArrivalCheck other = new ArrivalCheck();
        arrivals.onArrival(new byte[PeerEvent.length() - 1]);
        other.onArrival(0, (OpenLoop.priorityOf(0).code() + 1) % Priority.COUNT);

        assertThrows(MeasurementException.class, arrivals::require);
        assertThrows(MeasurementException.class, other::require);
    }

    @Test
    void shouldTakeTimesWhenAScheduleIsRecorded()
    {
        final Histogram latency = Histograms.create("test");
        arrivals.record(0, 10, 1_000_000, System.nanoTime() - 1_000_000_000L, latency);
        for (int number = 0; number < COUNT; number++)
        {
            arrive(number);
        }
        arrivals.recordNothing();
        arrive(COUNT);

        assertEquals(COUNT - 10, latency.getTotalCount());
        assertTrue(latency.getMinValue() > 900_000_000L, "from the intended time");
    }

    private static int following(final int number)
    {
        int next = number + 1;
        while (OpenLoop.priorityOf(next) != OpenLoop.priorityOf(number))
        {
            next++;
        }
        return next;
    }

    private void arrive(final long number)
    {
        arrivals.onArrival(event.become(number).toBytes());
    }
}
