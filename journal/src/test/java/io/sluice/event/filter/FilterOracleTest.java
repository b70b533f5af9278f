package io.sluice.event.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventJson;
import io.sluice.event.EventStamp;
import io.sluice.event.IdGenerator;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random filters over random events, compiled and naive, agree. {@code sluice.oracle.filters} and
 * {@code sluice.oracle.events} say how many, {@code sluice.oracle.seed} which.
 */
class FilterOracleTest
{
    private static final Logger LOGGER = LoggerFactory.getLogger(FilterOracleTest.class);
    /** Events that are kept at a time: all filters look at them, then come the next ones. */
    private static final int BLOCK = 1024;

    private final int filters = Integer.getInteger("sluice.oracle.filters", 1_000);
    private final int events = Integer.getInteger("sluice.oracle.events", 500);
    private final long seed = Long.getLong("sluice.oracle.seed", 1);
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final String[] texts = new String[filters];
    private final int[] matches = new int[filters];
    private final long[] filterNs = new long[filters];
    private final NaiveEvent[] naiveEvents = new NaiveEvent[BLOCK];
    private final EventFlyweight[] records = new EventFlyweight[BLOCK];
    private final boolean[] expected = new boolean[BLOCK];
    private final EventJson reader = new EventJson();
    private final EventBuilder builder = new EventBuilder();
    private final EventEncoder encoder = new EventEncoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 20]);
    private final EventDefaults defaults = new EventDefaults(() -> RandomEvents.START_NS, new IdGenerator(42));
    private long naiveNs;

    @Test
    void shouldAgreeWithTheNaiveEvaluatorWhenFiltersAndEventsAreRandom()
    {
        final RandomFilters randomFilters = new RandomFilters(seed, events);
        for (int i = 0; i < filters; i++)
        {
            texts[i] = randomFilters.next();
        }
        final RandomEvents randomEvents = new RandomEvents(seed, events);
        for (int done = 0; done < events; done += BLOCK)
        {
            final int count = Math.min(BLOCK, events - done);
            for (int i = 0; i < count; i++)
            {
                take(i, randomEvents.next());
            }
            for (int i = 0; i < filters; i++)
            {
                compare(i, count, randomEvents.texts());
            }
            randomEvents.forgetTexts();
        }
        report();
    }

    private void take(final int index, final NaiveEvent event)
    {
        naiveEvents[index] = event;
        event.read(reader, builder);
        final int length = builder.encode(encoder, buffer, 0, buffer.capacity(), defaults);
        final UnsafeBuffer record = new UnsafeBuffer(new byte[length]);
        record.putBytes(0, buffer, 0, length);
        EventStamp.stamp(
            record, 0, 7, event.sequence(), event.recordedNs(), event.verdict(), event.originalSequence());
        records[index] = new EventFlyweight().wrap(record, 0);
    }

    private void compare(final int filterIndex, final int count, final NaiveTexts known)
    {
        final String text = texts[filterIndex];
        final EventFilter filter = EventFilter.of(text);
        final NaiveFilter naive = NaiveFilter.of(text, known);
        final long startNs = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < count; i++)
        {
            expected[i] = naive.matches(naiveEvents[i]);
        }
        final long middleNs = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < count; i++)
        {
            if (filter.matches(records[i]) != expected[i])
            {
                assertEquals(expected[i], !expected[i], text + " on " + naiveEvents[i] + " (seed " + seed + ")");
            }
            matches[filterIndex] += expected[i] ? 1 : 0;
        }
        naiveNs += middleNs - startNs;
        filterNs[filterIndex] += threads.getCurrentThreadCpuTime() - middleNs;
    }

    private void report()
    {
        long matching = 0;
        int useful = 0;
        int slowest = 0;
        long ns = 0;
        for (int i = 0; i < filters; i++)
        {
            matching += matches[i];
            useful += matches[i] > 0 && matches[i] < events ? 1 : 0;
            ns += filterNs[i];
            slowest = filterNs[i] > filterNs[slowest] ? i : slowest;
        }
        final double pairs = (double)filters * events;
        LOGGER.warn(String.format(
            Locale.ROOT,
            "filter oracle: %,d filters over %,d events from seed %d agree, %,d of them pick some and not all, %,d " +
            "matches; CPU per pair %.0f ns naive, %.0f ns compiled, %.0f ns the slowest: %s",
            filters, events, seed, useful, matching, naiveNs / pairs, ns / pairs,
            (double)filterNs[slowest] / events, texts[slowest]));
        assertTrue(useful > filters / 3, useful + " of " + filters + " filters pick some and not all");
    }
}
