package io.sluice.tools.letters;

import io.sluice.event.ContentType;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.tools.text.PlainText;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A payload as a person reads it: JSON with a member a line, text line by line, anything else in hexadecimal with its
 * characters beside it. Control characters show as escapes. Of a long one the beginning. Stateless.
 */
final class PayloadText
{
    private static final int SHOWN_BYTES = 16_384;
    private static final int SHOWN_BINARY_BYTES = 512;
    private static final int BYTES_PER_LINE = 16;
    private static final String INDENT = "  ";

    private PayloadText()
    {
    }

    static void print(final EventFlyweight event, final PrintStream out)
    {
        final int length = event.fieldLength(EventField.PAYLOAD);
        if (length == 0)
        {
            out.println("no payload");
            return;
        }
        final String mediaType = new EventBuilder().from(event).mediaType();
        out.println("payload, " + PlainText.printable(mediaType) + ", " + length + (length == 1 ? " byte" : " bytes"));
        final byte[] shown = new byte[Math.min(length, SHOWN_BYTES)];
        event.buffer().getBytes(event.fieldOffset(EventField.PAYLOAD), shown);
        final String text = text(shown, length);
        final int shownLength;
        if (text != null && event.hasJsonPayload())
        {
            printJson(text, out);
            shownLength = shown.length;
        }
        else if (text != null && (event.contentType() == ContentType.TEXT || mediaType.startsWith("text/")))
        {
            text.lines().forEach((line) -> out.println(INDENT + PlainText.printable(line)));
            shownLength = shown.length;
        }
        else
        {
            shownLength = Math.min(shown.length, SHOWN_BINARY_BYTES);
            printBinary(shown, shownLength, out);
        }
        if (shownLength < length)
        {
            out.println(INDENT + "… " + (length - shownLength) + " more bytes; 'show --json' prints all of them");
        }
    }

    /** @return the bytes as text, without the part of a character at the end; null if they are none. */
    private static String text(final byte[] bytes, final int fullLength)
    {
        try
        {
            return StandardCharsets.UTF_8.newDecoder()
                .decode(ByteBuffer.wrap(bytes, 0, PlainText.wholeCharacters(bytes, fullLength))).toString();
        }
        catch (final CharacterCodingException ex)
        {
            return null;
        }
    }

    /** Tokens stay as they are; of what is no JSON, or cut, as much as there is. */
    private static void printJson(final String json, final PrintStream out)
    {
        final StringBuilder line = new StringBuilder(INDENT);
        int depth = 1;
        boolean isInText = false;
        for (int i = 0; i < json.length(); i++)
        {
            final char c = json.charAt(i);
            if (isInText)
            {
                line.append(c);
                if (c == '\\' && i + 1 < json.length())
                {
                    line.append(json.charAt(++i));
                }
                isInText = c != '"';
            }
            else if (c == '{' || c == '[')
            {
                final int next = nextToken(json, i + 1);
                final boolean isEmpty = next < json.length() && (json.charAt(next) == '}' || json.charAt(next) == ']');
                line.append(c);
                if (isEmpty)
                {
                    line.append(json.charAt(next));
                    i = next;
                }
                else
                {
                    flush(line, ++depth, out);
                }
            }
            else if (c == '}' || c == ']')
            {
                depth = Math.max(1, depth - 1);
                flush(line, depth, out);
                line.append(c);
            }
            else if (c == ',')
            {
                line.append(c);
                flush(line, depth, out);
            }
            else if (c == ':')
            {
                line.append(": ");
            }
            else if (!Character.isWhitespace(c))
            {
                line.append(c);
                isInText = c == '"';
            }
        }
        flush(line, 0, out);
    }

    private static int nextToken(final String json, final int from)
    {
        int at = from;
        while (at < json.length() && Character.isWhitespace(json.charAt(at)))
        {
            at++;
        }
        return at;
    }

    private static void flush(final StringBuilder line, final int depth, final PrintStream out)
    {
        if (!line.toString().isBlank())
        {
            out.println(PlainText.printable(line.toString()));
        }
        line.setLength(0);
        // A payload may be nested deeper than a terminal is wide.
        line.append(INDENT.repeat(Math.min(depth, 20)));
    }

    private static void printBinary(final byte[] bytes, final int length, final PrintStream out)
    {
        for (int at = 0; at < length; at += BYTES_PER_LINE)
        {
            final byte[] part = Arrays.copyOfRange(bytes, at, Math.min(length, at + BYTES_PER_LINE));
            final StringBuilder characters = new StringBuilder();
            for (final byte b : part)
            {
                characters.append(b >= ' ' && b < 0x7F ? (char)b : '.');
            }
            out.printf(
                "%s%06x  %-47s  %s%n", INDENT, at, HexFormat.ofDelimiter(" ").formatHex(part), characters);
        }
    }
}
