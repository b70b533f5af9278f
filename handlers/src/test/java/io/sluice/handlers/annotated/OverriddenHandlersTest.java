package io.sluice.handlers.annotated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.EngineContext;
import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which methods are handlers where classes have type parameters. */
@SuppressWarnings({"EffectivelyPrivate", "unused"})
class OverriddenHandlersTest
{
    @TempDir
    private Path directory;

    private final List<String> calls = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();

    @Test
    void shouldTakeTheOverrideAloneWhenItGivesATypeToAGenericMethod()
    {
        final AnnotatedHandlers handlers = AnnotatedHandlers.of(new TextListener());
        assertEquals(List.of("GenericBase.other", "TextListener.onMany", "TextListener.onPayload"), handlers.names());
        final EngineContext context = context();
        handlers.subscribeTo(context);
        try (TestEngine test = TestEngine.launch(context))
        {
            publish(test, new EventBuilder().type("a").payloadText("x"));
        }
        assertEquals(List.of("other x", "many x", "text x"), calls);
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldTakeTheInheritedMethodWhenTheCompilerMadeABridgeToIt()
    {
        final VisibleHeir heir = new VisibleHeir(calls);
        assertTrue(
            Arrays.stream(VisibleHeir.class.getDeclaredMethods()).anyMatch(Method::isBridge),
            "what this test is about");
        final AnnotatedHandlers handlers = AnnotatedHandlers.of(heir);
        assertEquals(List.of("HiddenBase.onPayload", "HiddenBase.onValue"), handlers.names());
        final EngineContext context = context();
        handlers.subscribeTo(context);
        try (TestEngine test = TestEngine.launch(context))
        {
            publish(test, new EventBuilder().type("text").payloadText("x"));
            publish(test, new EventBuilder().type("map").payloadJson("{}"));
        }
        assertEquals(List.of("inherited x", "value {}"), calls);
        assertEquals(List.of(), errors);
    }

    private EngineContext context()
    {
        return new EngineContext().directory(directory.resolve("data")).errorHandler(errors::add);
    }

    private static void publish(final TestEngine test, final EventBuilder event)
    {
        assertTrue(test.publisher().publish(event) >= 0);
        test.runUntilIdle();
    }

    private interface Listener<T, L extends List<T>>
    {
        @HandlesEvent("*")
        default void onPayload(final T payload)
        {
        }

        @HandlesEvent("*")
        default void onMany(final T text, final EventFlyweight event)
        {
        }

        @HandlesEvent("*")
        default void dropped(final L list)
        {
        }
    }

    private abstract class GenericBase<A, B> implements Listener<B, List<B>>
    {
        @Override
        @HandlesEvent("*")
        public void onPayload(final B payload)
        {
            calls.add("generic");
        }

        @HandlesEvent("*")
        public void onMany(final EventFlyweight event, final A[] texts)
        {
            calls.add("generic");
        }

        @HandlesEvent("*")
        public void other(final String payload)
        {
            calls.add("other " + payload);
        }
    }

    private final class TextListener extends GenericBase<Integer, String>
    {
        @Override
        @HandlesEvent("*")
        public void onPayload(final String payload)
        {
            calls.add("text " + payload);
        }

        @Override
        @HandlesEvent("*")
        public void onMany(final String text, final EventFlyweight event)
        {
            calls.add("many " + text);
        }

        @Override
        public void onMany(final EventFlyweight event, final Integer[] numbers)
        {
            calls.add("not a handler");
        }

        @Override
        public void dropped(final List<String> list)
        {
            calls.add("not a handler");
        }
    }

    static class HiddenBase<M extends Map<String, Object>>
    {
        final List<String> heard;

        HiddenBase(final List<String> heard)
        {
            this.heard = heard;
        }

        @HandlesEvent("text")
        public void onPayload(final String payload)
        {
            heard.add("inherited " + payload);
        }

        @HandlesEvent("map")
        public void onValue(final M payload)
        {
            heard.add("value " + payload);
        }

        public void onPayload(final M payload, final EventFlyweight event)
        {
            heard.add("not a handler");
        }
    }

    /** Public, unlike its base, so that the compiler makes bridges to what it inherits. */
    public static final class VisibleHeir extends HiddenBase<HashMap<String, Object>>
    {
        VisibleHeir(final List<String> heard)
        {
            super(heard);
        }

        public void onPayload(final Object payload)
        {
            heard.add("not a handler");
        }
    }
}
