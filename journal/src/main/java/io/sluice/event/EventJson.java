package io.sluice.event;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/**
 * Events as JSON, one object on one line, in and out.
 *
 * <pre>
 *   {"sequence","id","type","subject","source","timestamp","recorded","priority","category","correlationId",
 *    "causationId","sessionId","workflowId","aggregate":{"type","id","version"},"version","contentType",
 *    "metadata":{…},"payload":…,"flags":[…],"originalSequence"}
 * </pre>
 *
 * <b>Out.</b> What an event does not have is left out; {@code sequence} and {@code recorded} before sequencing. Times
 * are ISO-8601 in UTC with as many decimals (0, 3, 6, 9) as they need. The flags are {@code duplicate-id}, {@code
 * duplicate-content} (with {@code originalSequence}), {@code redelivered}, {@code replayed} and {@code correction}.
 *
 * <p>The <b>payload</b> follows its content type, so that it reads back byte for byte:
 * <ul>
 * <li>JSON ({@code application/json}, {@code …/json}, {@code …+json}) stands as it is. Only where it has line breaks
 * between its tokens, all white space between tokens goes.</li>
 * <li>{@code text/…} stands as a string.</li>
 * <li>Everything else, and what is not what its content type says, stands as base64 under {@code payload_base64}.</li>
 * </ul>
 * Metadata that a hurried publisher wrote and that is no JSON object stands under {@code metadata_base64}.
 *
 * <p><b>In.</b> Only {@code type} is required. Accepted too: snake_case ({@code correlation_id}), {@code data} for the
 * payload, the names of CloudEvents ({@code time}, {@code datacontenttype}, {@code dataschema}, {@code data_base64} …),
 * numbers and booleans where a text is due, {@code topic} for the type (then {@code type} is the subject). The priority
 * is a name or 0 to 3. A time has a zone or is UTC; a number is milliseconds since 1970. {@code sequence}, {@code
 * recorded} and duplicate verdicts belong to the journal: they are ignored. Null is as good as absent, but for the
 * payload, where it is JSON. Members that nobody knows are kept in the metadata; one that stands there with another
 * value is an error, as is a member that stands twice.
 *
 * <p>Not thread-safe: keep one per thread. Writing reuses one buffer that grows to the largest event.
 */
public final class EventJson
{
    private static final int INITIAL_CAPACITY = 1024;

    private final JsonBuffer out = new JsonBuffer(INITIAL_CAPACITY);
    private final EventJsonWriter writer = new EventJsonWriter(out);
    private final EventJsonReader reader = new EventJsonReader(false);

    /** A writer and reader with a buffer of its own. */
    public EventJson()
    {
    }

    /**
     * Write an event to {@link #buffer()}, from index 0, without a line break.
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
     * @param json one object in UTF-8.
     * @param offset of the first byte.
     * @param length in bytes.
     * @param event  filled with it; cleared before, and after an error.
     * @throws EventValidationException if a value is not allowed.
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
     * @throws EventValidationException if a value is not allowed.
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
     * Read one event, to the end of the text.
     *
     * @param json  one object; not closed.
     * @param event filled with it; cleared before, and after an error.
     * @throws IOException              from the reader.
     * @throws EventValidationException if a value is not allowed.
     * @throws EventException           if it is no JSON, with line and column.
     */
    public void read(final Reader json, final EventBuilder event) throws IOException
    {
        final StringWriter text = new StringWriter();
        json.transferTo(text);
        read(text.toString(), event);
    }
}
