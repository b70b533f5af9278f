package io.sluice.handlers.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.jackson.JsonFormat;
import io.sluice.event.EventFlyweight;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is exported is read by programs that know nothing of Sluice. */
@Timeout(300)
class ForeignReadersTest
{
    private static final int EVENTS = 2000;
    private static final JsonFormat SDK = new JsonFormat();

    @TempDir
    private Path directory;
    private Path journal;
    private final List<EventRow> rows = new ArrayList<>();

    @BeforeEach
    void beforeEach()
    {
        journal = directory.resolve("journal");
        JournalFixture.appendRandom(journal, 7, EVENTS);
        JournalFixture.read(journal, (event) -> rows.add(row(event)));
    }

    @Test
    void shouldGiveEveryRowAndTypeWhenDuckDbReadsParquet() throws Exception
    {
        final Path file = exported("parquet");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
            Statement sql = connection.createStatement())
        {
            final Map<String, String> types = new TreeMap<>();
            try (ResultSet described = sql.executeQuery("DESCRIBE SELECT * FROM read_parquet('" + file + "')"))
            {
                while (described.next())
                {
                    types.put(described.getString(1), described.getString(2));
                }
            }
            assertEquals(ParquetColumn.values().length, types.size());
            assertEquals("BIGINT", types.get("sequence"));
            assertEquals("BIGINT", types.get("aggregate_version"));
            assertEquals("VARCHAR", types.get("type"));
            assertEquals("JSON", types.get("metadata"));
            assertEquals("JSON", types.get("payload_json"));
            assertEquals("BLOB", types.get("payload"));
            assertTrue(types.get("recorded").startsWith("TIMESTAMP"), types.get("recorded"));
            int count = 0;
            try (ResultSet found = sql.executeQuery(
                "SELECT *, epoch_ns(recorded) AS recorded_ns FROM read_parquet('" + file + "') ORDER BY sequence"))
            {
                while (found.next())
                {
                    assertRow(rows.get(count), found);
                    final EventRow row = rows.get(count);
                    assertEquals(row.recorded, found.getLong("recorded_ns"), row.id);
                    if (row.encoding == PayloadEncoding.JSON)
                    {
                        assertEquals(row.payloadText, found.getString("payload_json"));
                        assertEquals(null, found.getObject("payload"));
                    }
                    else
                    {
                        assertEquals(null, found.getString("payload_json"));
                        assertArrayEquals(row.payload, found.getBytes("payload"));
                    }
                    count++;
                }
            }
            assertEquals(EVENTS, count);
            assertPruning(sql, file);
        }
    }

    @Test
    void shouldGiveEveryValueWhenDuckDbReadsCsv() throws Exception
    {
        final Path file = exported("csv");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
            Statement sql = connection.createStatement();
            ResultSet found = sql.executeQuery(
                "SELECT * FROM read_csv('" + file + "', header = true, all_varchar = true, quote = '\"', " +
                "escape = '\"', delim = ',')"))
        {
            int count = 0;
            while (found.next())
            {
                final EventRow row = rows.get(count);
                assertRow(row, found);
                assertEquals(row.encoding == null ? null : CsvColumn.PAYLOAD_ENCODING.get(row),
                    found.getString("payload_encoding"));
                assertEquals(CsvColumn.PAYLOAD.get(row), found.getString("payload"), row.id);
                assertEquals(CsvColumn.TIMESTAMP.get(row), found.getString("timestamp"));
                count++;
            }
            assertEquals(EVENTS, count);
        }
    }

    @Test
    void shouldBeValidWhenTheCloudEventsSdkReadsLines() throws Exception
    {
        final List<String> lines = Files.readAllLines(exported("cloudevents"));
        assertEquals(EVENTS, lines.size());
        for (int i = 0; i < EVENTS; i++)
        {
            assertCloudEvent(rows.get(i), lines.get(i).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void shouldBeValidWhenTheCloudEventsSdkReadsABatch() throws Exception
    {
        final JsonNode batch = new ObjectMapper().readTree(Files.readAllBytes(exported("cloudevents-batch")));
        assertTrue(batch.isArray());
        assertEquals(EVENTS, batch.size());
        for (int i = 0; i < EVENTS; i++)
        {
            assertCloudEvent(rows.get(i), batch.get(i).toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private Path exported(final String format)
    {
        final Path file = directory.resolve("file");
        JournalFixture.export(journal, file, format, (context) -> {});
        return file;
    }

    private static void assertRow(final EventRow row, final ResultSet found) throws SQLException
    {
        assertEquals(row.sequence, found.getLong("sequence"));
        assertEquals(row.id, found.getString("id"));
        assertEquals(row.type, found.getString("type"));
        assertEquals(row.subject, found.getString("subject"));
        assertEquals(row.source, found.getString("source"));
        assertEquals(row.priority, found.getString("priority"));
        assertEquals(row.category, found.getString("category"));
        assertEquals(row.correlationId, found.getString("correlation_id"));
        assertEquals(row.causationId, found.getString("causation_id"));
        assertEquals(row.sessionId, found.getString("session_id"));
        assertEquals(row.workflowId, found.getString("workflow_id"));
        assertEquals(row.aggregateType, found.getString("aggregate_type"));
        assertEquals(row.aggregateId, found.getString("aggregate_id"));
        assertEquals(
            row.hasAggregateVersion ? Long.toString(row.aggregateVersion) : null, found.getString("aggregate_version"));
        assertEquals(row.version, found.getString("version"));
        assertEquals(row.contentType, found.getString("content_type"));
        assertEquals(row.metadata, found.getString("metadata"));
        assertEquals(row.flags, found.getString("flags"));
        assertEquals(null, found.getString("original_sequence"));
    }

    // Least and greatest values are what lets a reader pass over a row group.
    private static void assertPruning(final Statement sql, final Path file) throws SQLException
    {
        try (ResultSet found = sql.executeQuery(
            "SELECT stats_min_value, stats_max_value, compression FROM parquet_metadata('" + file +
            "') WHERE path_in_schema = 'sequence'"))
        {
            assertTrue(found.next());
            assertEquals("1", found.getString(1));
            assertEquals(Integer.toString(EVENTS), found.getString(2));
            assertEquals("ZSTD", found.getString(3));
            assertFalse(found.next());
        }
    }

    private static void assertCloudEvent(final EventRow row, final byte[] json)
    {
        if ("application/vnd.x+json".equals(row.contentType))
        {
            // The SDK takes a subtype with a dot for no JSON, which the specification does not say.
            return;
        }
        final CloudEvent event = SDK.deserialize(json);
        assertEquals(row.id, event.getId());
        assertEquals(row.type, event.getType());
        assertEquals(row.subject, event.getSubject());
        assertEquals(row.contentType, event.getDataContentType());
        assertEquals(row.priority, event.getExtension("sluicepriority"));
        assertEquals(row.correlationId, event.getExtension("correlationid"));
        assertEquals(Long.toString(row.sequence), event.getExtension("sequence"));
        final OffsetDateTime time = event.getTime();
        assertEquals(row.hasTimestamp, time != null);
        if (row.hasTimestamp)
        {
            assertEquals(
                Instant.ofEpochSecond(
                    Math.floorDiv(row.timestamp, 1_000_000_000L), Math.floorMod(row.timestamp, 1_000_000_000L)),
                time.toInstant());
        }
        assertEquals(row.encoding == null, event.getData() == null);
        if (row.encoding == PayloadEncoding.BASE64 && !row.contentType.endsWith("json") &&
            !row.contentType.startsWith("text"))
        {
            assertArrayEquals(row.payload, event.getData().toBytes());
        }
    }

    private static EventRow row(final EventFlyweight event)
    {
        final EventRow row = new EventRow();
        row.from(event);
        return row;
    }
}
