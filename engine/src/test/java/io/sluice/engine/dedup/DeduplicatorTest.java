package io.sluice.engine.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.TopicPattern;
import io.sluice.event.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeduplicatorTest
{
    private static final long START_NS = 1_705_746_600_000_000_000L;
    private static final long NS_PER_MS = 1_000_000L;
    private static final long HORIZON_MS = 600;
    private static final String[] TYPES = {"default.a", "short.a", "long.a", "off.a"};
    private static final long[] WINDOWS_MS = {100, 10, 900, 0};

    private final Records records = new Records();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldDecideAsTheModelWhenEventsComeInRandomOrder(final long seed)
    {
        final Deduplicator deduplicator = new Deduplicator(limits(), START_NS);
        final DedupModel model = new DedupModel(HORIZON_MS);
        final SplittableRandom random = new SplittableRandom(seed);
        final int[] verdicts = new int[Verdict.values().length];
        long nowNs = START_NS;
        for (long sequence = 1; sequence <= 30_000; sequence++)
        {
            nowNs += step(random);
            verdicts[decideBoth(deduplicator, model, random, sequence, nowNs).ordinal()]++;
        }
        for (final Verdict verdict : List.of(Verdict.ACCEPTED, Verdict.DUPLICATE_ID, Verdict.DUPLICATE_CONTENT))
        {
            assertTrue(verdicts[verdict.ordinal()] > 500, "too few " + verdict + " to prove anything");
        }
        assertEquals(0, deduplicator.shortened());
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void shouldDecideAsBeforeWhenRebuiltFromTheRecords(final long seed)
    {
        final Deduplicator live = new Deduplicator(limits(), START_NS);
        final DedupModel model = new DedupModel(HORIZON_MS);
        final List<EventFlyweight> journal = new ArrayList<>();
        final SplittableRandom random = new SplittableRandom(seed);
        long nowNs = START_NS;
        for (long sequence = 1; sequence <= 10_000; sequence++)
        {
            nowNs += step(random);
            final EventFlyweight event = randomEvent(random);
            final Verdict verdict = live.decide(event, sequence, nowNs);
            model.decide(event.id(), contentOf(event), windowOf(event.type()), sequence, nowNs / NS_PER_MS);
            journal.add(Records.journaled(event, sequence, nowNs, verdict, live.originalSequence()));
        }
        nowNs += random.nextInt(200) * NS_PER_MS;
        final Deduplicator rebuilt = new Deduplicator(limits(), nowNs);
        for (final EventFlyweight record : journal)
        {
            if (nowNs - record.journalTime() <= rebuilt.horizonNs())
            {
                rebuilt.rebuild(record, nowNs);
            }
        }
        for (long sequence = 10_001; sequence <= 20_000; sequence++)
        {
            nowNs += step(random);
            final EventFlyweight event = randomEvent(random);
            final Verdict expected =
                model.decide(event.id(), contentOf(event), windowOf(event.type()), sequence, nowNs / NS_PER_MS);
            assertEquals(expected, live.decide(event, sequence, nowNs), "live at " + sequence);
            assertEquals(expected, rebuilt.decide(event, sequence, nowNs), "rebuilt at " + sequence);
            assertEquals(model.originalSequence(), rebuilt.originalSequence(), "original at " + sequence);
        }
    }

    @Test
    void shouldCountTheWindowFromTheAcceptedEventWhenItIsRepeated()
    {
        final Deduplicator deduplicator = new Deduplicator(limits(), START_NS);
        assertEquals(Verdict.ACCEPTED, decide(deduplicator, "a", "default.a", "x", 1, 0));
        assertEquals(0, deduplicator.originalSequence());
        assertEquals(Verdict.DUPLICATE_CONTENT, decide(deduplicator, "b", "default.a", "x", 2, 60));
        assertEquals(Verdict.DUPLICATE_CONTENT, decide(deduplicator, "c", "default.a", "x", 3, 100));
        assertEquals(1, deduplicator.originalSequence());
        assertEquals(Verdict.ACCEPTED, decide(deduplicator, "d", "default.a", "x", 4, 101));
    }

    @Test
    void shouldNameTheAcceptedEventWhenTheIdOfAContentDuplicateComesAgain()
    {
        final Deduplicator deduplicator = new Deduplicator(limits(), START_NS);
        decide(deduplicator, "a", "default.a", "x", 7, 0);
        assertEquals(Verdict.DUPLICATE_CONTENT, decide(deduplicator, "b", "default.a", "x", 8, 1));
        assertEquals(Verdict.DUPLICATE_ID, decide(deduplicator, "b", "default.a", "y", 9, 2));
        assertEquals(7, deduplicator.originalSequence());
    }

    @Test
    void shouldTellTypesAndSourcesApartWhenPayloadsAreEqual()
    {
        final Deduplicator deduplicator = new Deduplicator(limits(), START_NS);
        assertEquals(Verdict.ACCEPTED, decide(deduplicator, "a", "default.a", "x", 1, 0));
        assertEquals(Verdict.ACCEPTED, decide(deduplicator, "b", "default.b", "x", 2, 0));
        assertEquals(Verdict.ACCEPTED, decide(deduplicator, "c", "default.a", "xx", 3, 0));
    }

    @Test
    void shouldGoByTheIdAloneWhenEventsAreReplayed()
    {
        final Deduplicator deduplicator = new Deduplicator(limits(), START_NS);
        assertEquals(Verdict.ACCEPTED, decide(deduplicator, "a", "default.a", "x", 1, 0));
        assertEquals(Verdict.ACCEPTED, replay(deduplicator, "b", "x", 2, 1), "its content is not asked for");
        assertEquals(Verdict.ACCEPTED, replay(deduplicator, "c", "y", 3, 2));
        assertEquals(Verdict.ACCEPTED, decide(deduplicator, "d", "default.a", "y", 4, 3), "its content is not kept");
        assertEquals(Verdict.DUPLICATE_CONTENT, decide(deduplicator, "e", "default.a", "x", 5, 4));
        assertEquals(1, deduplicator.originalSequence());
        assertEquals(Verdict.DUPLICATE_ID, replay(deduplicator, "a", "x", 6, 5), "known from a publisher");
        assertEquals(1, deduplicator.originalSequence());
        assertEquals(Verdict.DUPLICATE_ID, replay(deduplicator, "b", "z", 7, 6), "known from a replay");
        assertEquals(2, deduplicator.originalSequence());
        assertEquals(Verdict.DUPLICATE_ID, decide(deduplicator, "c", "default.a", "z", 8, 7), "also to a publisher");
        assertEquals(3, deduplicator.originalSequence());
    }

    @Test
    void shouldKnowTheIdAndNotTheContentWhenAReplayedRecordIsRebuilt()
    {
        final Deduplicator deduplicator = new Deduplicator(limits(), START_NS);
        final EventFlyweight replayed = records.event("a", "default.a", "x", EventDescriptor.FLAG_REPLAYED);
        deduplicator.rebuild(Records.journaled(replayed, 7, START_NS, Verdict.ACCEPTED, 0), START_NS);

        assertEquals(Verdict.DUPLICATE_ID, replay(deduplicator, "a", "x", 8, 1));
        assertEquals(7, deduplicator.originalSequence());
        assertEquals(Verdict.ACCEPTED, decide(deduplicator, "b", "default.a", "x", 9, 2));
    }

    @Test
    void shouldKeepAnIdForItsHorizonAndNoLonger()
    {
        final Deduplicator deduplicator = new Deduplicator(limits(), START_NS);
        assertEquals(Verdict.ACCEPTED, decide(deduplicator, "a", "off.a", "x", 1, 0));
        assertEquals(Verdict.DUPLICATE_ID, decide(deduplicator, "a", "off.a", "x", 2, HORIZON_MS));
        assertEquals(Verdict.ACCEPTED, decide(deduplicator, "a", "off.a", "x", 3, HORIZON_MS + 1));
    }

    @Test
    void shouldUseFixedMemoryAndCountWhatItForgetsWhenThereAreMoreIdsThanItsCapacity()
    {
        final DedupLimits small = new DedupLimits(100, 1_000_000 * NS_PER_MS, 1, 0, Map.of());
        final Deduplicator deduplicator = new Deduplicator(small, START_NS);
        final long length = deduplicator.length();
        for (int i = 1; i <= 100; i++)
        {
            assertEquals(Verdict.ACCEPTED, decide(deduplicator, "id" + i, "t", "x", i, i));
        }
        assertEquals(0, deduplicator.shortened(), "the stated capacity fits");
        for (int i = 101; i <= 1000; i++)
        {
            assertEquals(Verdict.ACCEPTED, decide(deduplicator, "id" + i, "t", "x", i, i));
        }
        int known = 0;
        for (int i = 1000; i >= 1; i--)
        {
            if (decide(deduplicator, "id" + i, "t", "x", 3000L - i, 2000) == Verdict.DUPLICATE_ID)
            {
                assertEquals(i, deduplicator.originalSequence());
                known++;
            }
        }
        assertTrue(known > 0 && known < 500, "known " + known);
        assertTrue(deduplicator.shortened() >= 1000 - 256, "forgotten " + deduplicator.shortened());
        assertEquals(length, deduplicator.length());
    }

    @Test
    void shouldLookBackForTheLongestOfItsTimesWhenRebuilt()
    {
        assertEquals(900 * NS_PER_MS, new Deduplicator(limits(), START_NS).horizonNs());
        assertEquals(
            TimeUnit.MINUTES.toNanos(10),
            new Deduplicator(
                new DedupLimits(10, TimeUnit.MINUTES.toNanos(10), 10, NS_PER_MS, Map.of()), START_NS).horizonNs());
    }

    private Verdict decideBoth(
        final Deduplicator deduplicator,
        final DedupModel model,
        final SplittableRandom random,
        final long sequence,
        final long nowNs)
    {
        final EventFlyweight event = randomEvent(random);
        final Verdict expected =
            model.decide(event.id(), contentOf(event), windowOf(event.type()), sequence, nowNs / NS_PER_MS);
        assertEquals(expected, deduplicator.decide(event, sequence, nowNs), "event " + sequence);
        assertEquals(model.originalSequence(), deduplicator.originalSequence(), "event " + sequence);
        return expected;
    }

    private EventFlyweight randomEvent(final SplittableRandom random)
    {
        return records.event(
            "id" + random.nextInt(2000),
            TYPES[random.nextInt(TYPES.length)],
            "payload " + random.nextInt(60),
            random.nextInt(4) == 0 ? EventDescriptor.FLAG_REPLAYED : 0);
    }

    private Verdict decide(
        final Deduplicator deduplicator,
        final String id,
        final String type,
        final String payload,
        final long sequence,
        final long atMs)
    {
        return deduplicator.decide(records.event(id, type, payload), sequence, START_NS + atMs * NS_PER_MS);
    }

    private Verdict replay(
        final Deduplicator deduplicator, final String id, final String payload, final long sequence, final long atMs)
    {
        return deduplicator.decide(
            records.event(id, "default.a", payload, EventDescriptor.FLAG_REPLAYED),
            sequence,
            START_NS + atMs * NS_PER_MS);
    }

    private static long step(final SplittableRandom random)
    {
        return random.nextInt(100) == 0 ? random.nextInt(800) * NS_PER_MS : random.nextLong(2 * NS_PER_MS);
    }

    private static long windowOf(final String type)
    {
        return WINDOWS_MS[List.of(TYPES).indexOf(type)];
    }

    /** Of a replayed event, content does not count. */
    private static String contentOf(final EventFlyweight event)
    {
        return (event.flags() & EventDescriptor.FLAG_REPLAYED) != 0 ? null :
            event.type() + "|" + new String(event.payload(), StandardCharsets.UTF_8);
    }

    private static DedupLimits limits()
    {
        final Map<TopicPattern, Long> windows = new LinkedHashMap<>();
        windows.put(TopicPattern.of("short.*"), 10 * NS_PER_MS);
        windows.put(TopicPattern.of("long.*"), 900 * NS_PER_MS);
        windows.put(TopicPattern.of("off.*"), 0L);
        return new DedupLimits(1 << 14, HORIZON_MS * NS_PER_MS, 1 << 14, 100 * NS_PER_MS, windows);
    }
}
