package io.sluice.handlers.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.AdmissionContext;
import io.sluice.engine.DedupContext;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.EventHandler;
import io.sluice.engine.PublishResult;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.engine.ThreadingMode;
import io.sluice.engine.admission.OverflowPolicy;
import io.sluice.engine.admission.RateLimit;
import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventField;
import io.sluice.event.Priority;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logging while there is no room, as the policies of the engine say, and in its handlers. */
class EventLoggerPressureTest
{
    private static final int LIMIT = 20;
    // Longer than the time-out of a test, and not for ever, should the engine's thread ever wait for itself.
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(90);

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final AtomicReference<EventLogger> inHandler = new AtomicReference<>();

    @Test
    @Timeout(60)
    void shouldNotWaitWithTheLockThatHandlersNeedWhenThePolicyIsBlock() throws InterruptedException
    {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch logged = new CountDownLatch(1);
        final CountDownLatch handled = new CountDownLatch(1);
        final AdmissionContext admission = new AdmissionContext().blockTimeoutNs(LONG_NS)
            .overflow(Priority.LOW, OverflowPolicy.BLOCK)
            .publisherLimit("rated", RateLimit.of(1, 1).waitAtMostNs(LONG_NS));
        try (Engine engine = Engine.launch(context(admission).hangTimeoutNs(0).threadingMode(ThreadingMode.SHARED)
            .subscribe(SubscriptionSpec.to("start", event ->
            {
                entered.countDown();
                logged.await();
                inHandler.get().log(event("from.handler", Priority.HIGH));
                handled.countDown();
            })));
            EventLogger logger = EventLogger.launch(new EventLoggerContext().engine(engine).thread(false)))
        {
            inHandler.set(logger);
            engine.publisher().publish(event("start", Priority.HIGH));
            entered.await();
            for (int i = 0; i < LIMIT + 5; i++)
            {
                logger.log(event("of.host", Priority.LOW));
            }
            assertTrue(logger.stats().held() >= 5, logger.stats().toString());
            final EventLogger rated = EventLogger.launch(
                new EventLoggerContext().engine(engine).name("rated").thread(false).closeTimeoutNs(0));
            rated.log(event("of.host", Priority.HIGH));
            rated.log(event("of.host", Priority.HIGH));
            assertEquals(1, rated.stats().held());
            assertThrows(EventLogException.class, rated::close);
            logged.countDown();
            handled.await();
            assertTrue(logger.flush(TimeUnit.SECONDS.toNanos(60)));
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldKeepWhatItTookWhenThePolicyDropsTheNewest()
    {
        final AdmissionContext admission = new AdmissionContext().overflow(Priority.LOW, OverflowPolicy.DROP_NEWEST)
            .typeLimit("rated", RateLimit.of(1, 1));
        try (TestEngine test = TestEngine.launch(context(admission)); EventLogger logger = logger(test))
        {
            logger.log(event("rated", Priority.LOW));
            final String id = logger.log(event("rated", Priority.LOW));
            assertEquals(1, logger.stats().held());
            for (int i = 0; i < LIMIT + 10; i++)
            {
                logger.log(event("other", Priority.LOW));
            }
            test.advance(Duration.ofSeconds(5));
            assertTrue(logger.invoke() > 0);
            final LogStats full = logger.stats();
            assertTrue(full.held() > 0, full.toString());
            assertEquals(new LogStats(LIMIT + 12, 0, full.held(), 0), full);
            assertEquals(0, logger.invoke(), "dropped by the engine, so still held");
            assertTrue(logger.flush(TimeUnit.SECONDS.toNanos(60)));
            assertEquals(LIMIT + 12, read().size());
            assertTrue(read().stream().anyMatch(line -> line.startsWith(id + " ")), id);
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldTakeAllOrNoneOfABatchWhenThePolicyDropsTheNewest()
    {
        final AdmissionContext admission = new AdmissionContext().overflow(Priority.LOW, OverflowPolicy.DROP_NEWEST);
        try (TestEngine test = TestEngine.launch(context(admission)); EventLogger logger = logger(test))
        {
            final List<EventBuilder> batch = new ArrayList<>();
            for (int i = 0; i < LIMIT + 10; i++)
            {
                batch.add(event("of.batch", Priority.LOW));
            }
            logger.logBatch(batch);
            assertTrue(logger.stats().held() >= 10, logger.stats().toString());
            assertTrue(logger.flush(TimeUnit.SECONDS.toNanos(60)));
            assertEquals(LIMIT + 10, read().size());
            assertThrows(EventLogException.class, () ->
            {
                while (logger.stats().held() == 0)
                {
                    logger.log(event("other", Priority.LOW));
                }
            });
            final LogStats before = logger.stats();
            assertEquals(
                PublishResult.DROPPED,
                assertThrows(EventLogException.class, () -> logger.logBatch(batch)).result());
            assertEquals(
                new LogStats(before.logged(), before.refused() + batch.size(), 0, 0), logger.stats());
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldGiveTheIdsOfTheHandledEventToThoseOnlyThatItsHandlerLogged()
    {
        final EventHandler logging = event ->
        {
            inHandler.get().log(event("from.handler", Priority.HIGH).id("taken"));
            inHandler.get().log(event("from.handler", Priority.LOW).id("held"));
            inHandler.get().withCorrelation("own").log(event("from.handler", Priority.LOW).id("correlated"));
        };
        try (TestEngine test = TestEngine.launch(
            context(new AdmissionContext()).subscribe(SubscriptionSpec.to("start", logging)));
            EventLogger logger = logger(test))
        {
            inHandler.set(logger);
            test.publisher().publish(event("start", Priority.HIGH).id("stranger").correlationId("c"));
            int hosts = 0;
            while (logger.stats().held() == 0)
            {
                logger.log(event("of.host", Priority.LOW).id("host" + hosts++));
            }
            test.runUntilIdle();
            assertTrue(logger.flush(TimeUnit.SECONDS.toNanos(60)));
            final List<String> journaled = read();
            assertTrue(
                journaled.containsAll(List.of("taken c stranger", "held c stranger", "correlated own stranger")),
                journaled.toString());
            for (int i = 0; i < hosts; i++)
            {
                assertTrue(journaled.contains("host" + i + "  "), journaled.toString());
            }
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldNotUseTheReserveOfHandlersForWhatIsHeld()
    {
        final List<Integer> held = new ArrayList<>();
        final EventHandler logging = event ->
        {
            held.add(inHandler.get().stats().held());
            inHandler.get().log(event("from.handler", Priority.HIGH));
            held.add(inHandler.get().stats().held());
        };
        try (TestEngine test = TestEngine.launch(
            context(new AdmissionContext()).subscribe(SubscriptionSpec.to("start", logging)));
            EventLogger logger = logger(test))
        {
            inHandler.set(logger);
            test.publisher().publish(event("start", Priority.HIGH));
            while (logger.stats().held() < 3)
            {
                logger.log(event("of.host", Priority.LOW));
            }
            // The urgent event is handled while the ring of the others is still full.
            test.runUntilIdle();
            assertEquals(List.of(3, 3), held);
        }
    }

    @Test
    void shouldNameTheRemedyWhenAHandlerFlushesOrCloses()
    {
        final List<String> messages = new ArrayList<>();
        final EventHandler flushing = event ->
        {
            inHandler.get().log(event("from.handler", Priority.LOW));
            messages.add(assertThrows(IllegalStateException.class, () -> inHandler.get().flush(0)).getMessage());
            messages.add(assertThrows(IllegalStateException.class, () -> inHandler.get().close()).getMessage());
            inHandler.get().log(event("from.handler", Priority.LOW));
        };
        try (TestEngine test = TestEngine.launch(
            context(new AdmissionContext()).subscribe(SubscriptionSpec.to("start", flushing)));
            EventLogger logger = logger(test))
        {
            inHandler.set(logger);
            while (logger.stats().held() == 0)
            {
                logger.log(event("of.host", Priority.LOW));
            }
            test.publisher().publish(event("start", Priority.HIGH));
            test.runUntilIdle();
            assertEquals(2, messages.size());
            assertTrue(messages.get(0).contains("on a thread of the host"), messages.get(0));
            assertEquals(messages.get(0), messages.get(1));
            assertTrue(logger.flush(TimeUnit.SECONDS.toNanos(60)));
        }
        assertEquals(List.of(), errors);
    }

    private static EventBuilder event(final String type, final Priority priority)
    {
        return new EventBuilder().type(type).priority(priority);
    }

    // Events without a payload are alike, so nothing is compared.
    private EngineContext context(final AdmissionContext admission)
    {
        return new EngineContext().directory(directory).limit(Priority.LOW, LIMIT).admission(admission)
            .dedup(new DedupContext().enabled(false)).errorHandler(errors::add);
    }

    private static EventLogger logger(final TestEngine test)
    {
        return EventLogger.launch(new EventLoggerContext().engine(test.engine()).thread(false));
    }

    /** Id, correlation and causation of all that is journaled. */
    private List<String> read()
    {
        final List<String> lines = new ArrayList<>();
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory)))
        {
            while (tailer.poll(event -> lines.add(
                event.id() + " " + event.text(EventField.CORRELATION_ID) + " " +
                event.text(EventField.CAUSATION_ID)), 100) > 0)
            {
                // Until the end.
            }
        }
        return lines;
    }
}
