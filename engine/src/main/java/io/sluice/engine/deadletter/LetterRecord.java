package io.sluice.engine.deadletter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.FailureKind;
import io.sluice.event.EventException;
import io.sluice.event.Timestamps;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/**
 * The object {@code metadata.deadLetter} of a record; the package documentation lists its members. Immutable. Reading
 * and writing it allocate.
 *
 * @param action          of the record.
 * @param letter          number of the letter.
 * @param firstOpen       number of the first letter that is open after this record; 0 if none is.
 * @param subscription    that failed.
 * @param sequence        of the event, in the journal of events.
 * @param runId           run that journaled the event.
 * @param recordedNs      when the event was journaled, nanoseconds since 1970 UTC.
 * @param attempts        calls of the handler.
 * @param cause           of the failure, null in a note.
 * @param kind            of the failure, null in a note.
 * @param exception       class of it, may be empty.
 * @param message         of the exception, or why a letter was dropped; may be empty.
 * @param firstFailureNs  nanoseconds since 1970 UTC.
 * @param lastFailureNs   nanoseconds since 1970 UTC.
 * @param isMetadataApart true if the metadata of the event are the payload of the next record.
 */
record LetterRecord(
    LetterAction action,
    long letter,
    long firstOpen,
    String subscription,
    long sequence,
    long runId,
    long recordedNs,
    int attempts,
    FailureCause cause,
    FailureKind kind,
    String exception,
    String message,
    long firstFailureNs,
    long lastFailureNs,
    boolean isMetadataApart)
{
    static final JsonFactory JSON =
        JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

    private static final int SECONDS_END = 19;
    private static final long SECONDS_PER_DAY = 86_400L;
    private static final JsonStringEncoder TEXT = JsonStringEncoder.getInstance();

    /** A copy of an event that failed. */
    static LetterRecord failed(
        final long letter,
        final long sequence,
        final long runId,
        final long recordedNs,
        final LetterFailure failure)
    {
        return new LetterRecord(
            LetterAction.DEAD_LETTERED,
            letter,
            0,
            failure.subscription(),
            sequence,
            runId,
            recordedNs,
            failure.attempts(),
            failure.cause(),
            failure.kind(),
            failure.exception(),
            failure.message(),
            failure.firstFailureNs(),
            failure.lastFailureNs(),
            false);
    }

    /** A note about a letter. */
    static LetterRecord note(final LetterAction action, final LetterStatus letter, final String message)
    {
        return new LetterRecord(
            action, letter.letter(), 0, letter.subscription(), letter.sequence(), 0, 0, 0, null, null, "", message, 0,
            0, false);
    }

    /** This with another action; a copy stays a copy. */
    LetterRecord as(final LetterAction other)
    {
        return new LetterRecord(
            other, letter, firstOpen, subscription, sequence, runId, recordedNs, attempts, cause, kind, exception,
            message, firstFailureNs, lastFailureNs, false);
    }

    LetterRecord firstOpen(final long number)
    {
        return new LetterRecord(
            action, letter, number, subscription, sequence, runId, recordedNs, attempts, cause, kind, exception,
            message, firstFailureNs, lastFailureNs, isMetadataApart);
    }

    LetterRecord metadataApart()
    {
        return new LetterRecord(
            action, letter, firstOpen, subscription, sequence, runId, recordedNs, attempts, cause, kind, exception,
            message, firstFailureNs, lastFailureNs, true);
    }

    /** @return true if this begins a letter. */
    boolean isFirst(final long recordSequence)
    {
        return action == LetterAction.DEAD_LETTERED && letter == recordSequence;
    }

    /** @return the object as JSON, in ASCII but for the texts. */
    String json()
    {
        final StringBuilder out = new StringBuilder(512);
        out.append("{\"action\":\"").append(action.label()).append("\",\"letter\":").append(letter)
            .append(",\"firstOpen\":").append(firstOpen);
        text(out, "subscription", subscription);
        out.append(",\"sequence\":").append(sequence);
        if (action.isCopy())
        {
            // As a text: many readers of JSON keep no more than 53 bits of a number.
            out.append(",\"run\":\"").append(runId).append('"');
            time(out, "recorded", recordedNs);
            out.append(",\"attempts\":").append(attempts);
            text(out, "cause", cause.name());
            text(out, "exception", exception);
        }
        if (action.isCopy() || !message.isEmpty())
        {
            text(out, "message", message);
        }
        if (action.isCopy())
        {
            text(out, "kind", kind.name());
            time(out, "firstFailure", firstFailureNs);
            time(out, "lastFailure", lastFailureNs);
            if (isMetadataApart)
            {
                out.append(",\"metadataApart\":true");
            }
        }
        return out.append('}').toString();
    }

    /**
     * @param metadata of a record.
     * @return what it says of a dead letter; null if it says nothing, or what this version does not understand.
     */
    static LetterRecord parse(final byte[] metadata)
    {
        try (JsonParser parser = JSON.createParser(metadata))
        {
            if (parser.nextToken() != JsonToken.START_OBJECT)
            {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME)
            {
                final boolean isLetter = LetterMetadata.MEMBER.equals(parser.currentName());
                if (parser.nextToken() == JsonToken.START_OBJECT && isLetter)
                {
                    return new Reader().read(parser);
                }
                parser.skipChildren();
            }
            return null;
        }
        catch (final IOException | EventException | IllegalArgumentException | DateTimeException ex)
        {
            return null;
        }
    }

    /**
     * Reads what {@link Timestamps#text} writes; a pass over a million letters spends most of its time in the formatter
     * otherwise.
     */
    static long time(final String text)
    {
        final int end = text.length() - 1;
        final boolean isPlain = end >= SECONDS_END && end <= SECONDS_END + 10 && text.charAt(end) == 'Z' &&
            text.charAt(4) == '-' && text.charAt(7) == '-' && text.charAt(10) == 'T' && text.charAt(13) == ':' &&
            text.charAt(16) == ':' && (end == SECONDS_END || text.charAt(SECONDS_END) == '.');
        if (!isPlain)
        {
            return Timestamps.parse(text);
        }
        // Between the point and the Z stand 0 to 9 digits of a second.
        long ns = number(text, Math.min(end, SECONDS_END + 1), end);
        for (int i = end; i < SECONDS_END + 10; i++)
        {
            ns *= 10;
        }
        final long day =
            LocalDate.of((int)number(text, 0, 4), (int)number(text, 5, 7), (int)number(text, 8, 10)).toEpochDay();
        final long second = number(text, 11, 13) * 3_600 + number(text, 14, 16) * 60 + number(text, 17, 19);
        final Instant instant = Instant.ofEpochSecond(day * SECONDS_PER_DAY + second, ns);
        return Timestamps.epochNs(instant);
    }

    private static long number(final String text, final int from, final int to)
    {
        long number = 0;
        for (int i = from; i < to; i++)
        {
            final int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9)
            {
                throw new IllegalArgumentException("'" + text + "' is no time");
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static void text(final StringBuilder out, final String name, final String value)
    {
        out.append(",\"").append(name).append("\":\"");
        TEXT.quoteAsString(value, out);
        out.append('"');
    }

    private static void time(final StringBuilder out, final String name, final long epochNs)
    {
        out.append(",\"").append(name).append("\":\"").append(Timestamps.text(epochNs)).append('"');
    }

    /** Collects the members. */
    private static final class Reader
    {
        private LetterAction action;
        private long letter;
        private long firstOpen;
        private String subscription = "";
        private long sequence;
        private long runId;
        private long recordedNs;
        private int attempts;
        private FailureCause cause;
        private FailureKind kind;
        private String exception = "";
        private String message = "";
        private long firstFailureNs;
        private long lastFailureNs;
        private boolean isMetadataApart;

        private LetterRecord read(final JsonParser parser) throws IOException
        {
            while (parser.nextToken() == JsonToken.FIELD_NAME)
            {
                final String name = parser.currentName();
                parser.nextToken();
                member(name, parser);
                parser.skipChildren();
            }
            final boolean isWhole = action != null && letter > 0 && sequence > 0 && !subscription.isEmpty() &&
                (!action.isCopy() || cause != null && kind != null);
            return !isWhole ? null : new LetterRecord(
                action, letter, firstOpen, subscription, sequence, runId, recordedNs, attempts, cause, kind, exception,
                message, firstFailureNs, lastFailureNs, isMetadataApart);
        }

        private void member(final String name, final JsonParser parser) throws IOException
        {
            switch (name)
            {
                case "action" -> action = LetterAction.of(parser.getText());
                case "letter" -> letter = parser.getLongValue();
                case "firstOpen" -> firstOpen = parser.getLongValue();
                case "subscription" -> subscription = parser.getText();
                case "sequence" -> sequence = parser.getLongValue();
                case "run" -> runId = Long.parseLong(parser.getText());
                case "recorded" -> recordedNs = time(parser.getText());
                case "attempts" -> attempts = parser.getIntValue();
                case "cause" -> cause = FailureCause.valueOf(parser.getText());
                case "kind" -> kind = FailureKind.valueOf(parser.getText());
                case "exception" -> exception = parser.getText();
                case "message" -> message = parser.getText();
                case "firstFailure" -> firstFailureNs = time(parser.getText());
                case "lastFailure" -> lastFailureNs = time(parser.getText());
                case "metadataApart" -> isMetadataApart = parser.getBooleanValue();
                default ->
                {
                    // A later version says more.
                }
            }
        }
    }
}
