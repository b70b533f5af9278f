package io.sluice.event;

import static io.sluice.event.EventFixture.NOW_NS;
import static io.sluice.event.EventFixture.OFFSET;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.codec.CategoryCode;
import io.sluice.event.codec.ContentTypeCode;
import io.sluice.event.codec.EventRecordDecoder;
import io.sluice.event.codec.IdCode;
import io.sluice.event.codec.MessageHeaderDecoder;
import io.sluice.event.codec.PriorityCode;
import io.sluice.event.codec.VerdictCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class EventRecordTest
{
    private final EventFixture fixture = new EventFixture();
    private final EventFlyweight event = new EventFlyweight();

    @Test
    void shouldReadEveryFieldWhenDecodedByTheGeneratedCodec()
    {
        fixture.full();
        final int length = fixture.encode().recordLength();
        EventStamp.batch(fixture.buffer, OFFSET, 3, 5);
        EventStamp.stamp(fixture.buffer, OFFSET, 7, 42, NOW_NS + 9, Verdict.DUPLICATE_CONTENT, 41);
        event.wrap(fixture.buffer, OFFSET);

        final EventRecordDecoder decoder =
            new EventRecordDecoder().wrapAndApplyHeader(fixture.buffer, OFFSET, new MessageHeaderDecoder());
        assertEquals(7, decoder.runId());
        assertEquals(42, decoder.sequence());
        assertEquals(NOW_NS + 9, decoder.journalTime());
        assertEquals(NOW_NS, decoder.eventTime());
        assertEquals(event.contentHashHigh(), decoder.contentHashHigh());
        assertEquals(event.contentHashLow(), decoder.contentHashLow());
        assertEquals(event.contextHash(), decoder.contextHash());
        assertEquals(event.idHigh(), decoder.idHigh());
        assertEquals(event.idLow(), decoder.idLow());
        assertEquals(41, decoder.originalSequence());
        assertEquals(3, decoder.aggregateVersion());
        assertEquals(length, decoder.recordLength());
        assertEquals(PriorityCode.HIGH, decoder.priority());
        assertEquals(CategoryCode.INTEGRATION, decoder.category());
        assertEquals(VerdictCode.DUPLICATE_CONTENT, decoder.verdict());
        assertEquals(ContentTypeCode.OTHER, decoder.contentTypeCode());
        assertFalse(decoder.flags().redelivered());
        assertTrue(decoder.flags().replayed());
        assertTrue(decoder.flags().correction());
        assertEquals(3, decoder.batchIndex());
        assertEquals(5, decoder.batchCount());
        assertEquals(IdCode.TEXT, decoder.idCode());
        assertEquals(0, decoder.reserved());
        assertEquals(event.checksum(), decoder.checksum());
        assertEquals("pipeline.stage.completed", decoder.eventType());
        assertEquals("synthesis_pipeline", decoder.source());
        final byte[] payload = new byte[decoder.payloadLength()];
        decoder.getPayload(payload, 0, payload.length);
        assertEquals("{\"stage\":\"extraction\"}", new String(payload, StandardCharsets.UTF_8));
        assertEquals("evt_1234567890", decoder.id());
        assertEquals("Extraktion \u00e4\u20ac\ud83d\ude00", decoder.subject());
        assertEquals("pipe_abc123", decoder.correlationId());
        assertEquals("evt_0987654321", decoder.causationId());
        assertEquals("session_abc", decoder.sessionId());
        assertEquals("wf-1", decoder.workflowId());
        assertEquals("Analysis", decoder.aggregateType());
        assertEquals("a-17", decoder.aggregateId());
        assertEquals("1.2.0", decoder.schemaVersion());
        assertEquals("application/vnd.acme+json", decoder.contentType());
        final byte[] metadata = new byte[decoder.metadataLength()];
        decoder.getMetadata(metadata, 0, metadata.length);
        assertEquals("{\"host\":\"worker-01\",\"tags\":[\"a\",\"b\"]}", new String(metadata, StandardCharsets.UTF_8));
        assertEquals(OFFSET + length, decoder.limit());
    }

    @Test
    void shouldBeSoundWhenThePriorityIsChangedBeforeTheStamp()
    {
        fixture.full();
        fixture.encode();
        EventStamp.priority(fixture.buffer, OFFSET, Priority.LOW);
        EventStamp.stamp(fixture.buffer, OFFSET, 7, 42, NOW_NS, Verdict.ACCEPTED, 0);
        event.wrap(fixture.buffer, OFFSET);
        assertEquals(Priority.LOW, event.priority());
        assertNull(event.findDamage(event.recordLength(), new EventHash()));
    }

    @Test
    void shouldReadEveryFieldWhenDecodedByTheFlyweight()
    {
        fixture.full();
        fixture.encode();
        EventStamp.batch(fixture.buffer, OFFSET, 65_534, 65_535);
        EventStamp.stamp(fixture.buffer, OFFSET, 7, 42, NOW_NS + 9, Verdict.DUPLICATE_ID, 41);
        event.wrap(fixture.buffer, OFFSET).deliveryFlags(EventDescriptor.FLAG_REDELIVERED);

        assertEquals(1, event.schemaVersionOfRecord());
        assertEquals(7, event.runId());
        assertEquals(42, event.sequence());
        assertEquals(NOW_NS + 9, event.journalTime());
        assertEquals(41, event.originalSequence());
        assertEquals(Verdict.DUPLICATE_ID, event.verdict());
        assertEquals(Verdict.DUPLICATE_ID.code(), event.verdictCode());
        assertEquals(Priority.HIGH.code(), event.priorityCode());
        assertEquals(65_534, event.batchIndex());
        assertEquals(65_535, event.batchCount());
        assertEquals(7, event.flags());
        assertEquals(EventDescriptor.FLAG_REDELIVERED, event.deliveryFlags());
        assertEquals(6, event.wrap(fixture.buffer, OFFSET).flags());
        assertTrue(event.hasAggregateVersion());
        assertEquals(OFFSET, event.offset());
        assertEquals(fixture.buffer, event.buffer());
        // Last field first: the flyweight finds fields in any order.
        assertEquals(37, event.fieldLength(EventField.METADATA));
        assertEquals("pipeline.stage.completed", event.type());

        EventStamp.flags(fixture.buffer, OFFSET, EventDescriptor.FLAG_REPLAYED);
        assertEquals(EventDescriptor.FLAG_REPLAYED, event.flags());
        assertEquals(65_534, event.batchIndex());
    }

    @Test
    void shouldFailWhenReadAfterUnwrap()
    {
        fixture.builder.type("t");
        final EventFlyweight view = fixture.encode();
        view.unwrap();
        assertThrows(NullPointerException.class, view::sequence);
    }

    @Test
    void shouldHaveNoDefaultsOfAnotherEventWhenTheBufferIsReused()
    {
        fixture.builder.type("agent.started").id("x").eventTimeNs(5);
        final byte[] clean = record(fixture.encodeStamped(1));
        for (final int filler : new int[]{0xFF, 0x55, 0x00})
        {
            fixture.buffer.setMemory(0, fixture.buffer.capacity(), (byte)filler);
            fixture.full();
            fixture.encodeStamped(99);
            fixture.builder.clear().type("agent.started").id("x").eventTimeNs(5);
            assertArrayEquals(clean, record(fixture.encodeStamped(1)));
            assertEquals(clean.length, EventDescriptor.MIN_RECORD_LENGTH + "agent.started".length() + 1);
        }
    }

    @Test
    void shouldLeaveNoByteUnwrittenWhenEncoding()
    {
        final Random random = new Random(83);
        final RandomEvents events = new RandomEvents(83);
        for (int i = 0; i < 500; i++)
        {
            events.fill(fixture.builder);
            fixture.buffer.setMemory(0, 1 << 14, (byte)random.nextInt());
            final byte[] first = record(fixture.encodeStamped(1));
            fixture.buffer.setMemory(0, 1 << 14, (byte)random.nextInt());
            assertArrayEquals(first, record(fixture.encodeStamped(1)));
        }
    }

    @Test
    void shouldReportDamageWhenAnyByteIsFlipped()
    {
        fixture.full();
        verifyEveryFlip(record(fixture.encodeStamped(3)));
        fixture.builder.clear().type("t");
        verifyEveryFlip(record(fixture.encodeStamped(4)));
    }

    @Test
    void shouldReportDamageWhenTheRecordIsTruncated()
    {
        fixture.full();
        final byte[] record = record(fixture.encodeStamped(3));
        for (int length = 0; length < record.length; length++)
        {
            final UnsafeBuffer buffer = new UnsafeBuffer(Arrays.copyOf(record, Math.max(2, length)));
            final String damage = event.wrap(buffer, 0).findDamage(length, fixture.hash);
            assertNotNull(damage);
            final String part = length < EventDescriptor.FIXED_LENGTH ? "shorter than its header" : "does not fit";
            assertTrue(damage.contains(part), damage);
        }
        final UnsafeBuffer zeroed = new UnsafeBuffer(Arrays.copyOf(record, record.length));
        for (int at = record.length - 1; at >= 0; at--)
        {
            final boolean wasZero = zeroed.getByte(at) == 0;
            zeroed.putByte(at, (byte)0);
            if (!wasZero)
            {
                assertNotNull(event.wrap(zeroed, 0).findDamage(record.length, fixture.hash), "zeros from " + at);
            }
        }
    }

    @Test
    void shouldNameTheDamageWhenARecordIsBad()
    {
        fixture.full();
        final byte[] record = record(fixture.encodeStamped(3));
        assertDamage("not an event record", record, 4, 1);
        assertDamage("not an event record", record, 2, 1);
        assertDamage("type lies outside the record", record, 1, 1);
        assertDamage("not an event record", record, 0, 0x10);
        assertDamage("record length", record, EventDescriptor.RECORD_LENGTH_OFFSET + 3, 0x80);
        assertDamage("record length", record, EventDescriptor.RECORD_LENGTH_OFFSET + 1, 0x10);
        assertDamage("checksum of the header differs", record, EventDescriptor.SEQUENCE_OFFSET, 1);
        assertDamage("type lies outside the record", record, EventDescriptor.FIXED_LENGTH + 1, 0x40);
        assertDamage("hash of type, source and payload differs", record, EventDescriptor.FIXED_LENGTH + 2, 1);
        assertDamage("hash of ids and metadata differs", record, record.length - 1, 1);
        event.wrap(new UnsafeBuffer(record), 0);
        final int payload = event.fieldOffset(EventField.PAYLOAD);
        assertDamage("payload lies outside the record", record, payload - 1, 0x80);
        assertDamage("metadata lies outside the record", record, event.fieldOffset(EventField.METADATA) - 1, 0x40);
        assertDamage("metadata lies outside the record", record, event.fieldOffset(EventField.CONTENT_TYPE) - 2, 38);
    }

    @Test
    void shouldNotBeSoundWhenNotStamped()
    {
        fixture.full();
        final EventFlyweight unstamped = fixture.encode();
        assertEquals(
            "checksum of the header differs", unstamped.findDamage(unstamped.recordLength(), fixture.hash));
        assertNull(unstamped.findStructuralDamage(unstamped.recordLength()));
        assertEquals(Verdict.UNSEQUENCED, unstamped.verdict());
        assertEquals(0, unstamped.sequence());
        assertEquals(1, unstamped.batchCount());
    }

    @Test
    void shouldHaveTheSameContentHashWhenOnlyTheContextDiffers()
    {
        fixture.full();
        final EventFlyweight first = fixture.encode();
        final long high = first.contentHashHigh();
        final long low = first.contentHashLow();
        final long context = first.contextHash();
        fixture.full().id("other").metadata("more", 1).eventTimeNs(1).priority(Priority.LOW);
        final EventFlyweight second = fixture.encode();
        assertEquals(high, second.contentHashHigh());
        assertEquals(low, second.contentHashLow());
        assertFalse(context == second.contextHash());
        fixture.full().source("other");
        assertFalse(low == fixture.encode().contentHashLow());
    }

    @Test
    void shouldHashTheSameOnAndOffHeapWhenRead()
    {
        fixture.full();
        final EventFlyweight onHeap = fixture.encodeStamped(5);
        final UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(4096));
        final int length = onHeap.copyTo(direct, 16);
        assertNull(event.wrap(direct, 16).findDamage(length, fixture.hash));
        assertEquals(onHeap.contentHashLow(), event.contentHashLow());
    }

    @Test
    void shouldAlignLengthsWhenAsked()
    {
        assertEquals(0, EventDescriptor.alignedLength(0));
        assertEquals(8, EventDescriptor.alignedLength(1));
        assertEquals(8, EventDescriptor.alignedLength(8));
        assertEquals(160, EventDescriptor.alignedLength(153));
        assertEquals(120, EventDescriptor.FIXED_LENGTH);
        assertEquals(112, EventDescriptor.CHECKSUM_OFFSET);
    }

    private void verifyEveryFlip(final byte[] record)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(record);
        assertNull(event.wrap(buffer, 0).findDamage(record.length, fixture.hash));
        for (int at = 0; at < record.length; at++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                record[at] ^= (byte)(1 << bit);
                assertNotNull(
                    event.wrap(buffer, 0).findDamage(record.length, fixture.hash), "bit " + bit + " of byte " + at);
                record[at] ^= (byte)(1 << bit);
            }
            record[at] = (byte)~record[at];
            assertNotNull(event.wrap(buffer, 0).findDamage(record.length, fixture.hash), "byte " + at);
            record[at] = (byte)~record[at];
        }
        assertNull(event.wrap(buffer, 0).findDamage(record.length, fixture.hash));
    }

    private void assertDamage(final String expected, final byte[] record, final int at, final int flip)
    {
        final byte[] copy = record.clone();
        copy[at] ^= (byte)flip;
        final EventFlyweight damaged = new EventFlyweight().wrap(new UnsafeBuffer(copy), 0);
        final String damage = damaged.findDamage(copy.length, fixture.hash);
        assertTrue(damage != null && damage.startsWith(expected), damage + " for byte " + at);
    }

    private static byte[] record(final EventFlyweight event)
    {
        final byte[] bytes = new byte[event.recordLength()];
        event.copyTo(new UnsafeBuffer(bytes), 0);
        return bytes;
    }
}
