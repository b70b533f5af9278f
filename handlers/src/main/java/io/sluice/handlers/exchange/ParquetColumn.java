package io.sluice.handlers.exchange;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Types;

/** The columns of Parquet, in their order: their types, how a row says its value, and takes one. */
// What the constants hold has no state.
@SuppressWarnings("ImmutableEnumChecker")
enum ParquetColumn
{
    SEQUENCE(false, (row) -> row.sequence != 0, (row) -> row.sequence, (row, value) -> row.sequence = value),
    RECORDED(true, (row) -> row.recorded != 0, (row) -> row.recorded, (row, value) -> row.recorded = value),
    ID((row) -> row.id, (row, value) -> row.id = value),
    TYPE((row) -> row.type, (row, value) -> row.type = value),
    SUBJECT((row) -> row.subject, (row, value) -> row.subject = value),
    SOURCE((row) -> row.source, (row, value) -> row.source = value),
    TIMESTAMP(true, (row) -> row.hasTimestamp, (row) -> row.timestamp, ParquetColumn::timestamp),
    PRIORITY((row) -> row.priority, (row, value) -> row.priority = value),
    CATEGORY((row) -> row.category, (row, value) -> row.category = value),
    CORRELATION_ID((row) -> row.correlationId, (row, value) -> row.correlationId = value),
    CAUSATION_ID((row) -> row.causationId, (row, value) -> row.causationId = value),
    SESSION_ID((row) -> row.sessionId, (row, value) -> row.sessionId = value),
    WORKFLOW_ID((row) -> row.workflowId, (row, value) -> row.workflowId = value),
    AGGREGATE_TYPE((row) -> row.aggregateType, (row, value) -> row.aggregateType = value),
    AGGREGATE_ID((row) -> row.aggregateId, (row, value) -> row.aggregateId = value),
    AGGREGATE_VERSION(
        false, (row) -> row.hasAggregateVersion, (row) -> row.aggregateVersion, ParquetColumn::aggregateVersion),
    VERSION((row) -> row.version, (row, value) -> row.version = value),
    CONTENT_TYPE((row) -> row.contentType, (row, value) -> row.contentType = value),
    METADATA(LogicalTypeAnnotation.jsonType(), (row) -> bytes(row.metadata), ParquetColumn::metadata),
    FLAGS((row) -> row.flags, (row, value) -> row.flags = value),
    ORIGINAL_SEQUENCE(
        false,
        (row) -> row.originalSequence != 0,
        (row) -> row.originalSequence,
        (row, value) -> row.originalSequence = value),
    PAYLOAD_JSON(
        LogicalTypeAnnotation.jsonType(),
        (row) -> row.encoding == PayloadEncoding.JSON ? row.payload : null,
        ParquetColumn::payloadJson),
    PAYLOAD(null, (row) -> row.encoding == PayloadEncoding.JSON ? null : row.payload, ParquetColumn::payload);

    private final String label = name().toLowerCase(Locale.ROOT);
    private final boolean isTime;
    private final LogicalTypeAnnotation annotation;
    private final Predicate<EventRow> isPresent;
    private final ToLongFunction<EventRow> longOf;
    private final LongSetter longSetter;
    private final Function<EventRow, byte[]> bytesOf;
    private final BiConsumer<EventRow, byte[]> bytesSetter;

    ParquetColumn(
        final boolean isTime,
        final Predicate<EventRow> isPresent,
        final ToLongFunction<EventRow> longOf,
        final LongSetter longSetter)
    {
        this.isTime = isTime;
        annotation = isTime ? LogicalTypeAnnotation.timestampType(true, TimeUnit.NANOS) : null;
        this.isPresent = isPresent;
        this.longOf = longOf;
        this.longSetter = longSetter;
        bytesOf = null;
        bytesSetter = null;
    }

    ParquetColumn(final Function<EventRow, String> textOf, final BiConsumer<EventRow, String> textSetter)
    {
        this(
            LogicalTypeAnnotation.stringType(),
            (row) -> bytes(textOf.apply(row)),
            (row, value) -> textSetter.accept(row, new String(value, StandardCharsets.UTF_8)));
    }

    ParquetColumn(
        final LogicalTypeAnnotation annotation,
        final Function<EventRow, byte[]> bytesOf,
        final BiConsumer<EventRow, byte[]> bytesSetter)
    {
        isTime = false;
        this.annotation = annotation;
        isPresent = (row) -> bytesOf.apply(row) != null;
        longOf = null;
        longSetter = null;
        this.bytesOf = bytesOf;
        this.bytesSetter = bytesSetter;
    }

    /** Sets a number. */
    @FunctionalInterface
    interface LongSetter
    {
        void set(EventRow row, long value);
    }

    String label()
    {
        return label;
    }

    boolean isTime()
    {
        return isTime;
    }

    boolean isLong()
    {
        return longOf != null;
    }

    /** @return true if every row has a value. */
    boolean isRequired()
    {
        return this == ID || this == TYPE || this == PRIORITY || this == CATEGORY;
    }

    /** @return true if least and greatest values are of use, and short. */
    boolean hasStatistics()
    {
        return this != METADATA && this != PAYLOAD && this != PAYLOAD_JSON;
    }

    boolean isPresent(final EventRow row)
    {
        return isPresent.test(row);
    }

    long longOf(final EventRow row)
    {
        return longOf.applyAsLong(row);
    }

    /** @return bytes of a row's value, null if absent. */
    byte[] bytesOf(final EventRow row)
    {
        return bytesOf.apply(row);
    }

    void set(final EventRow row, final long value)
    {
        longSetter.set(row, value);
    }

    /** Give a row a value; one without bytes is absent. */
    void set(final EventRow row, final byte[] value)
    {
        if (value.length > 0)
        {
            bytesSetter.accept(row, value);
        }
    }

    LogicalTypeAnnotation annotation()
    {
        return annotation;
    }

    static MessageType schema()
    {
        final Types.MessageTypeBuilder builder = Types.buildMessage();
        for (final ParquetColumn column : values())
        {
            builder.addField(column.type());
        }
        return builder.named("event");
    }

    /** @return the column of a name, null if there is none. */
    static ParquetColumn named(final String text)
    {
        for (final ParquetColumn column : values())
        {
            if (column.label.equals(text.toLowerCase(Locale.ROOT)))
            {
                return column;
            }
        }
        return null;
    }

    private PrimitiveType type()
    {
        return (isRequired() ? Types.required(isLong() ? INT64 : BINARY) : Types.optional(isLong() ? INT64 : BINARY))
            .as(annotation)
            .named(label);
    }

    private static byte[] bytes(final String text)
    {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static void timestamp(final EventRow row, final long value)
    {
        row.timestamp = value;
        row.hasTimestamp = true;
    }

    private static void aggregateVersion(final EventRow row, final long value)
    {
        row.aggregateVersion = value;
        row.hasAggregateVersion = true;
    }

    private static void metadata(final EventRow row, final byte[] value)
    {
        row.metadata = new String(value, StandardCharsets.UTF_8);
    }

    private static void payloadJson(final EventRow row, final byte[] value)
    {
        row.encoding = PayloadEncoding.JSON;
        row.payloadText = new String(value, StandardCharsets.UTF_8);
    }

    private static void payload(final EventRow row, final byte[] value)
    {
        row.encoding = PayloadEncoding.BASE64;
        row.payload = value;
    }
}
