package io.sluice.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventEncoderTest
{
    private static final EncodedText TYPE = EncodedText.of(EventField.TYPE, "agent.started");
    private static final UnsafeBuffer BYTES = new UnsafeBuffer(new byte[1 << 17]);

    private final EventEncoder encoder = new EventEncoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 18));
    private final EventFlyweight event = new EventFlyweight();

    @Test
    void shouldWriteDefaultsWhenNothingIsSet()
    {
        final int length = encoder.wrap(buffer, 8, 4096).uuid(1, 2).put(TYPE).complete();
        event.wrap(buffer, 8);

        assertEquals(length, event.recordLength());
        assertEquals(Priority.NORMAL, event.priority());
        assertEquals(Category.DOMAIN, event.category());
        assertEquals(ContentType.JSON, event.contentType());
        assertEquals(EventDescriptor.NO_EVENT_TIME, event.eventTime());
        assertFalse(event.hasAggregateVersion());
        assertEquals(new UUID(1, 2).toString(), event.id());
        assertEquals("", event.source());
        assertEquals(0, event.payload().length);
    }

    @ParameterizedTest
    @EnumSource(value = EventField.class, names = {"PAYLOAD"}, mode = EnumSource.Mode.EXCLUDE)
    void shouldKeepTheLimitWhenAFieldIsPut(final EventField field)
    {
        put(field, field.maxLength() - 1);
        put(field, field.maxLength());
        assertEquals(field.maxLength(), event.wrap(buffer, 0).fieldLength(field));
        final EventValidationException ex =
            assertThrows(EventValidationException.class, () -> put(field, field.maxLength() + 1));
        assertEquals(field.label(), ex.field());
        assertEquals(
            field.label() + " '" + (field.maxLength() + 1) + " bytes' is not valid: it has " + (field.maxLength() + 1) +
            " bytes, use " + (field.minLength() == 0 ? "at most " : field.minLength() + " to ") + field.maxLength() +
            " bytes of UTF-8",
            ex.getMessage());
        assertThrows(EventValidationException.class, () -> put(field, field.minLength() - 1));
    }

    @Test
    void shouldRefuseWhenFieldsComeOutOfOrder()
    {
        encoder.wrap(buffer, 0, 4096).uuid(1, 2).put(TYPE).put(EventField.SUBJECT, BYTES, 0, 3);
        final IllegalStateException ex =
            assertThrows(IllegalStateException.class, () -> encoder.put(EventField.SOURCE, BYTES, 0, 3));
        assertEquals("source must be put before subject", ex.getMessage());
        assertThrows(IllegalStateException.class, () -> encoder.put(EventField.SUBJECT, BYTES, 0, 3));
    }

    @Test
    void shouldRefuseWhenTypeOrIdIsMissing()
    {
        encoder.wrap(buffer, 0, 4096).uuid(1, 2);
        assertEquals("type", assertThrows(EventValidationException.class, encoder::complete).field());
        encoder.wrap(buffer, 0, 4096).uuid(1, 2).put(EventField.SOURCE, BYTES, 0, 3);
        assertEquals("type", assertThrows(EventValidationException.class, encoder::complete).field());
        encoder.wrap(buffer, 0, 4096).put(TYPE);
        assertEquals("id", assertThrows(EventValidationException.class, encoder::complete).field());
        encoder.wrap(buffer, 0, 4096).put(TYPE).put(EventField.ID, BYTES, 0, 0);
        assertEquals("id", assertThrows(EventValidationException.class, encoder::complete).field());
        encoder.wrap(buffer, 0, 4096).uuid(1, 2).put(TYPE).complete();
        encoder.wrap(buffer, 0, 4096).put(TYPE);
        assertThrows(EventValidationException.class, encoder::complete);
    }

    @Test
    void shouldRefuseWhenTheRecordDoesNotFit()
    {
        assertThrows(
            EventValidationException.class, () -> encoder.wrap(buffer, 0, EventDescriptor.MIN_RECORD_LENGTH - 1));
        assertThrows(IndexOutOfBoundsException.class, () -> encoder.wrap(buffer, buffer.capacity() - 100, 4096));
        final int exact = EventDescriptor.MIN_RECORD_LENGTH + TYPE.toString().length() + 10;
        encoder.wrap(buffer, 0, exact).uuid(1, 2).put(TYPE).put(EventField.PAYLOAD, BYTES, 0, 10);
        assertEquals(exact, encoder.complete());
        for (int capacity = EventDescriptor.MIN_RECORD_LENGTH; capacity < exact; capacity++)
        {
            encoder.wrap(buffer, 0, capacity).uuid(1, 2);
            buffer.putByte(capacity, (byte)77);
            final EventValidationException ex = assertThrows(
                EventValidationException.class,
                () -> encoder.put(TYPE).put(EventField.PAYLOAD, BYTES, 0, 10).complete());
            assertTrue(
                ex.getMessage().contains("at most " + capacity + " bytes here; raise maxEventLength"), ex.getMessage());
            assertEquals(77, buffer.getByte(capacity));
        }
        encoder.wrap(buffer, 0, 4096).uuid(1, 2).put(TYPE);
        assertThrows(
            EventValidationException.class,
            () -> encoder.put(EventField.PAYLOAD, BYTES, 0, Integer.MAX_VALUE));
        assertThrows(EventValidationException.class, () -> encoder.put(EventField.PAYLOAD, BYTES, 0, -1));
    }

    @Test
    void shouldHashATextIdWhenPut()
    {
        encoder.wrap(buffer, 0, 4096).uuid(1, 2).put(TYPE).put(EncodedText.of(EventField.ID, "evt_1")).complete();
        event.wrap(buffer, 0);
        final EventHash hash = new EventHash().hash128(new UnsafeBuffer(EventFixture.utf8("evt_1")), 0, 5);
        assertFalse(event.hasUuid());
        assertEquals(hash.high(), event.idHigh());
        assertEquals(hash.low(), event.idLow());
        assertEquals("evt_1", event.id());
    }

    @Test
    void shouldStoreAUuidWhenItsTextIsPutAsTheId()
    {
        final UUID uuid = UUID.fromString("0190f3c0-7e1a-7000-8000-0123456789ab");
        encoder.wrap(buffer, 0, 4096).put(TYPE).put(EncodedText.of(EventField.ID, uuid.toString())).complete();
        event.wrap(buffer, 0);
        assertTrue(event.hasUuid());
        assertEquals(uuid.getMostSignificantBits(), event.idHigh());
        assertEquals(uuid.getLeastSignificantBits(), event.idLow());
        assertEquals(0, event.fieldLength(EventField.ID));
    }

    @Test
    void shouldRefuseAUuidWhenTheIdIsATextAlready()
    {
        encoder.wrap(buffer, 0, 4096).put(TYPE).put(EncodedText.of(EventField.ID, "evt_1"));
        assertThrows(IllegalStateException.class, () -> encoder.uuid(1, 2));
        encoder.wrap(buffer, 0, 4096).put(TYPE).uuid(1, 2).complete();
        assertTrue(event.wrap(buffer, 0).hasUuid());
    }

    @Test
    void shouldCheckOnceWhenATextIsEncodedAhead()
    {
        assertEquals(EventField.TYPE, TYPE.field());
        assertEquals("agent.started", TYPE.toString());
        assertThrows(EventValidationException.class, () -> EncodedText.of(EventField.TYPE, "a..b"));
        assertThrows(EventValidationException.class, () -> EncodedText.of(EventField.SESSION_ID, "x".repeat(129)));
        encoder.wrap(buffer, 0, 4096).uuid(1, 2).put(TYPE).put(EncodedText.of(EventField.SOURCE, "")).complete();
        assertEquals("", event.wrap(buffer, 0).source());
    }

    private void put(final EventField field, final int length)
    {
        encoder.wrap(buffer, 0, buffer.capacity()).uuid(1, 2);
        if (field != EventField.TYPE)
        {
            encoder.put(TYPE);
        }
        encoder.put(field, BYTES, 0, length).complete();
    }
}
