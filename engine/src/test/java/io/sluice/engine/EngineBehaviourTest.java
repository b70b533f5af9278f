package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventField;
import io.sluice.event.Priority;
import io.sluice.event.Verdict;
import io.sluice.journal.JournalContext;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.JournalVerifier;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import io.sluice.journal.VerifyReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every threading mode must do. */
@ExtendWith(ThreadHygiene.class)
class EngineBehaviourTest
{
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @EnumSource
    void shouldJournalAndHandleEachEventOnceWhenPublished(final ThreadingMode mode)
    {
        final List<String> handled = Collections.synchronizedList(new ArrayList<>());
        final int count = 500;
        try (Engine engine = launch(mode, SubscriptionSpec.to("*", event -> handled.add(event.id()))))
        {
            for (int i = 0; i < count; i++)
            {
                final long ticket = publish(engine, new EventBuilder()
                    .id("evt_" + i)
                    .type("load.step")
                    .priority(Priority.of(i % Priority.COUNT))
                    .payloadText("payload " + i));
                assertTrue(ticket >= 0, PublishResult.describe(ticket));
            }
            assertTrue(engine.drain(TIMEOUT_NS));
            assertEquals(count, engine.stats().handled());
            assertEquals(count, engine.stats().accepted());
        }
        assertEquals(count, handled.size());
        assertEquals(count, handled.stream().distinct().count());
        final VerifyReport report = JournalVerifier.verify(directory);
        assertEquals(count, report.events());
        assertEquals(0, report.gaps());
        assertEquals(0, report.corrupt());
        assertNoErrors();
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepOrderWithinAPriorityWhenSequencesAreHandled(final ThreadingMode mode)
    {
        final Map<Priority, List<Long>> sequences = new HashMap<>();
        for (final Priority priority : Priority.values())
        {
            sequences.put(priority, Collections.synchronizedList(new ArrayList<>()));
        }
        try (Engine engine = launch(
            mode, SubscriptionSpec.to("*", event -> sequences.get(event.priority()).add(event.sequence()))))
        {
            for (int i = 0; i < 2000; i++)
            {
                publish(engine, new EventBuilder()
                    .type("a.b").priority(Priority.of(i * 7 % Priority.COUNT)).payloadText("n" + i));
            }
            assertTrue(engine.drain(TIMEOUT_NS));
        }
        for (final List<Long> handled : sequences.values())
        {
            final List<Long> sorted = new ArrayList<>(handled);
            Collections.sort(sorted);
            assertEquals(sorted, handled);
            assertEquals(500, handled.size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldIsolateAndCountWhenAHandlerThrows(final ThreadingMode mode)
    {
        final List<String> handled = Collections.synchronizedList(new ArrayList<>());
        try (Engine engine = launch(
            mode,
            SubscriptionSpec.to("job.*", event ->
            {
                throw new IllegalStateException("refuses " + event.id());
            }).name("grumpy").retry(RetryPolicy.NONE),
            SubscriptionSpec.to("job.*", event -> handled.add(event.id())).name("calm")))
        {
            publish(engine, new EventBuilder().id("one").type("job.started"));
            publish(engine, new EventBuilder().id("two").type("job.ended"));
            assertTrue(engine.drain(TIMEOUT_NS));
            assertEquals(2, engine.stats().failed());
            assertEquals(0, engine.stats().handled());
            assertEquals(2, engine.stats().errors());
            assertEquals(EngineState.DRAINING, engine.state());
        }
        assertEquals(List.of("one", "two"), handled);
        assertEquals(2, errors.size());
        assertTrue(errors.get(0).getMessage().contains("grumpy"), errors.get(0).getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void shouldJournalButNotHandleWhenAnEventIsADuplicate(final ThreadingMode mode)
    {
        final List<String> handled = Collections.synchronizedList(new ArrayList<>());
        final DedupContext dedup = new DedupContext().contentWindowNs(TimeUnit.HOURS.toNanos(1));
        try (Engine engine = Engine.launch(
            context(mode).subscribe(SubscriptionSpec.to("*", event -> handled.add(event.id()))).dedup(dedup)))
        {
            final Publisher publisher = engine.publisher();
            final long first = await(engine, publish(engine, new EventBuilder().id("a").type("t").payloadText("1")));
            final long sameId = publish(engine, new EventBuilder().id("a").type("t").payloadText("2"));
            await(engine, sameId);
            final long sameContent = publish(engine, new EventBuilder().id("b").type("t").payloadText("1"));
            await(engine, sameContent);
            final long other = publish(engine, new EventBuilder().id("c").type("t").payloadText("3"));
            await(engine, other);
            assertEquals(1, first);
            assertTrue(publisher.isDuplicate(sameId));
            assertTrue(publisher.isDuplicate(sameContent));
            assertFalse(publisher.isDuplicate(other));
            assertTrue(engine.drain(TIMEOUT_NS));
            assertEquals(2, engine.stats().duplicates());
        }
        assertEquals(List.of("a", "c"), handled);
        final List<Verdict> verdicts = new ArrayList<>();
        final List<Long> originals = new ArrayList<>();
        read(1, verdicts, originals);
        assertEquals(
            List.of(Verdict.ACCEPTED, Verdict.DUPLICATE_ID, Verdict.DUPLICATE_CONTENT, Verdict.ACCEPTED), verdicts);
        assertEquals(List.of(0L, 1L, 1L, 0L), originals);
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoByTheIdAloneWhenEventsAreReplayed(final ThreadingMode mode)
    {
        final List<String> handled = Collections.synchronizedList(new ArrayList<>());
        final DedupContext dedup = new DedupContext().contentWindowNs(TimeUnit.HOURS.toNanos(1));
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event -> handled.add(event.id()));
        try (Engine engine = Engine.launch(context(mode).subscribe(spec).dedup(dedup)))
        {
            await(engine, publish(engine, new EventBuilder().id("a").type("t").payloadText("1")));
            await(engine, publish(engine, replayed("b").payloadText("1")));
            await(engine, publish(engine, replayed("c").payloadText("2")));
            await(engine, publish(engine, replayed("a").payloadText("3")));
            assertTrue(engine.drain(TIMEOUT_NS));
        }
        final DedupContext rebuilt = new DedupContext().contentWindowNs(TimeUnit.HOURS.toNanos(1));
        try (Engine engine = Engine.launch(context(mode).subscribe(spec).dedup(rebuilt)))
        {
            await(engine, publish(engine, new EventBuilder().id("d").type("t").payloadText("2")));
            await(engine, publish(engine, replayed("b").payloadText("4")));
            assertTrue(engine.drain(TIMEOUT_NS));
        }
        final List<Verdict> verdicts = new ArrayList<>();
        final List<Long> originals = new ArrayList<>();
        read(1, verdicts, originals);
        assertEquals(
            List.of(
                Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.DUPLICATE_ID, Verdict.ACCEPTED,
                Verdict.DUPLICATE_ID),
            verdicts);
        assertEquals(List.of(0L, 0L, 0L, 1L, 0L, 2L), originals);
        assertEquals(List.of("a", "b", "c", "d"), handled);
        assertNoErrors();
    }

    @ParameterizedTest
    @EnumSource
    void shouldContinueSequencesAndDedupWhenRestarted(final ThreadingMode mode)
    {
        try (Engine engine = launch(mode))
        {
            assertEquals(1, await(engine, publish(engine, new EventBuilder().id("a").type("t").payloadText("1"))));
        }
        try (Engine engine = launch(mode))
        {
            final long ticket = publish(engine, new EventBuilder().id("a").type("t").payloadText("2"));
            assertEquals(2, await(engine, ticket));
            assertTrue(engine.publisher().isDuplicate(ticket));
            assertEquals(0, engine.stats().redelivered());
        }
        assertNoErrors();
    }

    @ParameterizedTest
    @EnumSource
    void shouldCarryContextWhenAHandlerPublishes(final ThreadingMode mode)
    {
        final List<String> seen = Collections.synchronizedList(new ArrayList<>());
        final Engine[] holder = new Engine[1];
        try (Engine engine = launch(
            mode,
            SubscriptionSpec.to("cause", event -> holder[0].publisher().publish(
                new EventBuilder().id("second").type("effect"))),
            SubscriptionSpec.to("effect", event -> seen.add(
                event.text(EventField.CORRELATION_ID) + "/" + event.text(EventField.CAUSATION_ID)))))
        {
            holder[0] = engine;
            publish(engine, new EventBuilder().id("first").type("cause").correlationId("corr"));
            assertTrue(engine.drain(TIMEOUT_NS));
        }
        assertEquals(List.of("corr/first"), seen);
    }

    @ParameterizedTest
    @EnumSource
    void shouldNeverHangWhenAHandlerPublishesIntoAFullRing(final ThreadingMode mode)
    {
        final Engine[] holder = new Engine[1];
        final Map<Long, Integer> results = Collections.synchronizedMap(new HashMap<>());
        final EngineContext context = context(mode)
            .limit(Priority.NORMAL, 10)
            .subscribe(SubscriptionSpec.to("seed", event ->
            {
                for (int i = 0; i < 200; i++)
                {
                    final long result = holder[0].publisher().publish(
                        new EventBuilder().type("child").payloadText("c" + i));
                    results.merge(Math.min(result, 0L), 1, Integer::sum);
                }
            }));
        try (Engine engine = Engine.launch(context))
        {
            holder[0] = engine;
            publish(engine, new EventBuilder().type("seed"));
            assertTrue(engine.drain(TIMEOUT_NS));
            assertEquals(1 + results.get(0L), engine.stats().handled());
        }
        assertEquals(200, results.get(0L) + results.get(PublishResult.BACK_PRESSURED));
        assertTrue(results.get(0L) > 10, results.toString());
    }

    @ParameterizedTest
    @EnumSource
    void shouldStoreEventsThatDoNotFitIntoASlotWhenTheyAreLarge(final ThreadingMode mode)
    {
        final List<Integer> lengths = Collections.synchronizedList(new ArrayList<>());
        try (Engine engine = launch(
            mode, SubscriptionSpec.to("*", event -> lengths.add(event.fieldLength(EventField.PAYLOAD)))))
        {
            for (final int length : new int[]{1, 400, 500, 5_000, 70_000, 1_000_000})
            {
                assertTrue(publish(engine, new EventBuilder().type("blob").payload(new byte[length])) >= 0);
            }
            assertEquals(
                PublishResult.EVENT_TOO_LARGE,
                engine.publisher().publish(new EventBuilder().type("blob").payload(new byte[1 << 20])));
            assertTrue(engine.drain(TIMEOUT_NS));
            assertEquals(0, engine.stats().priority(Priority.NORMAL).depth());
            assertEquals(1, engine.stats().refused());
        }
        assertEquals(List.of(1, 400, 500, 5_000, 70_000, 1_000_000), lengths);
        assertTrue(JournalVerifier.verify(directory).isSound());
    }

    @ParameterizedTest
    @EnumSource
    void shouldRedeliverWhatWasNotHandledWhenTheLastRunWasCutOff(final ThreadingMode mode)
    {
        final List<String> first = Collections.synchronizedList(new ArrayList<>());
        try (Engine engine = launch(mode, SubscriptionSpec.to("*", event -> first.add(event.id()))))
        {
            publish(engine, new EventBuilder().id("a").type("t").priority(Priority.CRITICAL).payloadText("1"));
            publish(engine, new EventBuilder().id("b").type("t").priority(Priority.LOW).payloadText("2"));
            publish(engine, new EventBuilder().id("a").type("t").priority(Priority.LOW).payloadText("3"));
            assertTrue(engine.drain(TIMEOUT_NS));
        }
        final PipelinePositions positions = TestPositions.open(directory);
        positions.watermark(Priority.LOW.code(), 0);
        positions.close();
        final List<String> second = Collections.synchronizedList(new ArrayList<>());
        try (Engine engine = launch(
            mode, SubscriptionSpec.to("*", event -> second.add(event.id() + " " + event.flags()))))
        {
            assertEquals(1, engine.stats().redelivered());
            assertTrue(engine.drain(TIMEOUT_NS));
        }
        assertEquals(List.of("b 1"), second);
        try (Engine engine = launch(mode))
        {
            assertEquals(0, engine.stats().redelivered());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldCompleteReceiptsWhenPublishedAsynchronously(final ThreadingMode mode) throws Exception
    {
        try (Engine engine = launch(mode))
        {
            final var stage = engine.publisher().publishAsync(new EventBuilder().id("x").type("t"));
            assertTrue(engine.drain(TIMEOUT_NS));
            final Receipt receipt = stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertEquals(new Receipt("x", 1, Verdict.ACCEPTED, 0), receipt);
        }
        assertNull(errors.isEmpty() ? null : errors.get(0));
    }

    private void read(final long from, final List<Verdict> verdicts, final List<Long> originals)
    {
        try (JournalTailer tailer =
            JournalTailer.open(new TailerContext().directory(directory).from(StartPosition.sequence(from))))
        {
            while (tailer.poll(
                event ->
                {
                    verdicts.add(event.verdict());
                    originals.add(event.originalSequence());
                },
                100) > 0)
            {
                continue;
            }
        }
    }

    private Engine launch(final ThreadingMode mode, final SubscriptionSpec... specs)
    {
        final EngineContext context = context(mode);
        for (final SubscriptionSpec spec : specs)
        {
            context.subscribe(spec);
        }
        return Engine.launch(context);
    }

    private EngineContext context(final ThreadingMode mode)
    {
        return new EngineContext()
            .directory(directory)
            .threadingMode(mode)
            .journal(new JournalContext().rollSize(8 << 20))
            .errorHandler(errors::add);
    }

    private static EventBuilder replayed(final String id)
    {
        return new EventBuilder().id(id).type("t").flags(EventDescriptor.FLAG_REPLAYED);
    }

    private static long publish(final Engine engine, final EventBuilder event)
    {
        long result = engine.publisher().publish(event);
        while (PublishResult.isTransient(result))
        {
            if (engine.context().threadingMode() == ThreadingMode.INVOKER)
            {
                engine.invoke();
            }
            Thread.onSpinWait();
            result = engine.publisher().publish(event);
        }
        return result;
    }

    private static long await(final Engine engine, final long ticket)
    {
        return engine.publisher().await(ticket, Durability.JOURNALED, TIMEOUT_NS);
    }

    private void assertNoErrors()
    {
        assertTrue(errors.isEmpty(), () -> "unexpected " + errors);
    }
}
