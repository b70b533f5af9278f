package io.sluice.tools.tail;

import io.sluice.event.ContentType;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.tools.text.Colour;
import io.sluice.tools.text.PlainText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;

/**
 * An event as a line for people:
 *
 * <pre>
 *   2026-11-21T05:59:01.123Z       12 NORMAL   file.modified  git:sluice  0193…  pom.xml  {"path":"pom.xml",…
 *   recorded                 sequence priority type           source      id     subject  payload, its beginning
 * </pre>
 *
 * Control characters of the event show as escapes: nothing in an event can steer the terminal. Not thread-safe.
 */
final class EventText
{
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int SHOWN_PAYLOAD_BYTES = 160;
    private static final int SHOWN_BINARY_BYTES = 24;
    private static final int SHOWN_SUBJECT_CHARACTERS = 80;
    private static final Colour[] COLOURS = {Colour.RED, Colour.YELLOW, Colour.NONE, Colour.FAINT};

    private final StringBuilder line = new StringBuilder(256);
    private final boolean isColoured;

    EventText(final boolean isColoured)
    {
        this.isColoured = isColoured;
    }

    String line(final EventFlyweight event)
    {
        line.setLength(0);
        line.append(TIME.format(Instant.ofEpochSecond(
            Math.floorDiv(event.journalTime(), 1_000_000_000L), Math.floorMod(event.journalTime(), 1_000_000_000L))));
        final String sequence = Long.toString(event.sequence());
        line.append(" ".repeat(Math.max(1, 9 - sequence.length()))).append(sequence).append(' ');
        final Priority priority = event.priority();
        final String padded = priority.name() + " ".repeat(9 - priority.name().length());
        line.append(isColoured ? COLOURS[priority.code()].paint(padded) : padded);
        PlainText.appendPrintable(line, event.type());
        appendField(event.source());
        appendField(event.id());
        appendField(PlainText.shorten(event.text(EventField.SUBJECT), SHOWN_SUBJECT_CHARACTERS));
        if (event.verdict().isDuplicate())
        {
            line.append("  [duplicate of ").append(event.originalSequence()).append(']');
        }
        if ((event.flags() & EventDescriptor.FLAG_REPLAYED) != 0)
        {
            line.append("  [replayed]");
        }
        if ((event.flags() & EventDescriptor.FLAG_CORRECTION) != 0)
        {
            line.append("  [correction]");
        }
        appendPayload(event);
        return line.toString();
    }

    private void appendField(final String text)
    {
        if (!text.isEmpty())
        {
            line.append("  ");
            PlainText.appendPrintable(line, text);
        }
    }

    private void appendPayload(final EventFlyweight event)
    {
        final int length = event.fieldLength(EventField.PAYLOAD);
        if (length == 0)
        {
            return;
        }
        line.append("  ");
        final ContentType type = event.contentType();
        final boolean isText = type == ContentType.JSON || type == ContentType.TEXT;
        final byte[] shown = new byte[Math.min(length, isText ? SHOWN_PAYLOAD_BYTES : SHOWN_BINARY_BYTES)];
        event.buffer().getBytes(event.fieldOffset(EventField.PAYLOAD), shown);
        if (isText)
        {
            PlainText.appendPrintable(
                line, new String(shown, 0, PlainText.wholeCharacters(shown, length), StandardCharsets.UTF_8));
        }
        else
        {
            line.append("0x").append(HexFormat.of().formatHex(shown));
        }
        if (shown.length < length)
        {
            line.append("… (").append(length).append(" bytes)");
        }
    }
}
