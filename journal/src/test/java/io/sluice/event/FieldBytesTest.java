package io.sluice.event;

import static io.sluice.event.EventFixture.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The shortcut for a text that was set before, as users of a builder would meet it if it went wrong. */
class FieldBytesTest
{
    private final EventFixture fixture = new EventFixture();
    private final EventBuilder builder = fixture.builder;

    @Test
    void shouldHoldTheTextWhenTheSameObjectIsSetAgain()
    {
        final String source = "synthesis_\u00e4\u20ac";
        for (int i = 0; i < 3; i++)
        {
            builder.clear().type("agent.started").source(source);
            assertEquals(source, fixture.encode().source());
        }
        assertEquals("other", builder.source("other").source());
        assertEquals(source, builder.source(source).source());
        assertEquals("", builder.source(null).source());
        assertEquals(source, builder.source(source).source());
    }

    @Test
    void shouldHoldTheTextWhenBytesWereSetSince()
    {
        final String type = "agent.started";
        final EventBuilder other = new EventBuilder().type(type);
        fixture.full();
        other.from(fixture.encode());
        assertEquals("pipeline.stage.completed", other.type());
        assertEquals(type, other.type(type).type());

        final String text = "first";
        other.payloadText(text).payload(utf8("second"));
        assertArrayEquals(utf8("first"), other.payloadText(text).payload());
        other.payload(new UnsafeBuffer(utf8("third")), 0, 5);
        assertArrayEquals(utf8("first"), other.payloadText(text).payload());
    }

    @Test
    void shouldKeepTheTextWhenTheNextOneIsRefused()
    {
        final String type = "agent.started";
        builder.clear().type(type);
        assertThrows(EventValidationException.class, () -> builder.type("agent started"));
        assertEquals(type, builder.type());
        assertEquals(type, builder.type(type).type());
        final String tooLong = "s".repeat(256);
        builder.source("a");
        for (int i = 0; i < 2; i++)
        {
            assertThrows(EventValidationException.class, () -> builder.source(tooLong));
            assertEquals("a", builder.source());
        }
    }
}
