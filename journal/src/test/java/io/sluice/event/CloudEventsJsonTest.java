package io.sluice.event;

import static io.sluice.event.EventFixture.NOW_NS;
import static io.sluice.event.EventFixture.OFFSET;
import static io.sluice.event.EventFixture.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventsJsonTest
{
    private final EventFixture fixture = new EventFixture();
    private final EventBuilder builder = fixture.builder;
    private final CloudEventsJson json = new CloudEventsJson();

    @Test
    void shouldWriteEveryFieldWhenTheRecordHasAll()
    {
        fixture.full();
        final EventFlyweight event = fixture.encode();
        EventStamp.stamp(fixture.buffer, OFFSET, 7, 42, NOW_NS + 1000, Verdict.DUPLICATE_ID, 41);
        event.deliveryFlags(EventDescriptor.FLAG_REDELIVERED);

        assertEquals(
            "{\"specversion\":\"1.0\",\"id\":\"evt_1234567890\",\"source\":\"synthesis_pipeline\"," +
            "\"type\":\"pipeline.stage.completed\",\"time\":\"2024-01-20T10:30:00.123456789Z\"," +
            "\"subject\":\"Extraktion \u00e4\u20ac\ud83d\ude00\",\"datacontenttype\":\"application/vnd.acme+json\"," +
            "\"schemaversion\":\"1.2.0\",\"sluicepriority\":\"high\",\"sluicecategory\":\"integration\"," +
            "\"correlationid\":\"pipe_abc123\",\"causationid\":\"evt_0987654321\",\"sessionid\":\"session_abc\"," +
            "\"workflowid\":\"wf-1\",\"aggregatetype\":\"Analysis\",\"aggregateid\":\"a-17\"," +
            "\"aggregateversion\":\"3\"," +
            "\"sequence\":\"42\",\"recordedtime\":\"2024-01-20T10:30:00.123457789Z\"," +
            "\"sluiceflags\":\"duplicate-id,redelivered,replayed,correction\",\"originalsequence\":\"41\"," +
            "\"host\":\"worker-01\",\"sluicemetadata\":\"{\\\"tags\\\":[\\\"a\\\",\\\"b\\\"]}\"," +
            "\"data\":{\"stage\":\"extraction\"}}",
            json.toJson(event));
    }

    @Test
    void shouldWriteOnlyWhatIsRequiredWhenTheRecordIsSmall()
    {
        builder.clear().type("a").id("x").eventTimeNs(0);
        assertEquals(
            "{\"specversion\":\"1.0\",\"id\":\"x\",\"source\":\"urn:sluice:no-source\",\"type\":\"a\"," +
            "\"time\":\"1970-01-01T00:00:00Z\",\"sluicepriority\":\"normal\",\"sluicecategory\":\"domain\"}",
            json.toJson(fixture.encode()));
    }

    @Test
    void shouldKeepEveryFieldWhenARecordGoesOutAndIn()
    {
        fixture.full();
        assertRoundTrip();
        fixture.full().id("0190f3c0-7e1a-7000-8000-0123456789ab").source(null).payload(null);
        assertRoundTrip();
        builder.clear().type("t").id("1").eventTimeNs(-1).contentType(ContentType.TEXT);
        assertRoundTrip();
        builder.payload(new byte[]{1, -1, 0}).contentType(ContentType.SBE);
        assertRoundTrip();
        builder.payload(utf8("{\"a\":")).contentType(ContentType.JSON);
        assertRoundTrip();
        builder.payloadText("\u00e4\n\"").version("https://example.com/schemas/a");
        assertRoundTrip();
        assertTrue(json.toJson(fixture.encode()).contains("\"dataschema\":\"https://example.com/schemas/a\""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a b|a%20b", "/ok/%20?q=1#f|", "\u00e4|%C3%A4", "<x>|%3Cx%3E", "urn:x:y|", "a\\b\"c|a%5Cb%22c",
        "a#b#c|a%23b%23c", "1:2/x|1%3A2%2Fx", "100%|100%25", "//|%2F%2F", "[x]|%5Bx%5D", "a b#c#|a%20b%23c%23", "/|",
        ":|%3A", "a_b-1.2~|"})
    void shouldEncodeTheSourceWhenItIsNoUriReference(final String source, final String encoded)
    {
        builder.clear().type("t").id("1").source(source).eventTimeNs(1);
        final Map<String, Object> event = EventFixture.parseObject(json.toJson(fixture.encode()));
        assertEquals(encoded == null ? source : encoded, event.get("source"));
        assertEquals(encoded == null ? null : source, event.get("sluicesource"));
        assertRoundTrip();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", ":x", "a:", "1a:b", "a b:c", "a:b c", "x-1+2.z:y", "urn:a", "\u00e4:b"})
    void shouldKeepTheVersionWhenItMayOrMayNotBeAUri(final String version)
    {
        builder.clear().type("t").id("1").version(version).eventTimeNs(1);
        final Map<String, Object> event = EventFixture.parseObject(json.toJson(fixture.encode()));
        final boolean isUri = version.equals("x-1+2.z:y") || version.equals("urn:a");
        assertEquals(version, event.get(isUri ? "dataschema" : "schemaversion"));
        assertRoundTrip();
    }

    @Test
    void shouldNestOnlyWhatNoAttributeCanHoldWhenMetadataAreWritten()
    {
        final Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("traceparent", "00-4bf92f");
        metadata.put("flag1", true);
        metadata.put("flag0", false);
        metadata.put("least", Integer.MIN_VALUE);
        metadata.put("zero", 0);
        metadata.put("tooLong", 1);
        metadata.put("abcdefghijklmnopqrst", "20");
        metadata.put("abcdefghijklmnopqrstu", "21");
        metadata.put("", "empty");
        metadata.put("long", Integer.MAX_VALUE + 1L);
        metadata.put("longer", Long.MIN_VALUE);
        metadata.put("real", 1.5);
        metadata.put("none", null);
        metadata.put("list", List.of());
        metadata.put("map", Map.of());
        metadata.put("nothing", "");
        metadata.put("control", "a\nb");
        metadata.put("delete", "\u007f");
        metadata.put("version", "1.0.0");
        metadata.put("data", "reserved");
        metadata.put("topic", "reserved");
        metadata.put("\u00e4", 1);
        builder.clear().type("t").id("1").metadata(metadata).eventTimeNs(1);
        final Map<String, Object> event = EventFixture.parseObject(json.toJson(fixture.encode()));

        for (final String name : List.of("traceparent", "flag1", "flag0", "least", "zero", "abcdefghijklmnopqrst"))
        {
            assertTrue(event.containsKey(name), name);
        }
        final Map<String, Object> nested = EventFixture.parseObject((String)event.get("sluicemetadata"));
        assertEquals(metadata.size() - 6, nested.size(), nested.toString());
        for (final String name : event.keySet())
        {
            assertTrue(name.matches("[a-z0-9_]+"), name);
        }
        assertRoundTrip();
        new EventJson().read(json.toJson(fixture.encode()), builder);
        assertEquals(metadata.size(), EventFixture.parseObject(builder.metadata()).size());
    }

    @Test
    void shouldNestANegativeZeroWhenMetadataAreWritten()
    {
        builder.clear().type("t").id("1").eventTimeNs(1).metadata(utf8("{\"z\":-0,\"e\":1e2}"), 0, 16);
        assertTrue(json.toJson(fixture.encode()).contains("\"sluicemetadata\":\"{\\\"z\\\":-0,\\\"e\\\":1e2}\""));
        assertRoundTrip();
    }

    @Test
    void shouldNotBreakTheJsonWhenMetadataAreNoObject()
    {
        final byte[] odd = utf8("{\"a\":1");
        fixture.encoder.wrap(fixture.buffer, OFFSET, 4096).uuid(1, 2)
            .put(EncodedText.of(EventField.TYPE, "t"))
            .put(EventField.METADATA, new UnsafeBuffer(odd), 0, odd.length)
            .complete();
        final Map<String, Object> event =
            EventFixture.parseObject(json.toJson(new EventFlyweight().wrap(fixture.buffer, OFFSET)));
        assertEquals("{\"metadata_base64\":\"eyJhIjox\"}", event.get("sluicemetadata"));
    }

    @Test
    void shouldReadTheExampleOfTheSpecificationWhenGiven()
    {
        json.read(
            "{\"specversion\":\"1.0\",\"type\":\"com.example.someevent\",\"source\":\"/mycontext/4\"," +
            "\"subject\":null," +
            "\"id\":\"B234-1234-1234\",\"time\":\"2018-04-05T17:31:00Z\",\"comexampleextension1\":\"value\"," +
            "\"comexampleothervalue\":5,\"datacontenttype\":\"application/vnd.apache.thrift.binary\"," +
            "\"data_base64\":\"AQID\"}",
            builder);
        assertEquals("B234-1234-1234", builder.id());
        assertEquals("/mycontext/4", builder.source());
        assertEquals("{\"comexampleextension1\":\"value\",\"comexampleothervalue\":5}", builder.metadata());
        assertEquals("application/vnd.apache.thrift.binary", builder.mediaType());
        assertArrayEquals(new byte[]{1, 2, 3}, builder.payload());
    }

    @Test
    void shouldTakeOurOtherNamesForExtensionsWhenAnEventIsACloudEvent()
    {
        json.read(
            "{\"specversion\":\"1.0\",\"type\":\"t\",\"source\":\"s\",\"id\":\"1\",\"topic\":\"x\"," +
            "\"priority\":\"urgent\"," +
            "\"metadata\":7,\"payload\":8,\"data\":\"text\",\"datacontenttype\":\"application/xml\"," +
            "\"sequence\":\"9\"," +
            "\"sluiceflags\":\"mine\"}",
            builder);
        assertEquals("t", builder.type());
        assertEquals(Priority.NORMAL, builder.priority());
        assertEquals(
            "{\"topic\":\"x\",\"priority\":\"urgent\",\"metadata\":7,\"payload\":8,\"sluiceflags\":\"mine\"}",
            builder.metadata());
        assertEquals("text", new String(builder.payload(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}|specversion|needs specversion 1.0",
        "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}|specversion|use 1.0",
        "{\"specversion\":\"1.0\",\"source\":\"s\",\"type\":\"t\"}|id|needs an id",
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\"}|source|needs a source",
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"\",\"type\":\"t\"}|source|needs a source",
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\"}|type|every event needs a type",
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"," +
        "\"sluicemetadata\":{}}|sluicemetadata|string"})
    void shouldNameTheAttributeWhenItIsMissingOrWrong(final String text, final String field, final String part)
    {
        final EventValidationException ex =
            assertThrows(EventValidationException.class, () -> json.read(text, builder));
        assertEquals(field, ex.field());
        assertTrue(ex.getMessage().contains(part), ex.getMessage());
    }

    @Test
    void shouldHandOutEveryEventWhenReadingABatch() throws IOException
    {
        final ByteArrayOutputStream stream = new ByteArrayOutputStream();
        stream.write('[');
        for (int i = 0; i < 3; i++)
        {
            if (i > 0)
            {
                stream.write(',');
            }
            builder.clear().type("t" + i).payloadJson("{\"i\": " + i + "}");
            json.writeLine(fixture.encode(), stream);
        }
        stream.write(']');
        final List<String> seen = new ArrayList<>();
        final byte[] bytes = stream.toByteArray();
        final int count = json.readBatch(
            bytes,
            0,
            bytes.length,
            builder,
            (event) -> seen.add(event.type() + new String(event.payload(), StandardCharsets.UTF_8)));

        assertEquals(3, count);
        assertEquals(List.of("t0{\"i\": 0}", "t1{\"i\": 1}", "t2{\"i\": 2}"), seen);
        assertEquals(0, json.readBatch(utf8("[ ]"), 0, 3, builder, (event) -> seen.add("none")));
        final byte[] single = Arrays.copyOfRange(bytes, 1, indexOf(bytes, '\n'));
        assertEquals(1, json.readBatch(single, 0, single.length, builder, (event) -> seen.add(event.type())));
        assertEquals("t0", seen.get(3));
    }

    @Test
    void shouldSayWhichEventWhenABatchHasABadOne()
    {
        final byte[] bytes = utf8(
            "[{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"},{\"specversion\":\"1.0\"}]");
        final List<String> seen = new ArrayList<>();
        final EventException ex = assertThrows(
            EventException.class,
            () -> json.readBatch(bytes, 0, bytes.length, builder, (event) -> seen.add(event.id())));
        assertTrue(ex.getMessage().startsWith("event 2 of the batch: id"), ex.getMessage());
        assertEquals(List.of("1"), seen);

        final EventException malformed = assertThrows(
            EventException.class,
            () -> json.readBatch(bytes, 0, bytes.length - 1, builder, (event) -> seen.add("never")));
        assertTrue(malformed.getMessage().contains("column "), malformed.getMessage());
        assertEquals(1, seen.size());
        assertThrows(
            EventException.class, () -> json.readBatch(utf8("[1]"), 0, 3, builder, (event) -> seen.add("never")));
        assertEquals(1, seen.size());
    }

    @Test
    void shouldReadTheSliceWhenBytesLieInALargerArray()
    {
        builder.clear().type("t").payload(utf8("[1]"));
        final int length = json.write(fixture.encode());
        final byte[] bytes = new byte[length + 20];
        json.buffer().getBytes(0, bytes, 10, length);
        json.read(bytes, 10, length, builder);
        assertEquals("[1]", new String(builder.payload(), StandardCharsets.UTF_8));
    }

    private void assertRoundTrip()
    {
        final EventFlyweight event = fixture.encode();
        final byte[] before = new byte[event.recordLength()];
        event.copyTo(new UnsafeBuffer(before), 0);
        final String metadata = event.text(EventField.METADATA);
        json.read(json.toJson(event), builder);
        final String again = builder.metadata();
        assertEquals(parseOrNull(metadata), parseOrNull(again));
        // Members may change places; everything else has to be the same byte for byte.
        builder.metadata(null);
        if (!metadata.isEmpty())
        {
            builder.metadata(utf8(metadata), 0, utf8(metadata).length);
        }
        final EventFlyweight after = fixture.encode();
        final byte[] bytes = new byte[after.recordLength()];
        after.copyTo(new UnsafeBuffer(bytes), 0);
        assertArrayEquals(before, bytes);
    }

    private static Object parseOrNull(final String metadata)
    {
        return metadata.isEmpty() ? null : EventFixture.parse(metadata);
    }

    private static int indexOf(final byte[] bytes, final char wanted)
    {
        int at = 0;
        while (bytes[at] != wanted)
        {
            at++;
        }
        return at;
    }
}
