package io.sluice.event.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.ContentType;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventException;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventValidationException;
import io.sluice.event.IdGenerator;
import io.sluice.event.PayloadSerializer;
import io.sluice.event.UndecodableEventException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class PayloadSerializersTest
{
    private static final EventDefaults DEFAULTS = new EventDefaults(() -> 1, new IdGenerator(42));

    private final PayloadSerializers serializers = PayloadSerializers.standard();

    @Test
    void shouldGiveBackWhatWasEncodedWhenATextIsThePayload()
    {
        final EventFlyweight event = event(builder().payload("grün", serializers.of(String.class)));
        assertEquals(ContentType.TEXT, event.contentType());
        assertEquals("text/plain", event.mediaType());
        assertEquals("grün", serializers.reader(String.class).read(event));
        assertArrayEquals("grün".getBytes(StandardCharsets.UTF_8), serializers.reader(byte[].class).read(event));
    }

    @Test
    void shouldGiveBackWhatWasEncodedWhenBytesOrAViewAreThePayload()
    {
        final byte[] bytes = {0, 1, -1, 127};
        final EventFlyweight event = event(builder().payload(bytes, serializers.of(byte[].class)));
        assertEquals(ContentType.BINARY, event.contentType());
        assertArrayEquals(bytes, serializers.reader(byte[].class).read(event));
        final DirectBuffer view = serializers.reader(DirectBuffer.class).read(event);
        assertEquals(new UnsafeBuffer(bytes), view);
        final EventFlyweight again = event(builder().payload(view, serializers.of(DirectBuffer.class)));
        assertArrayEquals(bytes, again.payload());
    }

    @Test
    @SuppressWarnings({"rawtypes", "unchecked"})
    void shouldGiveBackWhatWasEncodedWhenAJsonObjectIsThePayload()
    {
        final Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "a\"b");
        value.put("long", Long.MIN_VALUE);
        value.put("big", new BigInteger("123456789012345678901234567890"));
        value.put("double", 1.5);
        value.put("huge", new BigDecimal("1E+999"));
        value.put("flags", Arrays.asList(true, false, null));
        value.put("nested", Map.of("list", List.of(Map.of(), List.of())));
        final EventFlyweight event = event(builder().payload(value, serializers.of(Map.class)));
        assertEquals(ContentType.JSON, event.contentType());
        final Map read = serializers.reader(Map.class).read(event);
        assertEquals(value, read);
        assertEquals(List.copyOf(value.keySet()), List.copyOf(read.keySet()));
        assertTrue(serializers.reader(String.class).read(event).startsWith("{\"text\":\"a\\\"b\",\"long\":-9223"));

        final EventFlyweight numbers = event(builder().payload(
            Map.of("all", List.of((byte)1, (short)2, 3, 0.25f, CharBuffer.wrap("x"))), serializers.of(Map.class)));
        assertEquals("{\"all\":[1,2,3,0.25,\"x\"]}", serializers.reader(String.class).read(numbers));
    }

    @Test
    void shouldRefuseTheValueAndKeepTheOldOneWhenItCannotBeEncoded()
    {
        final EventBuilder builder = builder().payloadText("old");
        assertRefused(builder, Map.of("a", Double.NaN), "NaN");
        assertRefused(builder, Map.of("a", new Object()), "java.lang.Object");
        final Map<String, Object> nested = new LinkedHashMap<>();
        Map<String, Object> inner = nested;
        for (int i = 0; i < 101; i++)
        {
            final Map<String, Object> next = new LinkedHashMap<>();
            inner.put("a", next);
            inner = next;
        }
        assertRefused(builder, nested, "nested deeper than 100");
        final EventValidationException error = assertThrows(
            EventValidationException.class, () -> builder.payload("\uD800", serializers.of(String.class)));
        assertTrue(error.getMessage().contains("surrogate"), error.getMessage());
        assertEquals("old", new String(builder.payload(), StandardCharsets.UTF_8));
        assertEquals(ContentType.TEXT, builder.contentType());
        assertThrows(
            EventValidationException.class, () -> builder.payload((String)null, serializers.of(String.class)));
    }

    @Test
    void shouldSayWhyWhenAPayloadCannotBeDecoded()
    {
        assertUndecodable(builder().payloadJson("[1]"), Map.class, "START_ARRAY");
        assertUndecodable(raw("{\"a\":1,\"a\":2}", "application/json"), Map.class, "'a' twice");
        assertUndecodable(raw("{\"a\":", "application/json"), Map.class, "it is no JSON");
        assertUndecodable(raw("{} {}", "application/json"), Map.class, "more text");
        assertUndecodable(
            raw("{\"a\":" + "[".repeat(120) + "]".repeat(120) + "}", "application/json"), Map.class, "deeper than 100");
        assertUndecodable(builder().payload(new byte[]{-1}).contentType("text/plain"), String.class, "UTF-8");
        assertUndecodable(
            builder().payload(new byte[]{1}).contentType("application/x-unknown"), String.class,
            "'application/x-unknown' can't be decoded as java.lang.String: no serializer");
        final UndecodableEventException error = assertThrows(
            UndecodableEventException.class,
            () -> serializers.reader(Map.class).read(event(builder().payloadText("x"))));
        assertEquals("a.b", error.type());
        assertEquals(0, error.sequence());
    }

    @Test
    void shouldFindTheSerializerWhenAContentTypeHasParametersOrASuffix()
    {
        assertEquals(
            Map.of("a", 1L), serializers.reader(Map.class).read(event(raw("{\"a\":1}", "application/ld+json; x=y"))));
        assertEquals("x", serializers.reader(String.class).read(event(raw("x", "Text/HTML; charset=utf-8"))));
        assertNotNull(serializers.of(String.class, "text/csv"));
        final EventException error =
            assertThrows(EventException.class, () -> serializers.of(Map.class, "text/csv"));
        assertTrue(error.getMessage().contains("'text/csv' as java.util.Map"), error.getMessage());
    }

    @Test
    void shouldNameWhatThereIsWhenNoSerializerHandlesAClass()
    {
        final EventException error = assertThrows(EventException.class, () -> serializers.reader(Locale.class));
        assertTrue(
            error.getMessage().contains("java.util.Locale") && error.getMessage().contains("byte[]"),
            error.getMessage());
        assertEquals(
            List.of(String.class, Map.class, byte[].class, DirectBuffer.class), serializers.types());
        assertEquals(serializers.types(), PayloadSerializers.load().types());
    }

    @Test
    void shouldGoBeforeTheOthersWhenASerializerIsAdded()
    {
        final LocaleSerializer added = new LocaleSerializer();
        final PayloadSerializers more = serializers.add(added);
        assertSame(added, more.of(Locale.class));
        final EventFlyweight event = event(builder().payload(Locale.GERMAN, added));
        assertEquals("text/x-locale", event.mediaType());
        assertEquals(Locale.GERMAN, more.reader(Locale.class).read(event));
        assertEquals(Locale.class, more.reader(Locale.class).type());
        assertUndecodable(builder().payloadText("de"), more.reader(Locale.class), "text/x-locale");
    }

    @Test
    void shouldReadInPlaceWhenSbeIsThePayload()
    {
        final SbeSerializer<CounterDecoder> sbe = SbeSerializer.of(CounterDecoder.class, CounterDecoder::new);
        final UnsafeBuffer message = new UnsafeBuffer(new byte[8]);
        message.putLong(0, 77, ByteOrder.LITTLE_ENDIAN);
        final EventFlyweight event =
            event(builder().payload(new CounterDecoder().wrap(message, 0, 8, 1), sbe));
        assertEquals(ContentType.SBE, event.contentType());
        final PayloadReader<CounterDecoder> reader = serializers.add(sbe).reader(CounterDecoder.class);
        final CounterDecoder read = reader.read(event);
        assertEquals(77, read.value());
        assertSame(event.buffer(), read.buffer());
        assertSame(read, reader.read(event));

        assertUndecodable(raw("1234567", "application/sbe"), reader, "7 bytes");
        assertUndecodable(sbe(8, 3, 9), reader, "message 3 of schema 9");
        assertUndecodable(sbe(8, 2, 8), reader, "message 2 of schema 8");
        assertUndecodable(sbe(9, 2, 9), reader, "block of 9 bytes");
    }

    private void assertRefused(final EventBuilder builder, final Map<String, Object> value, final String reason)
    {
        final EventValidationException error = assertThrows(
            EventValidationException.class, () -> builder.payload(value, serializers.of(Map.class)));
        assertTrue(error.getMessage().contains(reason), error.getMessage());
        assertNotNull(error.getCause());
    }

    private void assertUndecodable(final EventBuilder builder, final Class<?> type, final String reason)
    {
        assertUndecodable(builder, serializers.reader(type), reason);
    }

    private static void assertUndecodable(
        final EventBuilder builder, final PayloadReader<?> reader, final String reason)
    {
        final UndecodableEventException error =
            assertThrows(UndecodableEventException.class, () -> reader.read(event(builder)));
        assertTrue(error.getMessage().contains(reason), error.getMessage());
    }

    private static EventBuilder sbe(final int blockLength, final int template, final int schema)
    {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[16]);
        message.putShort(0, (short)blockLength, ByteOrder.LITTLE_ENDIAN);
        message.putShort(2, (short)template, ByteOrder.LITTLE_ENDIAN);
        message.putShort(4, (short)schema, ByteOrder.LITTLE_ENDIAN);
        return builder().payload(message.byteArray()).contentType(ContentType.SBE);
    }

    private static EventBuilder raw(final String payload, final String mediaType)
    {
        return builder().payload(payload.getBytes(StandardCharsets.UTF_8)).contentType(mediaType);
    }

    private static EventBuilder builder()
    {
        return new EventBuilder().type("a.b");
    }

    private static EventFlyweight event(final EventBuilder builder)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8192]);
        builder.encode(new EventEncoder(), buffer, 0, buffer.capacity(), DEFAULTS);
        return new EventFlyweight().wrap(buffer, 0);
    }

    private static final class LocaleSerializer implements PayloadSerializer<Locale>
    {
        @Override
        public Class<Locale> type()
        {
            return Locale.class;
        }

        @Override
        public String mediaType()
        {
            return "text/x-locale";
        }

        @Override
        public int encode(final Locale value, final MutableDirectBuffer target)
        {
            return target.putStringWithoutLengthAscii(0, value.toLanguageTag());
        }

        @Override
        public Locale decode(
            final DirectBuffer source, final int offset, final int length, final Class<? extends Locale> wanted)
        {
            return Locale.forLanguageTag(source.getStringWithoutLengthAscii(offset, length));
        }
    }
}
