package io.sluice.handlers.exchange;

import io.sluice.event.EventHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A few named values in a file that is there whole or not at all, and says so if it was damaged.
 *
 * <pre>
 *   sluice-export 1
 *   name=value          one a line; \\, \n and \r stand for a backslash and line ends
 *   checksum=0123456789abcdef     XXH3-64 of what stands before it
 * </pre>
 */
final class CheckpointFile
{
    private static final String CHECKSUM = "checksum=";
    private static final String HALF_MADE = ".new";
    private static final int MAX_LENGTH = 1 << 20;

    private CheckpointFile()
    {
    }

    /** Replace the file, durably. */
    static void write(final Path file, final String kind, final Map<String, String> values) throws IOException
    {
        final StringBuilder text = new StringBuilder(kind).append('\n');
        values.forEach((name, value) -> text.append(name).append('=').append(escape(value)).append('\n'));
        final String checksum = checksum(text.toString());
        text.append(CHECKSUM).append(checksum).append('\n');
        final Path half = file.resolveSibling(file.getFileName() + HALF_MADE);
        try (FileChannel channel = FileChannel.open(
            half, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))
        {
            final ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining())
            {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectoryOf(file);
    }

    /**
     * Check that what goes on is what was interrupted.
     *
     * @param request what is asked for.
     * @param values  that were read.
     * @param what    is interrupted.
     * @param remedy  for who wants something else.
     * @throws ExchangeRefusedException if another thing was asked for.
     */
    static void requireSame(
        final Map<String, String> request, final Map<String, String> values, final String what, final String remedy)
    {
        request.forEach((name, wanted) ->
        {
            final String given = values.get(name);
            if (!wanted.equals(given))
            {
                throw new ExchangeRefusedException(
                    "the interrupted " + what + " was asked for another " + name + ", '" + given + "', and this one " +
                    "for '" + wanted + "': ask for the same again, " + remedy);
            }
        });
    }

    /**
     * Read the file.
     *
     * @return its values.
     * @throws ExchangeRefusedException if it is damaged or of another kind.
     */
    static Map<String, String> read(final Path file, final String kind, final String remedy)
    {
        final String text = textOf(file, remedy);
        final int end = text.lastIndexOf(CHECKSUM);
        if (end < 0 || !text.substring(end).equals(CHECKSUM + checksum(text.substring(0, end)) + '\n') ||
            !text.startsWith(kind + '\n'))
        {
            throw new ExchangeRefusedException("checkpoint " + file + " is damaged, or of another version: " + remedy);
        }
        final Map<String, String> values = new LinkedHashMap<>();
        text.substring(kind.length() + 1, end).lines().forEach((line) ->
        {
            final int separator = line.indexOf('=');
            values.put(line.substring(0, separator), unescape(line.substring(separator + 1)));
        });
        return values;
    }

    /** Remove the file, durably. */
    static void remove(final Path file) throws IOException
    {
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + HALF_MADE));
        if (Files.deleteIfExists(file))
        {
            forceDirectoryOf(file);
        }
    }

    /** Make sure that a name survives a power loss. */
    static void forceDirectoryOf(final Path file) throws IOException
    {
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ))
        {
            directory.force(true);
        }
    }

    private static String textOf(final Path file, final String remedy)
    {
        try
        {
            if (Files.size(file) > MAX_LENGTH)
            {
                throw new ExchangeRefusedException("checkpoint " + file + " is damaged: " + remedy);
            }
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        }
        catch (final IOException ex)
        {
            throw new ExchangeException("checkpoint " + file + " can't be read: " + ex + "; " + remedy, ex);
        }
    }

    private static String checksum(final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final String digits = Long.toHexString(EventHash.hash64(new UnsafeBuffer(bytes), 0, bytes.length));
        return "0".repeat(16 - digits.length()) + digits;
    }

    private static String escape(final String value)
    {
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    private static String unescape(final String value)
    {
        final StringBuilder text = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++)
        {
            final char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length())
            {
                final char escaped = value.charAt(++i);
                text.append(escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped);
            }
            else
            {
                text.append(c);
            }
        }
        return text.toString();
    }
}
