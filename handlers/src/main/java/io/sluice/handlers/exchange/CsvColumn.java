package io.sluice.handlers.exchange;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventValidationException;
import io.sluice.event.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The columns of CSV, in their order: how a row says its value, and takes one. */
// What the constants hold has no state.
@SuppressWarnings("ImmutableEnumChecker")
enum CsvColumn
{
    SEQUENCE((row) -> number(row.sequence, row.sequence != 0), (row, text) -> row.sequence = integer("sequence", text)),
    RECORDED(
        (row) -> row.recorded == 0 ? null : Timestamps.text(row.recorded),
        (row, text) -> row.recorded = Timestamps.parse(text)),
    ID((row) -> row.id, (row, text) -> row.id = text),
    TYPE((row) -> row.type, (row, text) -> row.type = text),
    SUBJECT((row) -> row.subject, (row, text) -> row.subject = text),
    SOURCE((row) -> row.source, (row, text) -> row.source = text),
    TIMESTAMP((row) -> row.hasTimestamp ? Timestamps.text(row.timestamp) : null, CsvColumn::timestamp),
    PRIORITY((row) -> row.priority, (row, text) -> row.priority = text),
    CATEGORY((row) -> row.category, (row, text) -> row.category = text),
    CORRELATION_ID((row) -> row.correlationId, (row, text) -> row.correlationId = text),
    CAUSATION_ID((row) -> row.causationId, (row, text) -> row.causationId = text),
    SESSION_ID((row) -> row.sessionId, (row, text) -> row.sessionId = text),
    WORKFLOW_ID((row) -> row.workflowId, (row, text) -> row.workflowId = text),
    AGGREGATE_TYPE((row) -> row.aggregateType, (row, text) -> row.aggregateType = text),
    AGGREGATE_ID((row) -> row.aggregateId, (row, text) -> row.aggregateId = text),
    AGGREGATE_VERSION((row) -> number(row.aggregateVersion, row.hasAggregateVersion), CsvColumn::aggregateVersion),
    VERSION((row) -> row.version, (row, text) -> row.version = text),
    CONTENT_TYPE((row) -> row.contentType, (row, text) -> row.contentType = text),
    METADATA((row) -> row.metadata, (row, text) -> row.metadata = text),
    FLAGS((row) -> row.flags, (row, text) -> row.flags = text),
    ORIGINAL_SEQUENCE(
        (row) -> number(row.originalSequence, row.originalSequence != 0),
        (row, text) -> row.originalSequence = integer("original_sequence", text)),
    PAYLOAD_ENCODING(
        (row) -> row.encoding == null ? null : row.encoding.name().toLowerCase(Locale.ROOT), CsvColumn::encoding),
    PAYLOAD(CsvColumn::payload, (row, text) -> row.payloadText = text);

    private final String label = name().toLowerCase(Locale.ROOT);
    private final Function<EventRow, String> reader;
    private final BiConsumer<EventRow, String> writer;

    CsvColumn(final Function<EventRow, String> reader, final BiConsumer<EventRow, String> writer)
    {
        this.reader = reader;
        this.writer = writer;
    }

    /** @return the name in the header. */
    String label()
    {
        return label;
    }

    /** @return value of a row, null if absent. */
    String get(final EventRow row)
    {
        return reader.apply(row);
    }

    /** Give a row a value, which is not empty. */
    void set(final EventRow row, final String text)
    {
        writer.accept(row, text);
    }

    /** @return the column of a name, null if there is none. */
    static CsvColumn named(final String text)
    {
        final String wanted = text.trim().toLowerCase(Locale.ROOT);
        for (final CsvColumn column : values())
        {
            if (column.label.equals(wanted))
            {
                return column;
            }
        }
        return null;
    }

    /** The payload waits for its encoding, which may stand in a later column. */
    static void finish(final EventRow row)
    {
        if (row.payloadText == null)
        {
            row.encoding = null;
        }
        else if (row.encoding == null)
        {
            throw new EventValidationException(
                PAYLOAD_ENCODING.label, "", "say how the payload stands: json, text or base64");
        }
        else if (row.encoding == PayloadEncoding.BASE64)
        {
            row.payload = decode(row.payloadText);
        }
    }

    private static String payload(final EventRow row)
    {
        return row.encoding == PayloadEncoding.BASE64 ?
            Base64.getEncoder().encodeToString(row.payload) : row.payloadText;
    }

    private static byte[] decode(final String text)
    {
        try
        {
            return Base64.getDecoder().decode(text.getBytes(StandardCharsets.UTF_8));
        }
        catch (final IllegalArgumentException ex)
        {
            throw new EventValidationException(
                "payload", text, "use base64 with padding, RFC 4648 section 4 (" + ex.getMessage() + ")");
        }
    }

    private static void timestamp(final EventRow row, final String text)
    {
        row.timestamp = Timestamps.parse(text);
        row.hasTimestamp = true;
    }

    private static void aggregateVersion(final EventRow row, final String text)
    {
        row.aggregateVersion = integer(AGGREGATE_VERSION.label, text);
        row.hasAggregateVersion = true;
    }

    private static void encoding(final EventRow row, final String text)
    {
        for (final PayloadEncoding encoding : PayloadEncoding.values())
        {
            if (encoding.name().equals(text.trim().toUpperCase(Locale.ROOT)))
            {
                row.encoding = encoding;
                return;
            }
        }
        throw new EventValidationException(PAYLOAD_ENCODING.label, text, "use json, text or base64");
    }

    private static String number(final long value, final boolean isPresent)
    {
        return isPresent ? Long.toString(value) : null;
    }

    private static long integer(final String name, final String text)
    {
        try
        {
            final long value = Long.parseLong(text.trim());
            if (value != EventDescriptor.NO_AGGREGATE_VERSION)
            {
                return value;
            }
        }
        catch (final NumberFormatException ex)
        {
            // The error below names the value.
        }
        throw new EventValidationException(
            name, text, "use an integer from " + -Long.MAX_VALUE + " to " + Long.MAX_VALUE);
    }
}
