package io.sluice.handlers.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.PublishResult;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.Category;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import io.sluice.event.serial.PayloadReader;
import io.sluice.event.serial.PayloadSerializers;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLoggerTest
{
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    private Path directory;

    @SuppressWarnings("rawtypes")
    private final PayloadReader<Map> json = PayloadSerializers.standard().reader(Map.class);
    private final List<String> journaled = new ArrayList<>();
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();

    @Test
    void shouldJournalWhatIsLoggedWhenTheRequirementsExampleRuns()
    {
        try (TestEngine test = launch(); EventLogger logger = EventLogger.of(test.engine()))
        {
            final String id = logger.log("user.action", Map.of("action", "login"), "auth_module");
            try (ContextualLogger session = logger.withCorrelation("session_abc"))
            {
                assertEquals("session_abc", session.correlationId());
                session.log("process.started", Map.of("step", "validation"));
                session.log("process.completed", Map.of("step", "validation"), "s", "another");
                session.withCorrelation("nested").log("process.nested", Map.of());
            }
            assertTrue(logger.flush(LONG_NS));
            assertEquals(4, test.engine().journaledSequence());
            read(event -> journaled.add(
                event.type() + " " + event.source() + " " + event.text(EventField.CORRELATION_ID) + " " +
                json.read(event)));
            assertEquals(
                List.of(
                    "user.action auth_module  {action=login}",
                    "process.started engine session_abc {step=validation}",
                    "process.completed s another {step=validation}",
                    "process.nested engine nested {}"),
                journaled);
            journaled.clear();
            read(event -> journaled.add(event.id()));
            assertEquals(id, journaled.get(0));
            assertEquals(4, new HashSet<>(journaled).size());
        }
    }

    @Test
    void shouldHoldInOrderAndKeepTheTimeWhenTheEngineHasNoRoom()
    {
        try (TestEngine test = launch();
            EventLogger logger = EventLogger.launch(context(test.engine()).bufferSize(20)))
        {
            final long loggedNs = test.clock().nanoTime();
            for (int i = 0; i < 15; i++)
            {
                log(logger, "low " + i, Priority.LOW);
            }
            log(logger, "high", Priority.HIGH);
            final LogStats full = logger.stats();
            assertTrue(full.held() > 0, full.toString());
            assertEquals(16, full.logged());
            test.advance(Duration.ofSeconds(1));
            log(logger, "low 15", Priority.LOW);
            assertTrue(logger.stats().held() < full.held(), "a call offers what is held first");
            test.runUntilIdle();
            while (logger.stats().held() > 0)
            {
                assertTrue(logger.invoke() > 0);
                test.runUntilIdle();
            }
            read(event -> journaled.add(event.text(EventField.SUBJECT) + " " + (event.eventTime() - loggedNs)));
            assertTrue(journaled.remove("high 0"));
            assertEquals(16, journaled.size());
            for (int i = 0; i < 16; i++)
            {
                assertEquals("low " + i + (i == 15 ? " 1000000000" : " 0"), journaled.get(i));
            }
        }
    }

    @Test
    void shouldRefuseBeforeItIsLoggedWhenTheBufferIsFullToo()
    {
        try (TestEngine test = launch();
            EventLogger logger = EventLogger.launch(context(test.engine()).bufferSize(3)))
        {
            int taken = 0;
            EventLogException error = null;
            while (error == null)
            {
                try
                {
                    log(logger, "" + taken, Priority.LOW);
                    taken++;
                }
                catch (final EventLogException ex)
                {
                    error = ex;
                }
            }
            assertEquals(PublishResult.BACK_PRESSURED, error.result());
            assertTrue(error.isTransient());
            assertTrue(error.getMessage().contains("of bufferSize=3 events 3 are held"), error.getMessage());
            assertThrows(EventLogException.class, () -> logger.logBatch(List.of(event("a"), event("b"))));
            assertEquals(new LogStats(taken, 3, 3, 0), logger.stats());
            assertTrue(logger.flush(LONG_NS));
            assertEquals(taken, test.engine().journaledSequence());
            assertEquals(new LogStats(taken, 3, 0, 0), logger.stats());
        }
    }

    @Test
    void shouldTakeAllOrNoneWhenABatchIsLogged()
    {
        try (TestEngine test = launch();
            EventLogger logger = EventLogger.launch(context(test.engine()).bufferSize(10)))
        {
            final EventBuilder reused = event("first");
            final List<String> ids = logger.logBatch(List.of(reused, event("second").id("mine")));
            reused.clear();
            assertEquals("mine", ids.get(1));
            assertThrows(
                EventValidationException.class, () -> logger.logBatch(List.of(event("x"), new EventBuilder())));
            final List<EventBuilder> tooMany = new ArrayList<>();
            for (int i = 0; i < 11; i++)
            {
                tooMany.add(event("many " + i));
            }
            assertTrue(assertThrows(EventLogException.class, () -> logger.logBatch(tooMany))
                .getMessage().contains("11 events are not logged"));
            final ContextualLogger scope = logger.withCorrelation("c");
            scope.logBatch(tooMany.subList(0, 10));
            scope.log(event("last").correlationId("own"));
            assertTrue(logger.flush(LONG_NS));
            read(event -> journaled.add(
                event.text(EventField.SUBJECT) + " " + event.text(EventField.CORRELATION_ID)));
            assertEquals(13, journaled.size());
            assertEquals(List.of("first ", "second ", "many 0 c"), journaled.subList(0, 3));
            assertEquals("last own", journaled.get(12));
        }
    }

    @Test
    void shouldRefuseTheEventWhenItIsTooLarge()
    {
        try (TestEngine test = TestEngine.launch(engineContext().maxEventLength(16_384));
            EventLogger logger = EventLogger.launch(context(test.engine()).bufferBytes(40_000)))
        {
            final EventLogException error = assertThrows(
                EventLogException.class, () -> logger.log(event("large").payload(new byte[20_000])));
            assertEquals(PublishResult.EVENT_TOO_LARGE, error.result());
            assertTrue(error.getMessage().contains("maxEventLength=16384"), error.getMessage());
            final EventBuilder nearly = event("nearly").payload(new byte[15_000]);
            logger.log(nearly);
            while (logger.stats().held() == 0)
            {
                log(logger, "small", Priority.NORMAL);
            }
            // Among those that are held nobody could refuse it any more, were it too large with the engine's additions.
            assertTrue(assertThrows(EventLogException.class, () -> logger.log(nearly))
                .getMessage().contains("is not held"));
            logger.log(event("10 K").payload(new byte[10_000]));
            logger.log(event("10 K").payload(new byte[10_000]));
            assertTrue(assertThrows(EventLogException.class, () -> logger.log(event("10 K").payload(new byte[10_000])))
                .getMessage().contains("of bufferBytes=40000"));
            assertTrue(logger.flush(LONG_NS));
        }
    }

    @Test
    void shouldNameAllThatIsWrongWhenAPayloadDoesNotFollowItsSchema()
    {
        final EventSchema schema = EventSchema.of("user.action").version("2")
            .required("action", EventSchema.Kind.TEXT).oneOf("action", "login", "logout")
            .optional("n", EventSchema.Kind.INTEGER).range("n", 0, 10);
        try (TestEngine test = launch(); EventLogger logger = EventLogger.of(test.engine()))
        {
            final EventValidationException error = assertThrows(
                EventValidationException.class, () -> logger.logStructured(schema, Map.of("action", "x", "n", 11)));
            assertTrue(
                error.getMessage().contains("'action' is x, give one of login, logout; 'n' is 11, give 0 to 10"),
                error.getMessage());
            logger.logStructured(schema, Map.of("action", "login"));
            logger.withCorrelation("c").logStructured(schema, Map.of("action", "logout", "n", 10));
            assertTrue(logger.flush(LONG_NS));
            read(event -> journaled.add(event.type() + " " + event.text(EventField.SCHEMA_VERSION) + " " +
                event.text(EventField.CORRELATION_ID) + json.read(event).get("action")));
            assertEquals(List.of("user.action 2 login", "user.action 2 clogout"), journaled);
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void shouldBoundWhatItSaysWhenAnErrorIsLogged()
    {
        Throwable cause = new IllegalStateException("x".repeat(5000) + "\uD83D");
        for (int i = 0; i < 20; i++)
        {
            cause = new IllegalStateException("cause " + i, cause);
        }
        final Throwable deep = new StackOverflowError("deep \uD83D");
        final StackTraceElement[] trace = new StackTraceElement[1000];
        java.util.Arrays.fill(trace, new StackTraceElement("a.B", "c", "B.java", 7));
        deep.setStackTrace(trace);
        try (TestEngine test = launch(); EventLogger logger = EventLogger.of(test.engine()))
        {
            logger.logError("error.import", cause, Map.of("file", "a.csv"));
            logger.withCorrelation("c").logError("error.deep", deep, null);
            logger.logError("error.long", new IllegalStateException("x".repeat(5000)), Map.of());
            assertTrue(logger.flush(LONG_NS));
            final List<Map<String, Object>> payloads = new ArrayList<>();
            read(event ->
            {
                assertEquals(Priority.HIGH, event.priority());
                assertEquals(Category.SYSTEM, event.category());
                payloads.add(json.read(event));
            });
            final Map<String, Object> error = (Map<String, Object>)payloads.get(0).get("error");
            assertEquals("cause 19", error.get("message"));
            assertEquals(IllegalStateException.class.getName(), error.get("class"));
            assertTrue(((List<String>)error.get("stack")).get(0).contains("EventLoggerTest"));
            assertEquals(10, ((List<?>)payloads.get(0).get("causes")).size());
            assertEquals(Map.of("file", "a.csv"), payloads.get(0).get("context"));
            final Map<String, Object> second = (Map<String, Object>)payloads.get(1).get("error");
            assertEquals("deep ?", second.get("message"));
            assertEquals(50, ((List<?>)second.get("stack")).size());
            assertEquals(950L, second.get("framesLeftOut"));
            final Map<String, Object> third = (Map<String, Object>)payloads.get(2).get("error");
            assertEquals(2001, third.get("message").toString().length());
        }
    }

    @Test
    void shouldSayWhatWasNotJournaledWhenTimeOrEngineEnds()
    {
        try (TestEngine test = launch())
        {
            final EventLogger slow = EventLogger.launch(context(test.engine()).name("slow").closeTimeoutNs(0));
            final EventLogger logger = EventLogger.launch(context(test.engine()));
            while (logger.stats().held() == 0)
            {
                log(logger, "x", Priority.LOW);
            }
            for (int i = 0; i < 100; i++)
            {
                log(slow, "y", Priority.LOW);
            }
            assertFalse(slow.flush(0));
            assertTrue(assertThrows(EventLogException.class, slow::close)
                .getMessage().contains("could not be handed to the engine in time"));
            test.engine().close();
            final EventLogException error = assertThrows(EventLogException.class, () -> logger.flush(LONG_NS));
            assertTrue(error.getMessage().startsWith("1 events that were logged were refused"), error.getMessage());
            assertEquals(1, logger.stats().failed());
            assertTrue(errors.get(0).getMessage().contains("was logged and then refused by the engine: CLOSED"));
            assertEquals(
                PublishResult.CLOSED,
                assertThrows(EventLogException.class, () -> logger.log(event("late"))).result());
            logger.close();
            logger.close();
            assertTrue(assertThrows(EventLogException.class, () -> logger.log(event("late")))
                .getMessage().contains("the logger is closed"));
        }
    }

    @Test
    void shouldFlushAndReachTheJournalWhenManyThreadsLogThroughASmallRing() throws Exception
    {
        final ConcurrentLinkedQueue<String> ids = new ConcurrentLinkedQueue<>();
        final int count = 500;
        try (Engine engine = Engine.launch(engineContext().subscribe(
            SubscriptionSpec.to("*", event -> assertFalse(event.id().isEmpty()))));
            EventLogger logger = EventLogger.launch(new EventLoggerContext().engine(engine).flushIntervalNs(100_000)))
        {
            final List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++)
            {
                final int number = t;
                threads.add(new Thread(() ->
                {
                    for (int i = 0; i < count; i++)
                    {
                        ids.add(logger.log("t" + number, Map.of("i", i)));
                    }
                }));
            }
            threads.forEach(Thread::start);
            for (final Thread thread : threads)
            {
                thread.join();
            }
            assertTrue(logger.flush(LONG_NS));
            assertEquals(4L * count, engine.journaledSequence());
            final Set<String> found = new HashSet<>();
            final long[] next = new long[4];
            read(event ->
            {
                found.add(event.id());
                final int thread = event.type().charAt(1) - '0';
                assertEquals(next[thread]++, json.read(event).get("i"));
            });
            assertEquals(new HashSet<>(ids), found);
            assertEquals(new LogStats(4L * count, 0, 0, 0), logger.stats());
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldNameTheValueWhenASettingIsNotAllowed()
    {
        assertEquals(10_000, new EventLoggerContext().bufferSize());
        assertEquals(TimeUnit.SECONDS.toNanos(1), new EventLoggerContext().flushIntervalNs());
        assertRefused(new EventLoggerContext(), "engine is not set");
        try (TestEngine test = launch(); EventLogger logger = EventLogger.of(test.engine()))
        {
            assertRefused(context(test.engine()).bufferSize(0), "bufferSize=0");
            assertRefused(context(test.engine()).bufferBytes(1), "bufferBytes=1");
            assertRefused(context(test.engine()).flushIntervalNs(0), "flushIntervalNs=0");
            assertThrows(EventValidationException.class, () -> logger.withCorrelation(""));
            assertThrows(EventValidationException.class, () -> logger.withCorrelation("x".repeat(129)));
            assertThrows(EventValidationException.class, () -> logger.log("a b", Map.of()));
            assertThrows(EventValidationException.class, () -> logger.log("a", Map.of("x", new Object())));
        }
    }

    private static void assertRefused(final EventLoggerContext context, final String text)
    {
        final IllegalArgumentException error =
            assertThrows(IllegalArgumentException.class, () -> EventLogger.launch(context));
        assertTrue(error.getMessage().contains(text), error.getMessage());
    }

    private static void log(final EventLogger logger, final String subject, final Priority priority)
    {
        logger.log(event(subject).priority(priority));
    }

    private static EventBuilder event(final String subject)
    {
        return new EventBuilder().type("log.entry").subject(subject).payloadText(subject);
    }

    private EngineContext engineContext()
    {
        return new EngineContext().directory(directory).source("engine").errorHandler(errors::add)
            .limit(Priority.LOW, 8).limit(Priority.NORMAL, 16);
    }

    private TestEngine launch()
    {
        return TestEngine.launch(engineContext());
    }

    private static EventLoggerContext context(final Engine engine)
    {
        return new EventLoggerContext().engine(engine).thread(false);
    }

    private void read(final java.util.function.Consumer<EventFlyweight> consumer)
    {
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory)))
        {
            while (tailer.poll(consumer::accept, 100) > 0)
            {
                // Until the end.
            }
        }
    }
}
