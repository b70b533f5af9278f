package io.sluice.engine.deadletter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.failure.FailureKind;
import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.Category;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStorageException;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import io.sluice.event.filter.EventFilter;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DeadLetterJournalTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldMakeTheDirectoryWithTheFirstLetterAndNotBefore()
    {
        try (DeadLetterJournal journal = DeadLetterJournal.open(Letters.context(directory)))
        {
            assertTrue(journal.isReady());
            assertFalse(journal.retried(1));
            assertEquals(0, journal.doWork());
            journal.sync();
            assertFalse(Files.exists(directory.resolve("dead-letters")));

            journal.deadLetter(Letters.event(4711), Letters.failure("billing", FailureKind.MANUAL));

            assertTrue(Files.exists(directory.resolve("dead-letters").resolve("FORMAT")));
            assertTrue(Files.exists(directory.resolve("dead-letters").resolve("engine.lock")));
        }
    }

    @Test
    void shouldRecordACopyThatAnyReaderUnderstands()
    {
        final byte[] payload = new byte[300];
        new Random(1).nextBytes(payload);
        final EventFlyweight event = Letters.event(4711, new EventBuilder().type("order.created").id("o-1")
            .subject("s").source("shop").priority(Priority.HIGH).category(Category.PLUGIN).correlationId("c")
            .causationId("k").sessionId("se").workflowId("w").aggregate("Order", "o-7", 3).version("v2")
            .contentType("application/x-own").metadata(Map.of("host", "h1")).payload(payload)
            .flags(EventDescriptor.FLAG_REPLAYED));
        try (DeadLetterJournal journal = DeadLetterJournal.open(Letters.context(directory)))
        {
            final LetterStatus letter = journal.deadLetter(event, Letters.failure("billing", FailureKind.FIXABLE));
            assertEquals(1, letter.letter());
            assertEquals(LetterState.OPEN, letter.state());
        }

        final List<EventBuilder> records = records();

        assertEquals(1, records.size());
        final EventBuilder copy = records.get(0);
        final EventBuilder original = new EventBuilder().from(event);
        assertArrayEquals(payload, copy.payload());
        assertEquals(
            "{\"host\":\"h1\",\"deadLetter\":{\"action\":\"dead-lettered\",\"letter\":1,\"firstOpen\":1," +
            "\"subscription\":\"billing\",\"sequence\":4711,\"run\":\"" + Letters.RUN_ID + "\"," +
            "\"recorded\":\"2027-01-15T08:00:00.123461500Z\",\"attempts\":4,\"cause\":\"THREW\"," +
            "\"exception\":\"java.lang.IllegalStateException\",\"message\":\"no account\",\"kind\":\"FIXABLE\"," +
            "\"firstFailure\":\"2027-01-15T08:00:00.123457789Z\",\"lastFailure\":\"2027-01-15T08:00:05.123456789Z\"}}",
            copy.metadata());
        copy.metadata(Map.of("host", "h1"));
        assertArrayEquals(Letters.bytes(Letters.event(4711, original)), Letters.bytes(Letters.event(4711, copy)));
        final EventFilter filter = EventFilter.of("type = 'order.created' AND " +
            "metadata.deadLetter.subscription = 'billing' AND metadata.deadLetter.kind = 'FIXABLE'");
        assertEquals(
            List.of("1 OPEN billing 4711"), Letters.list(directory, new DeadLetterQuery().where(filter)));
    }

    @Test
    void shouldGiveTheEventBackByteForByte()
    {
        final List<EventFlyweight> events = new ArrayList<>();
        events.add(Letters.event(1, new EventBuilder().type("a").metadata(Map.of("retryCount", 3, "x", "\u00e9"))));
        events.add(Letters.event(2, new EventBuilder().type("a").payload(new byte[100_000])));
        // Metadata as a publisher in a hurry writes them: spaces, no JSON at all, none.
        events.add(raw(3, "{ \"a\" : 1.0e2 }"));
        events.add(raw(4, "no json"));
        events.add(raw(5, ""));
        events.add(raw(6, "{\"deadLetter\":{\"letter\":3},\"z\":0}"));
        events.add(raw(7, "{\"deadLetter\":1,\"deadLetter\":2}"));
        events.add(raw(8, "{\"a\":\"" + "x".repeat(65_000) + "\"}"));
        try (DeadLetterJournal journal = DeadLetterJournal.open(Letters.context(directory)))
        {
            for (final EventFlyweight event : events)
            {
                final LetterStatus letter = journal.deadLetter(event, Letters.failure("s", FailureKind.MANUAL));
                assertTrue(journal.event(letter.letter(), copy -> assertSame(event, copy)));
                // A copy of the copy is the same again.
                journal.failedAgain(letter.letter(), Letters.failure("s", FailureKind.MANUAL));
                assertTrue(journal.event(letter.letter(), copy -> assertSame(event, copy)));
            }
        }
        try (DeadLetters letters = DeadLetters.open(directory))
        {
            final List<Long> numbers = new ArrayList<>();
            letters.forEach(new DeadLetterQuery(), (letter, record) -> numbers.add(letter.status().letter()));
            assertEquals(events.size(), numbers.size());
            for (int i = 0; i < events.size(); i++)
            {
                final EventFlyweight event = events.get(i);
                assertTrue(letters.event(numbers.get(i), copy -> assertSame(event, copy)));
            }
            assertEquals(0, letters.strangers());
        }
    }

    @Test
    void shouldKeepAnEventOfAnyLength()
    {
        final byte[] payload = new byte[3_000_000];
        new Random(2).nextBytes(payload);
        final EventFlyweight large = Letters.event(2, new EventBuilder().type("a").id("x").payload(payload));
        try (DeadLetterJournal journal = DeadLetterJournal.open(Letters.context(directory)))
        {
            journal.deadLetter(Letters.event(1), Letters.failure("s", FailureKind.MANUAL));
            journal.deadLetter(large, Letters.failure("s", FailureKind.MANUAL));
            journal.deadLetter(Letters.event(3), Letters.failure("s", FailureKind.MANUAL));
            assertEquals(3, journal.letters().count());
            assertTrue(journal.event(2, copy -> assertSame(large, copy)));
        }
        assertEquals(
            List.of("1 OPEN s 1", "2 OPEN s 2", "3 OPEN s 3"), Letters.list(directory, new DeadLetterQuery()));
    }

    @Test
    void shouldTellWhatBecameOfLettersWhenOpenedAgain()
    {
        try (DeadLetterJournal journal = DeadLetterJournal.open(Letters.context(directory)))
        {
            for (int i = 1; i <= 5; i++)
            {
                journal.deadLetter(Letters.event(i), Letters.failure("s" + i % 2, FailureKind.TRANSIENT));
            }
            assertTrue(journal.retried(1));
            assertTrue(journal.delivered(1));
            assertTrue(journal.dropped(2, "too old"));
            assertTrue(journal.retried(3));
            assertTrue(journal.retried(4));
            assertEquals(2, journal.failedAgain(4, Letters.failure("s0", FailureKind.MANUAL)).failures());

            assertFalse(journal.delivered(1));
            assertFalse(journal.dropped(2, "again"));
            assertFalse(journal.retried(77));
            assertNull(journal.failedAgain(1, Letters.failure("s1", FailureKind.MANUAL)));
            assertFalse(journal.fixed(1, new EventBuilder()));
            assertFalse(journal.event(1, event -> {}));
            assertStates(journal);
        }
        try (DeadLetterJournal journal = DeadLetterJournal.open(Letters.context(directory)))
        {
            assertStates(journal);
        }
        assertEquals(
            List.of("1 DELIVERED s1 1", "2 DROPPED s0 2", "3 RETRYING s1 3", "4 OPEN s0 4", "5 OPEN s1 5"),
            Letters.list(directory, new DeadLetterQuery()));
        assertEquals(11, records().size());
        assertEquals(0, records().get(6).payload().length);
        assertEquals("order.created", records().get(6).type());
        assertEquals("o-1", records().get(6).id());
    }

    @Test
    void shouldKeepOneLetterWhenAnEventFailsAgainAfterARestart()
    {
        final LetterFailure failure = Letters.failure("s", FailureKind.TRANSIENT);
        try (DeadLetterJournal journal = DeadLetterJournal.open(Letters.context(directory)))
        {
            assertEquals(1, journal.deadLetter(Letters.event(7), failure).letter());
            assertEquals(2, journal.deadLetter(Letters.event(7), Letters.failure("t", FailureKind.MANUAL)).letter());
        }
        try (DeadLetterJournal journal = DeadLetterJournal.open(Letters.context(directory)))
        {
            assertEquals(1, journal.deadLetter(Letters.event(7), failure).letter());
            assertEquals(2, records().size());

            journal.retried(1);
            final LetterStatus again = journal.deadLetter(Letters.event(7), failure);
            assertEquals(1, again.letter());
            assertEquals(2, again.failures());
            assertEquals(LetterState.OPEN, again.state());

            journal.delivered(1);
            assertEquals(6, journal.deadLetter(Letters.event(7), failure).letter());
        }
    }

    @Test
    void shouldRecordARepairAsACorrection()
    {
        try (DeadLetterJournal journal = DeadLetterJournal.open(Letters.context(directory)))
        {
            final EventFlyweight event = Letters.event(
                9, new EventBuilder().type("a.b").id("e").source("desk").metadata("k", 1).payloadJson("{\"n\":null}"));
            journal.deadLetter(event, Letters.failure("s", FailureKind.FIXABLE));

            final EventBuilder repaired = new EventBuilder().from(event).payloadJson("{\"n\":0}");
            assertTrue(journal.fixed(1, repaired));

            assertEquals(0, repaired.flags());
            assertEquals(1, journal.letters().get(1).fixes());
            assertTrue(journal.letters().get(1).isFixed());
            assertTrue(journal.event(1, fixed ->
            {
                assertEquals("{\"n\":0}", new String(fixed.payload(), StandardCharsets.UTF_8));
                assertEquals(EventDescriptor.FLAG_CORRECTION, fixed.flags());
                assertEquals(9, fixed.sequence());
                assertEquals(Letters.RUN_ID, fixed.runId());
                assertEquals("{\"k\":1}", fixed.text(EventField.METADATA));
            }));

            // Time and source of the original, if the repair says nothing.
            assertTrue(journal.fixed(1, new EventBuilder().type("a.c").id("e")));
            assertTrue(journal.event(1, fixed ->
            {
                assertEquals("a.c", fixed.type());
                assertEquals("desk", fixed.source());
                assertEquals(event.eventTime(), fixed.eventTime());
                assertEquals("", fixed.text(EventField.METADATA));
            }));
            assertTrue(assertThrows(EventValidationException.class, () ->
                journal.fixed(1, new EventBuilder().type("a").id("other"))).getMessage().contains("original, e"));
            assertThrows(EventValidationException.class, () -> journal.fixed(1, new EventBuilder().id("e")));
            assertEquals(3, records().size());
        }
    }

    @Test
    void shouldWriteNothingAndLoseNothingWhenThereIsNoRoom()
    {
        final AtomicLong free = new AtomicLong(Long.MAX_VALUE);
        final ManualClock clock = Letters.clock();
        final DeadLetterContext context = Letters.context(directory).clock(clock).freeSpace(free::get);
        try (DeadLetterJournal journal = DeadLetterJournal.open(context))
        {
            final byte[] payload = new byte[50_000];
            journal.deadLetter(Letters.event(1), Letters.failure("s", FailureKind.MANUAL));
            free.set(0);
            long written = 1;
            while (journal.isReady())
            {
                written++;
                journal.deadLetter(
                    Letters.event(written, new EventBuilder().type("a").payload(payload)),
                    Letters.failure("s", FailureKind.MANUAL));
            }
            final EventFlyweight next = Letters.event(written + 1);
            final EventStorageException ex = assertThrows(
                EventStorageException.class, () -> journal.deadLetter(next, Letters.failure("s", FailureKind.MANUAL)));
            assertTrue(ex.getMessage().contains("minFreeSpace=67108864"), ex.getMessage());
            assertEquals(written, journal.letters().count());
            free.set(Long.MAX_VALUE);
            final long last = written;
            // Storage is looked at ten times a second, by the clock.
            clock.advance(Duration.ofSeconds(1));

            assertEquals(
                last + 1, journal.deadLetter(next, Letters.failure("s", FailureKind.MANUAL)).letter());
        }
    }

    @Test
    void shouldGoOnWhenACallFailedInTheMiddle()
    {
        final AtomicLong calls = new AtomicLong();
        final AtomicLong failing = new AtomicLong(Long.MAX_VALUE);
        final DeadLetterContext context = new DeadLetterContext().directory(directory).clock(() ->
        {
            if (calls.incrementAndGet() >= failing.get())
            {
                throw new IllegalStateException("the clock is broken");
            }
            return Letters.START_NS;
        });
        try (DeadLetterJournal journal = DeadLetterJournal.open(context))
        {
            journal.deadLetter(Letters.event(1), Letters.failure("s", FailureKind.MANUAL));
            failing.set(0);
            assertThrows(
                IllegalStateException.class,
                () -> journal.deadLetter(Letters.event(2), Letters.failure("s", FailureKind.MANUAL)));
            assertThrows(
                RuntimeException.class,
                () -> journal.deadLetter(Letters.event(2), Letters.failure("s", FailureKind.MANUAL)));
            failing.set(Long.MAX_VALUE);

            assertTrue(journal.isReady());
            assertTrue(journal.retried(1));
            assertEquals(3, journal.deadLetter(Letters.event(2), Letters.failure("s", FailureKind.MANUAL)).letter());
            journal.sync();
        }
        assertEquals(List.of("1 RETRYING s 1", "3 OPEN s 2"), Letters.list(directory, new DeadLetterQuery()));
    }

    @Test
    void shouldRefuseWhatItCantRecord()
    {
        final DeadLetterJournal journal = DeadLetterJournal.open(Letters.context(directory));
        final EventFlyweight unsequenced = Letters.event(0);
        assertTrue(assertThrows(
            IllegalArgumentException.class,
            () -> journal.deadLetter(unsequenced, Letters.failure("s", FailureKind.MANUAL)))
            .getMessage().contains("has sequence 0"));
        journal.close();
        journal.close();
        assertThrows(EventStorageException.class, () -> journal.retried(1));
        assertThrows(EventStorageException.class, journal::isReady);
    }

    @Test
    void shouldRollToShortFiles() throws IOException
    {
        final byte[] payload = new byte[1 << 20];
        try (DeadLetterJournal journal = DeadLetterJournal.open(Letters.context(directory)))
        {
            for (int i = 1; i <= 10; i++)
            {
                journal.deadLetter(
                    Letters.event(i, new EventBuilder().type("a").payload(payload)),
                    Letters.failure("s", FailureKind.MANUAL));
            }
            journal.sync();
            assertNotNull(journal.letters().get(10));
        }
        assertEquals(10, Letters.list(directory, new DeadLetterQuery()).size());
        try (Stream<Path> files = Files.list(directory.resolve("dead-letters").resolve("journal")))
        {
            assertTrue(files.filter(file -> file.toString().endsWith(".cq4")).count() >= 3);
        }
    }

    private static void assertStates(final DeadLetterJournal journal)
    {
        final OpenLetters letters = journal.letters();
        assertEquals(3, letters.count());
        assertEquals(2, letters.count("s1"));
        assertEquals(1, letters.count("s0"));
        assertNull(letters.get(1));
        assertNull(letters.find("s1", 1));
        assertNull(letters.get(2));
        assertEquals(LetterState.RETRYING, letters.get(3).state());
        assertEquals(1, letters.get(3).retries());
        assertEquals(LetterState.OPEN, letters.find("s0", 4).state());
        assertEquals(2, letters.find("s0", 4).failures());
        assertEquals(FailureKind.MANUAL, letters.find("s0", 4).kind());
        assertEquals(LetterState.OPEN, letters.get(5).state());
        assertEquals(3, letters.first());
    }

    private static void assertSame(final EventFlyweight event, final EventFlyweight copy)
    {
        assertArrayEquals(Letters.bytes(event), Letters.bytes(copy));
    }

    private static EventFlyweight raw(final long sequence, final String metadata)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 18]);
        final EventEncoder encoder = new EventEncoder().wrap(buffer, 0, buffer.capacity()).uuid(sequence, 7);
        put(encoder, EventField.TYPE, "raw.event");
        put(encoder, EventField.PAYLOAD, "p");
        put(encoder, EventField.METADATA, metadata);
        return Letters.journaled(sequence, buffer, encoder.complete());
    }

    private static void put(final EventEncoder encoder, final EventField field, final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        encoder.put(field, new UnsafeBuffer(bytes), 0, bytes.length);
    }

    private List<EventBuilder> records()
    {
        final List<EventBuilder> records = new ArrayList<>();
        final TailerContext context = new TailerContext().directory(directory.resolve("dead-letters"));
        try (JournalTailer tailer = JournalTailer.open(context))
        {
            while (tailer.poll(event -> records.add(new EventBuilder().from(event)), 100) > 0)
            {
                // To the end.
            }
        }
        return records;
    }
}
