package io.sluice.event;

import static io.sluice.event.EventFixture.NOW_NS;
import static io.sluice.event.EventFixture.OFFSET;
import static io.sluice.event.EventFixture.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventBuilderTest
{
    private final EventFixture fixture = new EventFixture();
    private final EventBuilder builder = fixture.builder;

    @Test
    void shouldEncodeEveryFieldWhenAllAreSet()
    {
        fixture.full();
        final EventFlyweight event = fixture.encode();

        assertEquals("evt_1234567890", event.id());
        assertEquals("pipeline.stage.completed", event.type());
        assertEquals("synthesis_pipeline", event.source());
        assertEquals("Extraktion \u00e4\u20ac\ud83d\ude00", event.text(EventField.SUBJECT));
        assertEquals(NOW_NS, event.eventTime());
        assertEquals(Priority.HIGH, event.priority());
        assertEquals(Category.INTEGRATION, event.category());
        assertEquals("pipe_abc123", event.text(EventField.CORRELATION_ID));
        assertEquals("evt_0987654321", event.text(EventField.CAUSATION_ID));
        assertEquals("session_abc", event.text(EventField.SESSION_ID));
        assertEquals("wf-1", event.text(EventField.WORKFLOW_ID));
        assertEquals("Analysis", event.text(EventField.AGGREGATE_TYPE));
        assertEquals("a-17", event.text(EventField.AGGREGATE_ID));
        assertEquals(3, event.aggregateVersion());
        assertEquals("1.2.0", event.text(EventField.SCHEMA_VERSION));
        assertEquals(ContentType.OTHER, event.contentType());
        assertEquals("application/vnd.acme+json", event.text(EventField.CONTENT_TYPE));
        assertEquals(EventDescriptor.FLAG_REPLAYED | EventDescriptor.FLAG_CORRECTION, event.flags());
        assertEquals("{\"host\":\"worker-01\",\"tags\":[\"a\",\"b\"]}", event.text(EventField.METADATA));
        assertArrayEquals(utf8("{\"stage\":\"extraction\"}"), event.payload());
    }

    @Test
    void shouldReturnWhatWasSetWhenRead()
    {
        fixture.full();

        assertEquals("evt_1234567890", builder.id());
        assertEquals("pipeline.stage.completed", builder.type());
        assertEquals("synthesis_pipeline", builder.source());
        assertEquals("Extraktion \u00e4\u20ac\ud83d\ude00", builder.subject());
        assertEquals(NOW_NS, builder.eventTimeNs());
        assertEquals(Instant.parse("2024-01-20T10:30:00.123456789Z"), builder.timestamp());
        assertEquals(Priority.HIGH, builder.priority());
        assertEquals(Category.INTEGRATION, builder.category());
        assertEquals("pipe_abc123", builder.correlationId());
        assertEquals("evt_0987654321", builder.causationId());
        assertEquals("session_abc", builder.sessionId());
        assertEquals("wf-1", builder.workflowId());
        assertEquals("Analysis", builder.aggregateType());
        assertEquals("a-17", builder.aggregateId());
        assertEquals(3, builder.aggregateVersion());
        assertEquals("1.2.0", builder.version());
        assertEquals(ContentType.OTHER, builder.contentType());
        assertEquals("application/vnd.acme+json", builder.mediaType());
        assertEquals(6, builder.flags());
        assertEquals("{\"stage\":\"extraction\"}", new String(builder.payload(), StandardCharsets.UTF_8));
    }

    @Test
    void shouldForgetEverythingWhenCleared()
    {
        fixture.full().clear();

        assertEquals("", builder.id());
        assertEquals("", builder.type());
        assertEquals("", builder.metadata());
        assertNull(builder.timestamp());
        assertEquals(0, builder.eventTimeNs());
        assertEquals(Priority.NORMAL, builder.priority());
        assertEquals(Category.DOMAIN, builder.category());
        assertEquals("application/json", builder.mediaType());
        assertEquals(EventDescriptor.NO_AGGREGATE_VERSION, builder.aggregateVersion());
        assertEquals(0, builder.flags());
        assertEquals(0, builder.payload().length);
    }

    @Test
    void shouldForgetAFieldWhenSetToNull()
    {
        fixture.full().id((String)null).source(null).subject(null).timestamp(null).priority(null).category(null)
            .correlationId(null).causationId(null).sessionId(null).workflowId(null)
            .aggregate(null, null, EventDescriptor.NO_AGGREGATE_VERSION).version(null).contentType((String)null)
            .flags(0).metadata(null).payload(null).id("x");
        final byte[] stripped = record(fixture.encode());

        builder.clear().type("pipeline.stage.completed").id("x");
        assertArrayEquals(record(fixture.encode()), stripped);
    }

    @Test
    void shouldUseDefaultsWhenFieldsAreAbsent()
    {
        fixture.defaults.source("worker").metadata(Map.of("host", "h1"));
        final EventFlyweight event = encode("agent.started");

        assertEquals(NOW_NS, event.eventTime());
        assertEquals("worker", event.source());
        assertEquals("{\"host\":\"h1\"}", event.text(EventField.METADATA));
        assertTrue(event.hasUuid());
        assertEquals(new IdGenerator(42).next(NOW_NS).high(), event.idHigh());
        assertEquals(7, UUID.fromString(event.id()).version());
    }

    @Test
    void shouldNotUseDefaultsWhenFieldsArePresent()
    {
        fixture.defaults.source("worker").metadata(metadata("host", "h1", "user", null));
        builder.clear().type("a").source("mine").eventTimeNs(0).id("x").metadata(metadata("host", "h2", "z", 1));
        final EventFlyweight event = fixture.encode();

        assertEquals(0, event.eventTime());
        assertEquals("mine", event.source());
        assertEquals("x", event.id());
        assertEquals("{\"host\":\"h2\",\"z\":1,\"user\":null}", event.text(EventField.METADATA));
    }

    @Test
    void shouldMakeTheSameRecordWhenClockAndSeedAreTheSame()
    {
        final byte[] first = record(encode("a.b"));
        final EventFixture other = new EventFixture();
        other.builder.type("a.b");

        assertArrayEquals(first, record(other.encode()));
    }

    @Test
    void shouldShareSourceAndMetadataWhenCopiedForAnotherThread()
    {
        fixture.defaults.source("s").metadata(Map.of("k", true));
        final EventDefaults copy = fixture.defaults.withIds(new IdGenerator(1));
        builder.clear().type("t");
        builder.encode(fixture.encoder, fixture.buffer, OFFSET, EventFixture.CAPACITY, copy);
        final EventFlyweight event = new EventFlyweight().wrap(fixture.buffer, OFFSET);

        assertEquals("s", event.source());
        assertEquals("{\"k\":true}", event.text(EventField.METADATA));
        assertEquals(new IdGenerator(1).next(NOW_NS).low(), event.idLow());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "evt_1234567890", "0190F3C0-7E1A-7000-8000-0123456789AB", "0190f3c0-7e1a-7000-8000-0123456789ab", "x",
        "0190f3c07e1a70008000-0123456789ab0123", "{0190f3c0-7e1a-7000-8000-0123456789a}", "\u00e4\u20ac"})
    void shouldReadBackTheSameTextWhenAnIdIsSet(final String id)
    {
        builder.clear().type("t").id(id);

        assertEquals(id, builder.id());
        assertEquals(id, fixture.encode().id());
    }

    @Test
    void shouldStoreAUuidCompactlyWhenItsTextIsCanonical()
    {
        final UUID uuid = UUID.fromString("0190f3c0-7e1a-7000-8000-0123456789ab");
        builder.clear().type("t").id(uuid.toString());
        final EventFlyweight event = fixture.encode();

        assertTrue(event.hasUuid());
        assertEquals(0, event.fieldLength(EventField.ID));
        assertEquals(uuid.getMostSignificantBits(), event.idHigh());
        assertEquals(uuid.getLeastSignificantBits(), event.idLow());
        builder.id(uuid);
        assertEquals(uuid.toString(), builder.id());
        assertFalse(builder.id("text").encode(
            fixture.encoder, fixture.buffer, OFFSET, EventFixture.CAPACITY, fixture.defaults) == 0);
        assertFalse(new EventFlyweight().wrap(fixture.buffer, OFFSET).hasUuid());
        assertEquals("", builder.id((UUID)null).id());
    }

    @Test
    void shouldNameFieldValueAndLimitWhenATextIsTooLong()
    {
        verifyLimit("type", 255, builder::type);
        verifyLimit("source", 255, builder::source);
        verifyLimit("subject", 1024, builder::subject);
        verifyLimit("id", 128, builder::id);
        verifyLimit("correlationId", 128, builder::correlationId);
        verifyLimit("causationId", 128, builder::causationId);
        verifyLimit("sessionId", 128, builder::sessionId);
        verifyLimit("workflowId", 128, builder::workflowId);
        verifyLimit("aggregate.type", 255, (text) -> builder.aggregate(text, "id", 1));
        verifyLimit("aggregate.id", 255, (text) -> builder.aggregate("type", text, 1));
        verifyLimit("version", 64, builder::version);
        verifyLimit("contentType", 128, builder::contentType);
        verifyLimit("source", 255, fixture.defaults::source);
    }

    @Test
    void shouldCountBytesAndNotCharactersWhenATextIsMeasured()
    {
        builder.correlationId("\u20ac".repeat(42) + "ab");
        assertEquals(128, utf8(builder.correlationId()).length);
        final EventValidationException ex =
            assertThrows(EventValidationException.class, () -> builder.correlationId("\u20ac".repeat(43)));
        assertTrue(ex.getMessage().contains("it has 129 bytes, use at most 128 bytes of UTF-8"), ex.getMessage());
    }

    @Test
    void shouldKeepTheOldValueWhenANewOneIsRefused()
    {
        fixture.full();
        final byte[] before = record(fixture.encode());
        assertThrows(EventValidationException.class, () -> builder.id(""));
        assertThrows(EventValidationException.class, () -> builder.id("x".repeat(129)));
        assertThrows(EventValidationException.class, () -> builder.type("a..b"));
        assertThrows(EventValidationException.class, () -> builder.type(""));
        assertThrows(EventValidationException.class, () -> builder.aggregate("other", "x".repeat(256), 9));
        assertThrows(EventValidationException.class, () -> builder.contentType(" "));
        assertThrows(EventValidationException.class, () -> builder.contentType("x".repeat(129)));
        assertThrows(EventValidationException.class, () -> builder.contentType(ContentType.OTHER));
        assertThrows(EventValidationException.class, () -> builder.payloadJson("{\"a\":}"));
        assertThrows(EventValidationException.class, () -> builder.metadata(utf8("[1]"), 0, 3));
        assertThrows(EventValidationException.class, () -> builder.metadata("k", new Object()));
        assertThrows(EventValidationException.class, () -> builder.flags(EventDescriptor.FLAG_REDELIVERED));
        assertThrows(EventValidationException.class, () -> builder.timestamp(Instant.MAX));
        assertThrows(IndexOutOfBoundsException.class, () -> builder.payload(new UnsafeBuffer(new byte[4]), 2, 4));

        assertArrayEquals(before, record(fixture.encode()));
    }

    @Test
    void shouldRefuseHalfASurrogatePairWhenATextHasOne()
    {
        for (final String text : List.of("a\ud83d", "a\ude00b", "a\ud83dx"))
        {
            final EventValidationException ex =
                assertThrows(EventValidationException.class, () -> builder.subject(text));
            assertTrue(ex.getMessage().contains("character 2 is half of a surrogate pair"), ex.getMessage());
            assertThrows(EventValidationException.class, () -> builder.metadata("k", text));
            assertThrows(EventValidationException.class, () -> builder.payloadJson('"' + text + '"'));
            assertThrows(EventValidationException.class, () -> EncodedText.of(EventField.SUBJECT, text));
        }
    }

    @Test
    void shouldSayWhatIsMissingWhenThereIsNoType()
    {
        builder.clear().source("s");
        final EventValidationException ex = assertThrows(EventValidationException.class, fixture::encode);

        assertEquals("type", ex.field());
        assertTrue(ex.getMessage().contains("every event needs a type"), ex.getMessage());
    }

    @Test
    void shouldNameTheLimitWhenTheRecordDoesNotFit()
    {
        builder.clear().type("t").payload(new byte[1000]);
        final EventValidationException ex = assertThrows(
            EventValidationException.class,
            () -> builder.encode(fixture.encoder, fixture.buffer, 0, 600, fixture.defaults));

        assertEquals("event", ex.field());
        assertTrue(ex.getMessage().contains("at most 600 bytes"), ex.getMessage());
    }

    @Test
    void shouldWriteTypedNestedMetadataWhenGivenAMap()
    {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("text", "a\"b\\c\n\u0001\t\r\b\f\u00e4");
        map.put("int", 1);
        map.put("long", Long.MIN_VALUE);
        map.put("short", (short)2);
        map.put("byte", (byte)3);
        map.put("double", 1.5);
        map.put("float", 2.5f);
        map.put("big", new BigInteger("123456789012345678901234567890"));
        map.put("decimal", new BigDecimal("0.10"));
        map.put("atomic", new AtomicLong(9));
        map.put("yes", true);
        map.put("none", null);
        map.put("list", Arrays.asList(1, List.of(), Map.of(), "x", null));
        map.put("map", metadata("a", Map.of("b", List.of(false))));
        builder.clear().type("t").metadata(map);

        assertEquals(
            "{\"text\":\"a\\\"b\\\\c\\n\\u0001\\t\\r\\b\\f\u00e4\",\"int\":1,\"long\":-9223372036854775808," +
            "\"short\":2," +
            "\"byte\":3,\"double\":1.5,\"float\":2.5,\"big\":123456789012345678901234567890,\"decimal\":0.10," +
            "\"atomic\":9," +
            "\"yes\":true,\"none\":null,\"list\":[1,[],{},\"x\",null],\"map\":{\"a\":{\"b\":[false]}}}",
            builder.metadata());
        EventFixture.parse(builder.metadata());
    }

    @Test
    void shouldReplaceOneMemberWhenItsNameIsThere()
    {
        builder.clear().metadata("a", 1);
        assertEquals("{\"a\":1}", builder.metadata());
        builder.metadata("a", "x");
        assertEquals("{\"a\":\"x\"}", builder.metadata());
        builder.metadata("b", List.of(1, "]}\"")).metadata("c", Map.of("a", 2)).metadata("b\"", 4);
        builder.metadata("a", 5);
        assertEquals("{\"b\":[1,\"]}\\\"\"],\"c\":{\"a\":2},\"b\\\"\":4,\"a\":5}", builder.metadata());
        builder.metadata("a", 6).metadata("c", null);
        assertEquals("{\"b\":[1,\"]}\\\"\"],\"b\\\"\":4,\"a\":6,\"c\":null}", builder.metadata());
        builder.metadata("b\"", 7).metadata("b\\", 8).metadata("b\\", 9);
        assertEquals("{\"b\":[1,\"]}\\\"\"],\"a\":6,\"c\":null,\"b\\\"\":7,\"b\\\\\":9}", builder.metadata());
    }

    @Test
    void shouldStoreCanonicalMetadataWhenGivenBytes()
    {
        final byte[] json = utf8("x{ \"h\\u006fst\" : \"w\\/1\" ,\n \"n\": [ 1.50 , 1e3, true, null, { } ] }x");
        builder.clear().metadata(json, 1, json.length - 2);
        assertEquals("{\"host\":\"w/1\",\"n\":[1.50,1e3,true,null,{}]}", builder.metadata());
        builder.metadata("host", 2);
        assertEquals("{\"n\":[1.50,1e3,true,null,{}],\"host\":2}", builder.metadata());
        builder.metadata(utf8(" { } "), 0, 5);
        assertEquals("", builder.metadata());
    }

    @Test
    void shouldSayWhereWhenMetadataBytesAreMalformed()
    {
        verifyMetadataError("{\"a\":1,}", "column 8");
        verifyMetadataError("{\"a\":1", "column 7");
        verifyMetadataError("[1]", "it is no JSON object");
        verifyMetadataError("{\"a\":1} x", "column 9");
        verifyMetadataError("", "empty");
        verifyMetadataError("{\"a\":1,\"b\":{\"c\":1,\"c\":2},\"a\":2}", "twice");
        verifyMetadataError("{\"a\":NaN}", "Non-standard token 'NaN';");
        verifyMetadataError("{\"a\":01}", "column");
    }

    @Test
    void shouldRefuseMetadataWhenTheyHaveNoJsonForm()
    {
        final Map<String, Object> cycle = new HashMap<>();
        cycle.put("self", cycle);
        final List<Object> ring = new ArrayList<>();
        ring.add(ring);
        verifyMetadataError(cycle, "at most 100 levels");
        verifyMetadataError(Map.of("ring", ring), "at most 100 levels");
        verifyMetadataError(Map.of("x", Double.NaN), "JSON has no such number");
        verifyMetadataError(Map.of("x", Float.POSITIVE_INFINITY), "JSON has no such number");
        verifyMetadataError(Map.of("x", new DoubleAdder()), "use a number of java.lang");
        verifyMetadataError(Map.of("x", Instant.EPOCH), "use String, Number, Boolean, null, List or Map");
        verifyMetadataError(Map.of("x", Map.of(1, 2)), "a name must be a String");
        verifyMetadataError(Collections.singletonMap(null, 1), "a name must be a String");
    }

    @Test
    void shouldKeepTheLimitOfMetadataWhenTheyGrow()
    {
        final int most = EventField.METADATA.maxLength();
        final String filler = "x".repeat(most - "{\"k\":\"\"}".length());
        builder.clear().type("t").metadata("k", filler);
        assertEquals(most, builder.metadata().length());
        assertEquals(most, fixture.encode().fieldLength(EventField.METADATA));
        builder.metadata("k", filler).metadata(Map.of("k", filler));
        assertEquals(most, builder.metadata().length());

        verifyMetadataError(Map.of("k", filler + "y"), "it has 65537 bytes, use at most 65536 bytes");
        assertThrows(EventValidationException.class, () -> builder.metadata("k", filler + "y"));
        assertThrows(EventValidationException.class, () -> builder.metadata("z", 1));
        assertEquals(most, builder.metadata().length());
        fixture.defaults.metadata(Map.of("h", 1));
        assertThrows(EventValidationException.class, fixture::encode);
        verifyMetadataError(Map.of("k", Collections.nCopies(1_000_000, filler)), "use at most 65536 bytes");
    }

    @Test
    void shouldTakeThePayloadWhenGivenInAnyForm()
    {
        final byte[] bytes = {1, 2, 3, 4};
        builder.clear().type("t").payload(bytes);
        bytes[0] = 9;
        assertArrayEquals(new byte[]{1, 2, 3, 4}, fixture.encode().payload());
        builder.payload(new UnsafeBuffer(bytes), 1, 2);
        assertArrayEquals(new byte[]{2, 3}, fixture.encode().payload());
        builder.payloadText("\u00e4");
        assertEquals(ContentType.TEXT, builder.contentType());
        assertArrayEquals(utf8("\u00e4"), fixture.encode().payload());
        builder.payloadJson(" {\"a\" : 1} ");
        assertEquals(ContentType.JSON, builder.contentType());
        assertArrayEquals(utf8(" {\"a\" : 1} "), fixture.encode().payload());
    }

    @Test
    void shouldUseTheCodeWhenAMediaTypeHasOne()
    {
        builder.clear().type("t").contentType("Application/Protobuf");
        assertEquals(ContentType.PROTOBUF, builder.contentType());
        assertEquals("application/protobuf", builder.mediaType());
        assertEquals(0, fixture.encode().fieldLength(EventField.CONTENT_TYPE));
        builder.contentType("application/xml");
        assertEquals("application/xml", builder.mediaType());
        builder.contentType(ContentType.SBE);
        assertEquals("application/sbe", builder.mediaType());
        assertEquals(0, fixture.encode().fieldLength(EventField.CONTENT_TYPE));
        builder.contentType((ContentType)null);
        assertEquals(ContentType.JSON, builder.contentType());
    }

    @Test
    void shouldCoverTheWholeRangeWhenATimestampIsSet()
    {
        builder.timestamp(Instant.ofEpochSecond(0, Long.MAX_VALUE));
        assertEquals(Long.MAX_VALUE, builder.eventTimeNs());
        builder.timestamp(Instant.ofEpochSecond(0, -Long.MAX_VALUE));
        assertEquals(-Long.MAX_VALUE, builder.eventTimeNs());
        assertEquals(Instant.ofEpochSecond(0, -Long.MAX_VALUE), builder.timestamp());
        builder.timestamp(Instant.ofEpochSecond(-1, 1));
        assertEquals(-999_999_999, builder.eventTimeNs());
        final EventValidationException ex = assertThrows(
            EventValidationException.class,
            () -> builder.timestamp(Instant.ofEpochSecond(0, Long.MAX_VALUE).plusNanos(1)));
        assertTrue(ex.getMessage().contains("2262-04-11"), ex.getMessage());
        assertThrows(
            EventValidationException.class,
            () -> builder.timestamp(Instant.ofEpochSecond(0, Long.MIN_VALUE)));
    }

    @Test
    void shouldWriteTheSameRecordWhenFilledFromOne()
    {
        fixture.full();
        final byte[] text = record(fixture.encode());
        final EventFlyweight copy = new EventFlyweight().wrap(new UnsafeBuffer(text), 0);
        builder.clear().from(copy);
        assertArrayEquals(text, record(fixture.encode()));

        fixture.full().id("0190f3c0-7e1a-7000-8000-0123456789ab").metadata(null).eventTimeNs(-5);
        final byte[] uuid = record(fixture.encode());
        builder.clear().from(new EventFlyweight().wrap(new UnsafeBuffer(uuid), 0));
        assertArrayEquals(uuid, record(fixture.encode()));
    }

    @Test
    void shouldKeepBytesThatAreNoObjectWhenFilledFromARecord()
    {
        final byte[] odd = utf8("{\"a\":1,\"a\":2");
        fixture.defaults.metadata(Map.of("host", "h"));
        fixture.encoder.wrap(fixture.buffer, OFFSET, 4096).uuid(1, 2)
            .put(EncodedText.of(EventField.TYPE, "t"))
            .put(EventField.METADATA, new UnsafeBuffer(odd), 0, odd.length)
            .complete();
        builder.from(new EventFlyweight().wrap(fixture.buffer, OFFSET));
        final EventFlyweight again = fixture.encode();

        assertEquals("{\"a\":1,\"a\":2", again.text(EventField.METADATA));
        final EventValidationException ex =
            assertThrows(EventValidationException.class, () -> builder.metadata("b", 1));
        assertTrue(ex.getMessage().contains("no JSON object, replace it as a whole"), ex.getMessage());
        builder.metadata(Map.of("b", 1));
        assertEquals("{\"b\":1}", builder.metadata());
    }

    private EventFlyweight encode(final String type)
    {
        builder.clear().type(type);
        return fixture.encode();
    }

    private void verifyLimit(final String field, final int limit, final Consumer<String> setter)
    {
        setter.accept("x".repeat(limit - 1));
        setter.accept("x".repeat(limit));
        final EventValidationException ex =
            assertThrows(EventValidationException.class, () -> setter.accept("x".repeat(limit + 1)));
        assertEquals(field, ex.field());
        assertTrue(ex.getMessage().startsWith(field + " 'xxxxx"), ex.getMessage());
        assertTrue(ex.getMessage().contains("it has " + (limit + 1) + " bytes"), ex.getMessage());
        final String bound = "type".equals(field) ? "use 1 to " : "use at most ";
        assertTrue(ex.getMessage().contains(bound + limit + " bytes of UTF-8"), ex.getMessage());
    }

    private void verifyMetadataError(final Map<String, ?> map, final String part)
    {
        final EventValidationException ex = assertThrows(EventValidationException.class, () -> builder.metadata(map));
        assertEquals("metadata", ex.field());
        assertTrue(ex.getMessage().contains(part), ex.getMessage());
    }

    private void verifyMetadataError(final String json, final String part)
    {
        final byte[] bytes = utf8(json);
        final EventValidationException ex =
            assertThrows(EventValidationException.class, () -> builder.metadata(bytes, 0, bytes.length));
        assertEquals("metadata", ex.field());
        assertTrue(ex.getMessage().contains(part), ex.getMessage());
    }

    private static Map<String, Object> metadata(final Object... pairs)
    {
        final Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2)
        {
            map.put((String)pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private static byte[] record(final EventFlyweight event)
    {
        final byte[] bytes = new byte[event.recordLength()];
        event.buffer().getBytes(event.offset(), bytes);
        return bytes;
    }
}
