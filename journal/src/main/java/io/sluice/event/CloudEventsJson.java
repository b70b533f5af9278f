package io.sluice.event;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/**
 * Events in the structured JSON format of CloudEvents 1.0, in and out. A record that goes out and comes in again has
 * the same fields, all but those that belong to the journal.
 *
 * <pre>
 *   record                       CloudEvent
 *   id, type, subject            id, type, subject
 *   source                       source; percent-encoded where it is no URI reference, with the exact one in
 *                                sluicesource; {@value #NO_SOURCE} where there is none
 *   timestamp                    time
 *   content type, payload        datacontenttype, data or data_base64
 *   version                      dataschema if it is an absolute URI, else schemaversion
 *   priority, category           sluicepriority, sluicecategory
 *   correlation, causation,      correlationid, causationid, sessionid, workflowid
 *   session, workflow
 *   aggregate                    aggregatetype, aggregateid, aggregateversion (string)
 *   flags, duplicate verdicts    sluiceflags (names, commas between them)
 *   sequence, recorded,          sequence (string), recordedtime, originalsequence (string); ignored on input
 *   original
 *   metadata                     one extension attribute per member that can be one, the others in sluicemetadata
 * </pre>
 *
 * A member of the metadata can be an extension attribute if its name is 1 to 20 of a-z and 0-9 and means nothing else
 * here, and its value is a boolean, an integer of 32 bits, or a string without characters that JSON escapes. The others
 * stand together in {@code sluicemetadata}, which is a string that holds a JSON object, because an extension attribute
 * can't nest. Extension attributes that nobody knows become members of the metadata.
 *
 * <p>On input {@code specversion} 1.0, {@code id}, {@code source} and {@code type} are required, as CloudEvents says. A
 * {@code dataschema} of more than 64 bytes becomes a member of the metadata.
 *
 * <p>Not thread-safe: keep one per thread. Writing reuses one buffer that grows to the largest event.
 */
public final class CloudEventsJson
{
    /** Stands for an absent source, which CloudEvents does not allow. */
    public static final String NO_SOURCE = "urn:sluice:no-source";
    /** Media type of one event. */
    public static final String MEDIA_TYPE = "application/cloudevents+json";
    /** Media type of a batch. */
    public static final String BATCH_MEDIA_TYPE = "application/cloudevents-batch+json";

    private static final int INITIAL_CAPACITY = 1024;

    private final JsonBuffer out = new JsonBuffer(INITIAL_CAPACITY);
    private final CloudEventsWriter writer = new CloudEventsWriter(out);
    private final EventJsonReader reader = new EventJsonReader(true);

    /** A writer and reader with a buffer of its own. */
    public CloudEventsJson()
    {
    }

    /**
     * Write an event to {@link #buffer()}, from index 0, on one line without a line break.
     *
     * @param event to write.
     * @return number of bytes.
     */
    public int write(final EventFlyweight event)
    {
        writer.write(event);
        return out.length();
    }

    /** @return the buffer of the last {@link #write}, valid until the next one. */
    public DirectBuffer buffer()
    {
        return out.buffer();
    }

    /**
     * Write an event and a line feed, in one call of the stream.
     *
     * @param event  to write.
     * @param stream to write to.
     * @throws IOException from the stream.
     */
    public void writeLine(final EventFlyweight event, final OutputStream stream) throws IOException
    {
        writer.write(event);
        out.raw('\n');
        stream.write(out.bytes(), 0, out.length());
    }

    /**
     * @param event to write.
     * @return its JSON.
     */
    public String toJson(final EventFlyweight event)
    {
        writer.write(event);
        return out.toString();
    }

    /**
     * Read one event.
     *
     * @param json   one object in UTF-8.
     * @param offset of the first byte.
     * @param length in bytes.
     * @param event  filled with it; cleared before, and after an error.
     * @throws EventValidationException if an attribute is missing or has a value that is not allowed.
     * @throws EventException           if it is no JSON, with line and column.
     */
    public void read(final byte[] json, final int offset, final int length, final EventBuilder event)
    {
        reader.read(json, offset, length, event);
    }

    /**
     * Read one event.
     *
     * @param json  one object.
     * @param event filled with it; cleared before, and after an error.
     * @throws EventValidationException if an attribute is missing or has a value that is not allowed.
     * @throws EventException           if it is no JSON, with line and column.
     */
    public void read(final String json, final EventBuilder event)
    {
        event.clear();
        Utf8.length(json, "event");
        final byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        reader.read(bytes, 0, bytes.length, event);
    }

    /**
     * What the last event read says of itself: that it was a duplicate where it was written. The builder does not take
     * that over, as it belongs to that journal.
     *
     * @return {@link Verdict#DUPLICATE_ID}, {@link Verdict#DUPLICATE_CONTENT}, otherwise {@link Verdict#UNSEQUENCED}.
     */
    public Verdict readVerdict()
    {
        return reader.verdict();
    }

    /**
     * Read a batch, or one event that is no batch. Nothing is handed out if the bytes are no JSON; events before one
     * with a value that is not allowed are.
     *
     * @param json    array of events, or one event, in UTF-8.
     * @param offset  of the first byte.
     * @param length  in bytes.
     * @param event   filled with each event in turn.
     * @param handler called after each.
     * @return number of events.
     * @throws EventException if it is no JSON, with line and column; or names the first bad event, the cause says why.
     */
    public int readBatch(
        final byte[] json,
        final int offset,
        final int length,
        final EventBuilder event,
        final Consumer<EventBuilder> handler)
    {
        event.clear();
        JsonInput.read(json, offset, length, JsonInput::skip);
        final int[] count = new int[1];
        JsonInput.read(json, offset, length, (parser) ->
        {
            final boolean isBatch = parser.currentToken() == JsonToken.START_ARRAY;
            while (!isBatch || parser.nextToken() != JsonToken.END_ARRAY)
            {
                count[0]++;
                try
                {
                    reader.read(parser, json, offset, event);
                }
                catch (final EventException ex)
                {
                    throw new EventException("event " + count[0] + " of the batch: " + ex.getMessage(), ex);
                }
                handler.accept(event);
                if (!isBatch)
                {
                    return;
                }
            }
        });
        return count[0];
    }
}
