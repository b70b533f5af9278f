package io.sluice.handlers.payload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.MessageLite;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import io.sluice.engine.EngineContext;
import io.sluice.engine.Subscription;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.ContentType;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventException;
import io.sluice.event.UndecodableEventException;
import io.sluice.event.serial.PayloadSerializers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PayloadHandlersTest
{
    @TempDir
    private Path directory;

    private final PayloadSerializers serializers = PayloadSerializers.standard().add(new ProtobufSerializer());
    private final List<String> handled = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();

    @Test
    void shouldHandValuesToTheHandlerWhenTheirContentTypeIsKnown()
    {
        try (TestEngine test = launch(
            SubscriptionSpec.to("a", PayloadHandlers.of(
                Map.class, (payload, event) -> handled.add(event.id() + " " + payload))),
            SubscriptionSpec.to("b", PayloadHandlers.of(
                Struct.class, serializers, (payload, event) -> handled.add(
                    event.id() + " " + payload.getFieldsOrThrow("n").getNumberValue())))))
        {
            publish(test, new EventBuilder().type("a").id("1").payloadJson("{\"n\":1}"));
            publish(test, new EventBuilder().type("b").id("2").payload(struct(2), serializers.of(Struct.class)));
            publish(test, new EventBuilder().type("b").id("3")
                .payload(struct(3), serializers.of(Struct.class)).contentType("application/x-protobuf; v=1"));
        }
        assertEquals(List.of("1 {n=1}", "2 2.0", "3 3.0"), handled);
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldSkipAndReportTheEventWhenItCannotBeDecoded()
    {
        try (TestEngine test = launch())
        {
            final Subscription subscription = test.engine().subscribe(SubscriptionSpec.to("*", PayloadHandlers.of(
                Timestamp.class,
                serializers,
                (payload, event) -> handled.add(event.id() + " " + payload.getSeconds()))));
            publish(test, new EventBuilder().type("a").id("1").payload(new byte[]{-1})
                .contentType(ContentType.PROTOBUF));
            publish(test, new EventBuilder().type("a").id("2").payloadJson("{}"));
            publish(test, new EventBuilder().type("a").id("3")
                .payload(Timestamp.newBuilder().setSeconds(7).build(), new ProtobufSerializer()));
            assertEquals(2, subscription.errors());
        }
        assertEquals(List.of("3 7"), handled);
        assertUndecodable(errors.get(0), "event 1 of type 'a' with content type 'application/protobuf'");
        assertUndecodable(errors.get(1), "no serializer reads this content type");
    }

    @Test
    void shouldNameTheClassWhenNoSerializerHandlesIt()
    {
        final EventException error = assertThrows(
            EventException.class, () -> PayloadHandlers.of(StringValue.class, (payload, event) -> handled.add("x")));
        assertTrue(error.getMessage().contains("com.google.protobuf.StringValue"), error.getMessage());
        assertThrows(EventException.class, () -> serializers.reader(MessageLite.class));
    }

    private static Struct struct(final int n)
    {
        return Struct.newBuilder().putFields("n", Value.newBuilder().setNumberValue(n).build()).build();
    }

    private TestEngine launch(final SubscriptionSpec... specs)
    {
        final EngineContext context = new EngineContext().directory(directory).errorHandler(errors::add);
        for (final SubscriptionSpec spec : specs)
        {
            context.subscribe(spec);
        }
        return TestEngine.launch(context);
    }

    private static void assertUndecodable(final Throwable error, final String text)
    {
        assertEquals(UndecodableEventException.class, error.getCause().getClass());
        assertTrue(error.getMessage().contains(text), error.getMessage());
    }

    private static void publish(final TestEngine test, final EventBuilder event)
    {
        assertTrue(test.publisher().publish(event) >= 0);
        test.runUntilIdle();
    }
}
