package io.sluice.handlers.annotated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.DeliveryMode;
import io.sluice.engine.Durability;
import io.sluice.engine.EngineContext;
import io.sluice.engine.Subscription;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.engine.batch.EventBatch;
import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.event.UndecodableEventException;
import io.sluice.event.serial.PayloadSerializers;
import io.sluice.journal.VisibleAt;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The handlers here are found by reflection, public in classes that are not, as those of hosts may be. */
@SuppressWarnings({"EffectivelyPrivate", "unused", "DoNotCallSuggester"})
class AnnotatedHandlersTest
{
    @TempDir
    private Path directory;

    private final List<String> calls = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();

    @Test
    void shouldCallEachMethodInOrderWhenItsPatternMatches()
    {
        final EngineContext context = context();
        final AnnotatedHandlers handlers = AnnotatedHandlers.of(new Services());
        assertEquals(
            List.of("first", "Services.both", "Services.event", "Services.payload", "Services.text"), handlers.names());
        handlers.subscribeTo(context);
        try (TestEngine test = TestEngine.launch(context))
        {
            publish(test, new EventBuilder().type("analysis.done").id("1").payloadJson("{\"n\":1}"));
            assertEquals(
                List.of("first 1", "both {n=1} 1", "event 1", "payload {n=1}", "text {\"n\":1} 1"), calls);
            calls.clear();
            publish(test, new EventBuilder().type("other").id("2").payloadJson("{\"n\":2}"));
            assertEquals(List.of(), calls);
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldHandleFromSubscribeToUnsubscribeWhenTheEngineRuns()
    {
        try (TestEngine test = TestEngine.launch(context()))
        {
            final List<Subscription> subscriptions =
                AnnotatedHandlers.of(new Filtered()).prefix("one.").subscribeTo(test.engine());
            assertEquals("one.Filtered.large", subscriptions.get(0).spec().name());
            assertEquals(Priority.HIGH, subscriptions.get(0).spec().minimumPriority());
            assertEquals(VisibleAt.SYNCED, subscriptions.get(1).spec().visibleAt());
            publish(test, order("1", 101, Priority.HIGH));
            publish(test, order("2", 100, Priority.HIGH));
            publish(test, order("3", 102, Priority.LOW));
            // What is no JSON does not pass the filter, and is not decoded.
            publish(test, order("4", 0, Priority.HIGH).payloadText("none"));
            assertEquals(List.of("large 1"), calls);
            subscriptions.forEach(test.engine()::unsubscribe);
            publish(test, order("5", 103, Priority.HIGH));
            assertEquals(List.of("large 1"), calls);
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldHandOverBatchesOfWhatPassesTheFilterAndTryAgainAsAsked()
    {
        final EngineContext context = context().durability(Durability.JOURNALED).directory(directory.resolve("data"));
        AnnotatedHandlers.of(new Batching()).subscribeTo(context);
        try (TestEngine test = TestEngine.launch(context))
        {
            final SubscriptionSpec spec = test.engine().subscriptions().get(0).spec();
            assertEquals(DeliveryMode.BATCHED, spec.mode());
            assertEquals(4, spec.retry().attempts());
            assertEquals(200_000_000L, spec.retry().firstDelayNs());
            assertEquals(DeliveryMode.TAILING, test.engine().subscriptions().get(1).spec().mode());
            for (int i = 0; i < 60; i++)
            {
                publish(test, new EventBuilder().type("file.made").payloadJson("{\"n\":" + i + "}"));
            }
            assertEquals(List.of("batch 50"), calls);
        }
        assertEquals(List.of("batch 50", "batch 5"), calls);
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldReportAndGoOnWhenAPayloadCannotBeDecoded()
    {
        final EngineContext context = context();
        AnnotatedHandlers.of(new Services()).subscribeTo(context);
        try (TestEngine test = TestEngine.launch(context))
        {
            publish(test, new EventBuilder().type("analysis.done").id("1").payloadJson("[1]"));
            publish(test, new EventBuilder().type("analysis.done").id("2").payloadJson("{}"));
        }
        assertEquals(
            List.of("first 1", "event 1", "text [1] 1", "first 2", "both {} 2", "event 2", "payload {}", "text {} 2"),
            calls);
        assertEquals(2, errors.size());
        assertEquals(UndecodableEventException.class, errors.get(0).getCause().getClass());
        assertTrue(errors.get(0).getMessage().contains("'Services.both'"), errors.get(0).getMessage());
    }

    @Test
    void shouldPassOnWhatAMethodThrowsWhenItFails()
    {
        final EngineContext context = context();
        AnnotatedHandlers.of(new Failing()).subscribeTo(context);
        try (TestEngine test = TestEngine.launch(context))
        {
            publish(test, new EventBuilder().type("a"));
        }
        assertEquals("as asked", errors.get(0).getCause().getMessage());
        assertEquals(java.io.IOException.class, errors.get(0).getCause().getClass());
    }

    @Test
    void shouldTakeInheritedMethodsAndDefaultsWhenTheyAreNotOverridden()
    {
        final AnnotatedHandlers handlers = AnnotatedHandlers.of(new Derived());
        assertEquals(List.of("Base.kept", "Derived.replaced", "Mixin.fromInterface"), handlers.names());
        final EngineContext context = context();
        handlers.subscribeTo(context);
        try (TestEngine test = TestEngine.launch(context))
        {
            publish(test, new EventBuilder().type("a"));
        }
        assertEquals(List.of("kept", "replaced by derived", "interface"), calls);
    }

    @Test
    void shouldCallThePluginWhenAnotherClassLoaderBroughtIt() throws Exception
    {
        final Path source = Files.writeString(directory.resolve("Plugin.java"), """
            import io.sluice.event.EventFlyweight;
            import io.sluice.handlers.annotated.HandlesEvent;
            public class Plugin extends java.util.ArrayList<String>
            {
                @HandlesEvent("a") public void event(EventFlyweight event) { add("event " + event.id()); }
                @HandlesEvent("a") public void text(String text) { add("text " + text); }
                @HandlesEvent("a") public void both(String text, EventFlyweight event) { add(text + event.id()); }
                @HandlesEvent("a") public void turned(EventFlyweight event, String text) { add(event.id() + text); }
                @HandlesEvent("b") public void e(EventFlyweight event) throws Exception { throw new Exception("e"); }
                @HandlesEvent("b") public void f(String text) { throw new AssertionError("f"); }
                @HandlesEvent("b") public void g(String text, EventFlyweight event) throws Throwable
                {
                    throw new Throwable("g");
                }
                @HandlesEvent("b") public void h(EventFlyweight event, String text) { throw new RuntimeException("h"); }
            }
            """);
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(
            null, null, null,
            "-proc:none", "-cp", System.getProperty("java.class.path"), "-d", directory.toString(), source.toString()));
        try (URLClassLoader loader =
            new URLClassLoader(new URL[]{directory.toUri().toURL()}, getClass().getClassLoader()))
        {
            final Object plugin = loader.loadClass("Plugin").getConstructor().newInstance();
            final EngineContext context = context();
            AnnotatedHandlers.of(plugin).subscribeTo(context);
            try (TestEngine test = TestEngine.launch(context))
            {
                publish(test, new EventBuilder().type("a").id("1").payloadText("x"));
                publish(test, new EventBuilder().type("b").id("2").payloadText("y"));
            }
            assertEquals(List.of("x1", "event 1", "text x", "1x"), plugin);
            assertEquals(
                List.of(
                    "java.lang.Exception: e", "java.lang.AssertionError: f",
                    "java.lang.IllegalStateException: java.lang.Throwable: g", "java.lang.RuntimeException: h"),
                errors.stream().map(error -> error.getCause().toString()).toList());
        }
    }

    @Test
    void shouldNameEveryMistakeWhenDeclarationsAreWrong()
    {
        final String message = refusal(new Wrong());
        for (final String expected : List.of(
            "Wrong.hidden: it is not public: make it public",
            "Wrong.fixed: it is static: make it a method of the object",
            "Wrong.answering: it returns int, which nobody would see",
            "Wrong.none: it takes (): take an EventFlyweight, one payload, or both",
            "Wrong.three: it takes (",
            "Wrong.twoPayloads: it takes (java.lang.String, java.util.Map)",
            "Wrong.primitive: no payload is decoded as int",
            "Wrong.badPattern: topic pattern 'a..b' is not valid at column 3",
            "Wrong.badFilter: filter is not valid at column 8: ",
            "(filter: type = )",
            "Wrong.blankName: the name is blank",
            "has the name 'Wrong.overloaded' too"))
        {
            assertTrue(message.contains(expected), expected + " in " + message);
        }
        assertTrue(message.contains(Wrong.class.getName()), message);
    }

    @Test
    void shouldRefuseTheObjectWhenItHasNoHandlerOrNamesMeet()
    {
        assertTrue(refusal(new Object()).contains("java.lang.Object has no method with @HandlesEvent"));
        final String message = refusal(new Filtered(), new Filtered());
        assertTrue(message.contains("'Filtered.large'") && message.contains("each with a prefix"), message);
    }

    @Test
    void shouldNameTheClassWhenNoSerializerHandlesAPayload()
    {
        final HandlerDeclarationException error = assertThrows(
            HandlerDeclarationException.class,
            () -> AnnotatedHandlers.of(new Localized()).serializers(PayloadSerializers.standard()).specs());
        assertTrue(
            error.getMessage().contains("Localized.onLocale: no serializer handles java.util.Locale: add one"),
            error.getMessage());
    }

    @Test
    void shouldSubscribeNoneWhenTheEngineRefusesOne()
    {
        try (TestEngine test = TestEngine.launch(context().durability(Durability.NONE)))
        {
            assertThrows(
                IllegalArgumentException.class, () -> AnnotatedHandlers.of(new Filtered()).subscribeTo(test.engine()));
            publish(test, order("1", 101, Priority.HIGH));
        }
        assertEquals(List.of(), calls);
    }

    private EngineContext context()
    {
        return new EngineContext().directory(directory.resolve("data")).errorHandler(errors::add);
    }

    private static String refusal(final Object... targets)
    {
        return assertThrows(HandlerDeclarationException.class, () -> AnnotatedHandlers.of(targets)).getMessage();
    }

    private static EventBuilder order(final String id, final int total, final Priority priority)
    {
        return new EventBuilder().type("order.placed").id(id).priority(priority)
            .payloadJson("{\"total\":" + total + "}");
    }

    private static void publish(final TestEngine test, final EventBuilder event)
    {
        assertTrue(test.publisher().publish(event) >= 0);
        test.runUntilIdle();
    }

    private final class Services
    {
        @HandlesEvent(value = "analysis.*", order = -1, name = "first")
        public void early(final EventFlyweight event)
        {
            calls.add("first " + event.id());
        }

        @HandlesEvent("analysis.*")
        public void event(final EventFlyweight event)
        {
            calls.add("event " + event.id());
        }

        @HandlesEvent("analysis.*")
        public void payload(final Map<String, Object> payload)
        {
            calls.add("payload " + payload);
        }

        @HandlesEvent("analysis.*")
        public void both(final Map<String, Object> payload, final EventFlyweight event)
        {
            calls.add("both " + payload + " " + event.id());
        }

        @HandlesEvent("analysis.*")
        public void text(final EventFlyweight event, final String payload)
        {
            calls.add("text " + payload + " " + event.id());
        }
    }

    private final class Filtered
    {
        @HandlesEvent(value = "order.*", filter = "payload.total > 100", minimumPriority = Priority.HIGH)
        public void large(final Map<String, Object> order, final EventFlyweight event)
        {
            calls.add("large " + event.id());
        }

        @HandlesEvent(value = "payment.*", visibleAt = VisibleAt.SYNCED, order = 1)
        public void paid(final EventFlyweight event)
        {
            calls.add("paid " + event.id());
        }
    }

    private static final class Failing
    {
        @HandlesEvent("*")
        public void fail(final EventFlyweight event) throws java.io.IOException
        {
            throw new java.io.IOException("as asked");
        }
    }

    private interface Mixin
    {
        List<String> calls();

        @HandlesEvent("*")
        default void fromInterface(final EventFlyweight event)
        {
            calls().add("interface");
        }
    }

    private class Base
    {
        @HandlesEvent("*")
        public void kept(final EventFlyweight event)
        {
            calls.add("kept");
        }

        @HandlesEvent("*")
        public void replaced(final EventFlyweight event)
        {
            calls.add("replaced");
        }

        @HandlesEvent("*")
        public void dropped(final EventFlyweight event)
        {
            calls.add("dropped");
        }
    }

    private final class Derived extends Base implements Mixin
    {
        @Override
        public List<String> calls()
        {
            return calls;
        }

        @Override
        @HandlesEvent("*")
        public void replaced(final EventFlyweight event)
        {
            calls.add("replaced by derived");
        }

        @Override
        public void dropped(final EventFlyweight event)
        {
            calls.add("never");
        }
    }

    private static final class Localized
    {
        @HandlesEvent("*")
        public void onLocale(final Locale locale)
        {
            throw new AssertionError(locale);
        }
    }

    private static final class Wrong
    {
        @HandlesEvent("*")
        void hidden(final EventFlyweight event)
        {
        }

        @HandlesEvent("*")
        public static void fixed(final EventFlyweight event)
        {
        }

        @HandlesEvent("*")
        public int answering(final EventFlyweight event)
        {
            return 1;
        }

        @HandlesEvent("*")
        public void none()
        {
        }

        @HandlesEvent("*")
        public void three(final EventFlyweight event, final String text, final byte[] bytes)
        {
        }

        @HandlesEvent("*")
        public void twoPayloads(final String text, final Map<String, Object> map)
        {
        }

        @HandlesEvent("*")
        public void primitive(final int payload)
        {
        }

        @HandlesEvent("a..b")
        public void badPattern(final EventFlyweight event)
        {
        }

        @HandlesEvent(value = "*", filter = "type = ")
        public void badFilter(final EventFlyweight event)
        {
        }

        @HandlesEvent(value = "*", name = " ")
        public void blankName(final EventFlyweight event)
        {
        }

        @HandlesEvent("*")
        public void overloaded(final EventFlyweight event)
        {
        }

        @HandlesEvent("*")
        public void overloaded(final String text)
        {
        }
    }

    private final class Batching
    {
        @HandlesEvent(
            value = "file.*", filter = "payload.n > 4", mode = DeliveryMode.BATCHED, attempts = 4, backoffMs = 200)
        public void files(final EventBatch batch)
        {
            calls.add("batch " + batch.size());
        }

        @HandlesEvent(value = "other.*", mode = DeliveryMode.TAILING)
        public void others(final EventFlyweight event)
        {
            calls.add("other");
        }
    }
}
