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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventJsonTest
{
    private final EventFixture fixture = new EventFixture();
    private final EventBuilder builder = fixture.builder;
    private final EventJson json = new EventJson();

    @Test
    void shouldWriteEveryFieldInOrderWhenTheRecordHasAll()
    {
        fixture.full();
        final EventFlyweight event = fixture.encode();
        EventStamp.stamp(fixture.buffer, OFFSET, 7, 42, NOW_NS + 1000, Verdict.DUPLICATE_ID, 41);
        event.deliveryFlags(EventDescriptor.FLAG_REDELIVERED);

        assertEquals(
            "{\"sequence\":42,\"id\":\"evt_1234567890\",\"type\":\"pipeline.stage.completed\"," +
            "\"subject\":\"Extraktion \u00e4\u20ac\ud83d\ude00\",\"source\":\"synthesis_pipeline\"," +
            "\"timestamp\":\"2024-01-20T10:30:00.123456789Z\",\"recorded\":\"2024-01-20T10:30:00.123457789Z\"," +
            "\"priority\":\"high\",\"category\":\"integration\",\"correlationId\":\"pipe_abc123\"," +
            "\"causationId\":\"evt_0987654321\",\"sessionId\":\"session_abc\",\"workflowId\":\"wf-1\"," +
            "\"aggregate\":{\"type\":\"Analysis\",\"id\":\"a-17\",\"version\":3},\"version\":\"1.2.0\"," +
            "\"contentType\":\"application/vnd.acme+json\",\"metadata\":{\"host\":\"worker-01\",\"tags\":[\"a\"," +
            "\"b\"]}," +
            "\"payload\":{\"stage\":\"extraction\"}," +
            "\"flags\":[\"duplicate-id\",\"redelivered\",\"replayed\",\"correction\"],\"originalSequence\":41}",
            json.toJson(event));
    }

    @Test
    void shouldLeaveOutWhatIsAbsentWhenTheRecordIsSmall()
    {
        builder.clear().type("a").id("x").eventTimeNs(0);
        assertEquals(
            "{\"id\":\"x\",\"type\":\"a\",\"timestamp\":\"1970-01-01T00:00:00Z\",\"priority\":\"normal\"," +
            "\"category\":\"domain\"}",
            json.toJson(fixture.encode()));
        builder.contentType(ContentType.PROTOBUF).aggregate(null, "7", EventDescriptor.NO_AGGREGATE_VERSION);
        assertTrue(json.toJson(fixture.encode()).endsWith(
            ",\"aggregate\":{\"id\":\"7\"},\"contentType\":\"application/protobuf\"}"), json.toJson(fixture.encode()));
        EventStamp.stamp(fixture.buffer, OFFSET, 1, 5, NOW_NS, Verdict.DUPLICATE_CONTENT, 3);
        assertTrue(json.toJson(new EventFlyweight().wrap(fixture.buffer, OFFSET)).endsWith(
            ",\"flags\":[\"duplicate-content\"],\"originalSequence\":3}"));
    }

    @Test
    void shouldWriteAUuidInItsUsualFormWhenTheIdIsOne()
    {
        builder.clear().type("a").id("0190f3c0-7e1a-7000-8000-0123456789ab");
        assertTrue(json.toJson(fixture.encode()).startsWith("{\"id\":\"0190f3c0-7e1a-7000-8000-0123456789ab\","));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1970-01-01T00:00:00Z",
        "1, 1970-01-01T00:00:00.000000001Z",
        "1000, 1970-01-01T00:00:00.000001Z",
        "1000000, 1970-01-01T00:00:00.001Z",
        "-1, 1969-12-31T23:59:59.999999999Z",
        "951782400000000000, 2000-02-29T00:00:00Z",
        "1709251199120000000, 2024-02-29T23:59:59.120Z",
        "4107542400000000000, 2100-03-01T00:00:00Z",
        "9223372036854775807, 2262-04-11T23:47:16.854775807Z",
        "-9223372036854775807, 1677-09-21T00:12:43.145224193Z"})
    void shouldKeepNanosecondsWhenATimeIsWrittenAndRead(final long epochNs, final String text)
    {
        builder.clear().type("a").eventTimeNs(epochNs);
        final String written = json.toJson(fixture.encode());
        assertTrue(written.contains("\"timestamp\":\"" + text + '"'), written);
        json.read(written, builder);
        assertEquals(epochNs, builder.eventTimeNs());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"2024-01-20T10:30:00Z\"|1705746600000000000",
        "\"2024-01-20T10:30:00\"|1705746600000000000",
        "\"2024-01-20 10:30:00.5\"|1705746600500000000",
        "\"2024-01-20T10:30\"|1705746600000000000",
        "\"2024-01-20\"|1705708800000000000",
        "\" 2024-01-20t10:30:00z \"|1705746600000000000",
        "\"2024-01-20T12:30:00+02:00\"|1705746600000000000",
        "\"2024-01-20T12:30:00+0200\"|1705746600000000000",
        "\"2024-01-20T12:30:00+02\"|1705746600000000000",
        "\"2024-01-20T10:30:00.123456789-00:30\"|1705748400123456789",
        "1705746600000|1705746600000000000",
        "1705746600000.25|1705746600000250000",
        "-1|-1000000",
        "1.5e3|1500000000",
        "0.0000009|0"})
    void shouldUnderstandATimeWhenItIsWrittenInAnyAcceptedForm(final String time, final long epochNs)
    {
        json.read("{\"type\":\"a\",\"timestamp\":" + time + "}", builder);
        assertEquals(epochNs, builder.eventTimeNs());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\"yesterday\"", "\"2024-13-01T00:00:00Z\"", "\"2024-02-30\"", "\"\"", "\"3000-01-01T00:00:00Z\"", "1e300",
        "1e999999999", "9223372036855", "-9223372036856", "true", "\"2024-01-20T10:30:00.1234567891Z\""})
    void shouldNameTheTimeWhenItIsNotValid(final String time)
    {
        final EventValidationException ex = assertThrows(
            EventValidationException.class,
            () -> json.read("{\"type\":\"a\",\"timestamp\":" + time + "}", builder));
        assertTrue(ex.getMessage().startsWith("timestamp '" + time.replace("\"", "") + '\''), ex.getMessage());
        assertTrue(ex.getMessage().contains("ISO-8601"), ex.getMessage());
        assertEquals("", builder.type());
    }

    @Test
    void shouldReadTheStorageFormatOfText004WhenGivenAsWritten()
    {
        json.read(
            "{\n    \"id\": \"evt_1234567890\",\n    \"timestamp\": \"2024-01-20T10:30:00Z\",\n" +
            "    \"type\": \"pipeline.stage.completed\",\n    \"source\": \"synthesis_pipeline\",\n" +
            "    \"correlation_id\": \"pipe_abc123\",\n    \"payload\": {\n        \"stage\": \"extraction\",\n" +
            "        \"duration_ms\": 1250,\n        \"items_processed\": 10\n    },\n    \"metadata\": {\n" +
            "        \"host\": \"worker-01\",\n        \"version\": \"1.0.0\"\n    }\n}\n",
            builder);

        assertEquals("evt_1234567890", builder.id());
        assertEquals("pipeline.stage.completed", builder.type());
        assertEquals("synthesis_pipeline", builder.source());
        assertEquals("pipe_abc123", builder.correlationId());
        assertEquals(1_705_746_600_000_000_000L, builder.eventTimeNs());
        assertEquals("{\"host\":\"worker-01\",\"version\":\"1.0.0\"}", builder.metadata());
        assertEquals("{\"stage\":\"extraction\",\"duration_ms\":1250,\"items_processed\":10}", payload());
    }

    @Test
    void shouldReadTheEventOfText001WhenTopicAndTypeAreGiven()
    {
        final String text = "{\"id\":\"e1\",\"topic\":\"hook.response\",\"type\":\"AssistantResponse\"," +
            "\"timestamp\":\"2024-01-20T10:30:00\",\"source\":\"hook\",\"data\":{\"k\":1},\"metadata\":{}," +
            "\"correlation_id\":null";
        json.read(text + "}", builder);
        assertEquals("hook.response", builder.type());
        assertEquals("AssistantResponse", builder.subject());
        assertEquals("", builder.correlationId());
        assertEquals("", builder.metadata());
        assertEquals("{\"k\":1}", payload());

        json.read(text + ",\"subject\":\"file\"}", builder);
        assertEquals("file", builder.subject());
        assertEquals("{\"type\":\"AssistantResponse\"}", builder.metadata());

        json.read("{\"topic\":\"hook.tool\"}", builder);
        assertEquals("hook.tool", builder.type());
        assertEquals("", builder.subject());
    }

    @Test
    void shouldReadTheEventOfText002WhenItHasProtobufPayload()
    {
        json.read(
            "{\"id\":\"0190f3c0-7e1a-4000-8000-0123456789ab\",\"type\":\"agent.started\",\"source\":\"agent-1\"," +
            "\"timestamp\":\"2024-01-20T10:30:00+00:00\",\"priority\":\"CRITICAL\",\"correlation_id\":\"c\"," +
            "\"metadata\":{\"a\":{\"b\":[1]}},\"content_type\":\"application/protobuf\",\"payload_base64\":\"CAE=\"," +
            "\"version\":\"1\"}",
            builder);
        assertEquals(Priority.CRITICAL, builder.priority());
        assertEquals(ContentType.PROTOBUF, builder.contentType());
        assertArrayEquals(new byte[]{8, 1}, builder.payload());
        assertEquals("1", builder.version());
    }

    @Test
    void shouldReadTheEventOfText003WhenItHasAggregateAndNumericPriority()
    {
        json.read(
            "{\"type\":\"analysis.started\",\"category\":\"domain\",\"priority\":1,\"version\":\"2\"," +
            "\"correlationId\":\"r\",\"causationId\":\"p\",\"aggregate\":{\"type\":\"Analysis\",\"id\":\"an-1\"," +
            "\"version\":1}," +
            "\"data\":{\"projectId\":\"123\",\"analysisId\":\"an-1\",\"type\":\"full\"}," +
            "\"metadata\":{\"userId\":\"u\",\"traceId\":\"t\",\"retryCount\":2}}",
            builder);
        assertEquals(Priority.HIGH, builder.priority());
        assertEquals("Analysis", builder.aggregateType());
        assertEquals("an-1", builder.aggregateId());
        assertEquals(1, builder.aggregateVersion());
        assertEquals("{\"userId\":\"u\",\"traceId\":\"t\",\"retryCount\":2}", builder.metadata());
        assertEquals("{\"projectId\":\"123\",\"analysisId\":\"an-1\",\"type\":\"full\"}", payload());
    }

    @Test
    void shouldAcceptAliasesWhenNamesAreOfOtherHouses()
    {
        json.read(
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"source\":\"s\",\"time\":\"2024-01-20T10:30:00Z\"," +
            "\"datacontenttype\":\"text/plain\",\"data_base64\":\"aGk=\",\"correlationid\":\"co\"," +
            "\"causationid\":\"ca\"," +
            "\"dataschema\":\"urn:x:1\",\"sluicepriority\":\"low\",\"sluicecategory\":\"ui\",\"sessionid\":\"se\"," +
            "\"workflowid\":\"wo\",\"aggregatetype\":\"at\",\"aggregateid\":\"ai\",\"aggregateversion\":\"12\"}",
            builder);
        assertEquals("hi", payload());
        assertEquals(ContentType.TEXT, builder.contentType());
        assertEquals("co", builder.correlationId());
        assertEquals("ca", builder.causationId());
        assertEquals("urn:x:1", builder.version());
        assertEquals(Priority.LOW, builder.priority());
        assertEquals(Category.UI, builder.category());
        assertEquals("se", builder.sessionId());
        assertEquals("wo", builder.workflowId());
        assertEquals("at", builder.aggregateType());
        assertEquals("ai", builder.aggregateId());
        assertEquals(12, builder.aggregateVersion());
        assertEquals("", builder.metadata());

        json.read(
            "{\"type\":\"t\",\"causation_id\":\"ca\",\"session_id\":\"se\",\"workflow_id\":\"wo\"," +
            "\"schema_version\":2," +
            "\"aggregate_type\":\"at\",\"aggregate_id\":5,\"aggregate_version\":6,\"priority\":\"3\"}",
            builder);
        assertEquals("ca", builder.causationId());
        assertEquals("se", builder.sessionId());
        assertEquals("wo", builder.workflowId());
        assertEquals("2", builder.version());
        assertEquals("5", builder.aggregateId());
        assertEquals(6, builder.aggregateVersion());
        assertEquals(Priority.LOW, builder.priority());
    }

    @Test
    void shouldIgnoreWhatIsTheJournalsWhenRead()
    {
        json.read(
            "{\"type\":\"t\",\"sequence\":{\"a\":[1]},\"recorded\":\"x\",\"recordedtime\":1,\"originalSequence\":3," +
            "\"flags\":[\"duplicate-id\",\"duplicate-content\",\"redelivered\"]}",
            builder);
        assertEquals(0, builder.flags());
        assertEquals("", builder.metadata());
        json.read("{\"type\":\"t\",\"flags\":[\"replayed\",\"correction\"]}", builder);
        assertEquals(EventDescriptor.FLAG_REPLAYED | EventDescriptor.FLAG_CORRECTION, builder.flags());
        json.read("{\"type\":\"t\",\"flags\":[]}", builder);
        assertEquals("", builder.metadata());
    }

    @Test
    void shouldKeepUnknownMembersWhenRead()
    {
        json.read(
            "{\"type\":\"t\",\"userId\":7,\"flags\":[\"urgent\"],\"specversion\":\"0.3\",\"metadata\":{\"a\":1," +
            "\"userId\":7}," +
            "\"deep\":{\"x\":[null,1.50]},\"aggregate\":{\"id\":\"i\",\"kind\":true,\"tags\":[1]}," +
            "\"dataschema\":\"https://example.com/schemas/this-is-a-rather-long-name-of-a-schema/v1\",\"none\":null}",
            builder);
        assertEquals(
            "{\"a\":1,\"userId\":7,\"flags\":[\"urgent\"],\"specversion\":\"0.3\",\"deep\":{\"x\":[null,1.50]}," +
            "\"aggregate\":{\"kind\":true,\"tags\":[1]},\"none\":null," +
            "\"dataschema\":\"https://example.com/schemas/this-is-a-rather-long-name-of-a-schema/v1\"}",
            builder.metadata());
        assertEquals("i", builder.aggregateId());

        json.read("{\"type\":\"t\",\"flags\":{\"a\":1},\"version\":\"1\",\"dataschema\":\"urn:a\"}", builder);
        assertEquals("{\"flags\":{\"a\":1},\"dataschema\":\"urn:a\"}", builder.metadata());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"id\":\"x\"}|type|every event needs a type",
        "{\"type\":\"\"}|type|no empty segment",
        "{\"type\":null}|type|every event needs a type",
        "{\"type\":\"a b\"}|type|white space",
        "{\"type\":\"t\",\"id\":\"\"}|id|1 to 128 bytes",
        "{\"type\":\"t\",\"priority\":\"urgent\"}|priority|use critical, high, normal or low",
        "{\"type\":\"t\",\"priority\":4}|priority|use critical, high, normal or low",
        "{\"type\":\"t\",\"category\":\"x\"}|category|use domain, system",
        "{\"type\":\"t\",\"source\":{}}|source|use a string",
        "{\"type\":\"t\",\"source\":[1]}|source|use a string",
        "{\"type\":\"t\",\"metadata\":[]}|metadata|use a JSON object",
        "{\"type\":\"t\",\"metadata\":\"x\"}|metadata|use a JSON object",
        "{\"type\":\"t\",\"metadata\":{\"a\":1,\"a\":2}}|metadata|twice",
        "{\"type\":\"t\",\"sluicemetadata\":\"[1]\"}|metadata|no JSON object",
        "{\"type\":\"t\",\"a\":1,\"metadata\":{\"a\":2}}|a|rename one",
        "{\"type\":\"t\",\"a\":1,\"a\":1}|a|twice",
        "{\"type\":\"t\",\"type\":\"u\"}|type|twice",
        "{\"type\":\"t\",\"payload\":1,\"data\":2}|payload|twice",
        "{\"type\":\"t\",\"payload\":1,\"data_base64\":\"\"}|payload|once as JSON and once as base64",
        "{\"type\":\"t\",\"data_base64\":\"@@\"}|payload|use base64",
        "{\"type\":\"t\",\"correlationId\":\"a\",\"correlation_id\":\"a\"}|correlationId|twice",
        "{\"type\":\"t\",\"aggregate\":\"x\"}|aggregate|use an object with type, id and version",
        "{\"type\":\"t\",\"aggregate\":{\"version\":1.5}}|aggregate.version|use an integer",
        "{\"type\":\"t\",\"aggregate\":{\"version\":-9223372036854775808}}|aggregate.version|use an integer",
        "{\"type\":\"t\",\"aggregate\":{\"id\":\"1\"},\"aggregateId\":\"1\"}|aggregateId|twice",
        "{\"type\":\"t\",\"contentType\":\"\"}|contentType|media type",
        "{\"type\":\"t\",\"subject\":\"\\ud800\"}|subject|half of a surrogate pair"})
    void shouldNameTheFieldWhenAValueIsNotAllowed(final String text, final String field, final String part)
    {
        final EventValidationException ex =
            assertThrows(EventValidationException.class, () -> json.read(text, builder));
        assertEquals(field, ex.field());
        assertTrue(ex.getMessage().contains(part), ex.getMessage());
        assertEquals("", builder.type());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "~~|JSON is empty",
        "{\"type\":\"t\"|column 12",
        "{\"type\":\"t\",}|column 13",
        "{\"type\":'t'}|column 9",
        "{\"type\":\"t\"} {}|column 14: more text",
        "{\"typ\u00e4\":\"t\" \"|column 13",
        "[{\"type\":\"t\"}]|column 1: an event is a JSON object",
        "17|column 1: an event is a JSON object",
        "{\"type\":\"a\tb\"}|column 11"})
    void shouldSayWhereWhenTheJsonIsMalformed(final String text, final String part)
    {
        final EventException ex = assertThrows(EventException.class, () -> json.read(text, builder));
        assertFalse(ex instanceof EventValidationException);
        assertTrue(ex.getMessage().contains(part), ex.getMessage());
    }

    @Test
    void shouldSayTheLineWhenTheJsonHasSeveral()
    {
        final EventException ex =
            assertThrows(EventException.class, () -> json.read("{\n\"type\":\"t\",\n  nope}", builder));
        assertTrue(ex.getMessage().contains("line 3, column "), ex.getMessage());
    }

    @Test
    void shouldRefuseBytesWhenTheyAreNotUtf8()
    {
        final byte[][] inputs = {
            "{\"type\":\"t\"}".getBytes(StandardCharsets.UTF_16LE),
            "{\"type\":\"t\"}".getBytes(StandardCharsets.UTF_16),
            {'{', '"', 't', 'y', 'p', 'e', '"', ':', '"', (byte)0xC0, (byte)0x80, '"', '}'},
            {'{', '"', 't', 'y', 'p', 'e', '"', ':', '"', (byte)0xE4, '"', '}'}};
        for (final byte[] input : inputs)
        {
            final EventException ex =
                assertThrows(EventException.class, () -> json.read(input, 0, input.length, builder));
            assertTrue(ex.getMessage().contains("not UTF-8"), ex.getMessage());
        }
    }

    @Test
    void shouldReadTheSliceWhenBytesLieInALargerArray() throws IOException
    {
        final byte[] bytes = utf8("}}{\"type\":\"t\",\"payload\":{\"a\": [1 ,2]} ,\"x\":1}{{");
        json.read(bytes, 2, bytes.length - 4, builder);
        assertEquals("{\"a\": [1 ,2]}", payload());
        json.read(new StringReader("\ufeff{\"type\":\"r\"}".substring(1)), builder);
        assertEquals("r", builder.type());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"a\":1}", "{ \"a\" : [ 1.0, 1e5, -0 ] }", "[]", "\"\"", "\"x\\u00e4\\/\\n\"", "null", "true", "17", "1.50",
        "{}",
        "[{\"a\":\"\\\"}\"},\"\\\\\"]", "123456789012345678901234567890"})
    void shouldKeepEveryByteWhenAJsonPayloadGoesOutAndIn(final String payload)
    {
        builder.clear().type("t").payload(utf8(payload));
        final String written = json.toJson(fixture.encode());
        assertTrue(written.contains(",\"payload\":" + payload + "}"), written);
        json.read(written, builder);
        assertEquals(payload, payload());
        assertEquals(ContentType.JSON, builder.contentType());
    }

    @Test
    void shouldRemoveWhiteSpaceWhenAJsonPayloadHasLineBreaks()
    {
        builder.clear().type("t").payload(utf8("\n{\r\n\t\"a b\" : [1 , \"\\\" \\n \" ]\n}\n"));
        final String written = json.toJson(fixture.encode());
        assertTrue(written.contains(",\"payload\":{\"a b\":[1,\"\\\" \\n \"]}}"), written);
        assertEquals(-1, written.indexOf('\n'));
    }

    @Test
    void shouldWriteBase64WhenAPayloadIsNotWhatItsTypeSays()
    {
        final byte[][] payloads = {
            {0}, {1, 2}, {1, 2, 3}, {-1, -2, -3, -4}, utf8("{\"a\":}"), utf8("{} {}"), utf8("plain"), utf8(" "),
            {'"', -1, '"'},
            utf8("\"a\nb\"")};
        for (final byte[] payload : payloads)
        {
            for (final ContentType type : new ContentType[]{ContentType.JSON, ContentType.BINARY, ContentType.SBE})
            {
                builder.clear().type("t").contentType(type).payload(payload);
                final String written = json.toJson(fixture.encode());
                assertTrue(written.contains(",\"payload_base64\":\""), written);
                assertFalse(written.contains("\"payload\""), written);
                json.read(written, builder);
                assertArrayEquals(payload, builder.payload());
                assertEquals(type, builder.contentType());
            }
        }
    }

    @Test
    void shouldWriteAStringWhenAPayloadIsText()
    {
        for (final String mediaType : new String[]{"text/plain", "text/csv; charset=utf-8", "TEXT/X"})
        {
            builder.clear().type("t").contentType(mediaType).payload(utf8("a\"\\\n\u0000\u00e4\ud83d\ude00"));
            final String written = json.toJson(fixture.encode());
            assertTrue(written.contains("\"payload\":\"a\\\"\\\\\\n\\u0000\u00e4\ud83d\ude00\""), written);
            json.read(written, builder);
            assertEquals("a\"\\\n\u0000\u00e4\ud83d\ude00", payload());
            assertEquals(mediaType.equals("text/plain") ? "text/plain" : mediaType, builder.mediaType());
        }
        builder.clear().type("t").contentType(ContentType.TEXT).payload(new byte[]{(byte)0x80});
        assertTrue(json.toJson(fixture.encode()).contains("\"payload_base64\":\"gA==\""));
    }

    @Test
    void shouldTakeWhatIsThereWhenAPayloadOfAnotherTypeIsEmbedded()
    {
        json.read("{\"type\":\"t\",\"payload\":\"<a/>\",\"contentType\":\"application/xml\"}", builder);
        assertEquals("<a/>", payload());
        json.read("{\"type\":\"t\",\"payload\":{\"a\":1},\"contentType\":\"text/plain\"}", builder);
        assertEquals("{\"a\":1}", payload());
        json.read("{\"type\":\"t\",\"payload\":null,\"contentType\":\"text/plain\"}", builder);
        assertEquals("", payload());
        json.read("{\"type\":\"t\",\"payload\":null,\"data\":null}", builder);
        assertEquals("null", payload());
        json.read("{\"type\":\"t\",\"payload\":null,\"data_base64\":\"aGk=\"}", builder);
        assertEquals("hi", payload());
    }

    @Test
    void shouldTellWhatAnEventSaysOfItselfWhenRead()
    {
        json.read("{\"type\":\"t\",\"flags\":[\"duplicate-content\",\"replayed\"]}", builder);
        assertEquals(Verdict.DUPLICATE_CONTENT, json.readVerdict());
        assertEquals(EventDescriptor.FLAG_REPLAYED, builder.flags());
        json.read("{\"type\":\"t\"}", builder);
        assertEquals(Verdict.UNSEQUENCED, json.readVerdict());
        json.read("{\"type\":\"t\",\"flags\":[\"duplicate-id\",\"mine\"]}", builder);
        assertEquals(Verdict.UNSEQUENCED, json.readVerdict());
        final CloudEventsJson cloudEvents = new CloudEventsJson();
        cloudEvents.read(
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/\",\"type\":\"t\",\"sluiceflags\":\"duplicate-id\"}",
            builder);
        assertEquals(Verdict.DUPLICATE_ID, cloudEvents.readVerdict());
    }

    @Test
    void shouldKeepMetadataThatAreNoObjectWhenWritten()
    {
        for (final String odd : new String[]{"[1]", "{\"a\":1", "7"})
        {
            final byte[] bytes = utf8(odd);
            fixture.encoder.wrap(fixture.buffer, OFFSET, 4096).uuid(1, 2)
                .put(EncodedText.of(EventField.TYPE, "t"))
                .put(EventField.METADATA, new UnsafeBuffer(bytes), 0, bytes.length)
                .complete();
            final String written = json.toJson(new EventFlyweight().wrap(fixture.buffer, OFFSET));
            final Map<String, Object> parsed = EventFixture.parseObject(written);
            assertEquals(Base64.getEncoder().encodeToString(bytes), parsed.get("metadata_base64"));
            json.read(written, builder);
            assertTrue(builder.metadata().startsWith("{\"metadata_base64\":"), builder.metadata());
        }
    }

    @Test
    void shouldReplaceBadBytesWhenATextIsNoUtf8()
    {
        fixture.encoder.wrap(fixture.buffer, OFFSET, 4096).uuid(1, 2)
            .put(EncodedText.of(EventField.TYPE, "t"))
            .put(EventField.SUBJECT, new UnsafeBuffer(new byte[]{'a', (byte)0xFF, '"'}), 0, 3)
            .complete();
        final Map<String, Object> parsed =
            EventFixture.parseObject(json.toJson(new EventFlyweight().wrap(fixture.buffer, OFFSET)));
        assertEquals("a\ufffd\"", parsed.get("subject"));
    }

    @Test
    void shouldWriteTheSameLineWhenTheBufferIsOffHeapOrTheWriterIsReused() throws IOException
    {
        fixture.full().payload(new byte[5000]);
        final String first = json.toJson(fixture.encode());
        final UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(8192));
        fixture.encode().copyTo(direct, 8);
        final EventFlyweight event = new EventFlyweight().wrap(direct, 8);
        final ByteArrayOutputStream stream = new ByteArrayOutputStream();
        json.writeLine(event, stream);
        assertEquals(first + "\n", stream.toString(StandardCharsets.UTF_8));
        final int length = json.write(event);
        assertEquals(first, json.buffer().getStringWithoutLengthUtf8(0, length));
        assertNull(new EventBuilder().timestamp());
    }

    private String payload()
    {
        return new String(builder.payload(), StandardCharsets.UTF_8);
    }
}
