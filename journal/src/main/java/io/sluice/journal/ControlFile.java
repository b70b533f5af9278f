package io.sluice.journal;

import io.sluice.event.EventHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A small text file that grows, one fact a line, each closed by a checksum. A line that fails it, or that belongs into
 * another file, is passed over and counted; a last one that a crash cut short is not, where nobody relies on it.
 *
 * <pre>
 *   start run=… next=1 time=… pid=… #0123456789abcdef
 *   text of the fact               #XXH3-64 of it
 * </pre>
 */
final class ControlFile
{
    private static final String MARK = " #";
    private static final int HASH_DIGITS = 16;

    /**
     * What such a file holds.
     *
     * @param lines   sound ones, without checksum.
     * @param damaged other ones; one that was cut short at the end counts only if that may do harm.
     */
    record Content(List<String> lines, int damaged)
    {
    }

    private ControlFile()
    {
    }

    static Content read(final Path file, final ControlFileKind kind) throws IOException
    {
        final List<String> lines = new ArrayList<>();
        int damaged = 0;
        final String text;
        try
        {
            text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        }
        catch (final NoSuchFileException ex)
        {
            return new Content(lines, 0);
        }
        int at = 0;
        while (at < text.length())
        {
            final int end = text.indexOf('\n', at);
            final String line = text.substring(at, end < 0 ? text.length() : end);
            final int mark = line.length() - MARK.length() - HASH_DIGITS;
            if (end >= 0 && mark >= 0 && kind.isLine(line) && line.equals(seal(line.substring(0, mark))))
            {
                lines.add(line.substring(0, mark));
            }
            else if (end >= 0 || !kind.isCutHarmless())
            {
                damaged++;
            }
            at = end < 0 ? text.length() : end + 1;
        }
        return new Content(lines, damaged);
    }

    /** Append a line and force it to the device; where the file is new, its name too. */
    static void append(final Path file, final String line, final DeviceForce force) throws IOException
    {
        final boolean isNew = !Files.exists(file);
        try (FileChannel channel = FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            final long size = cutTornLine(channel);
            final ByteBuffer bytes = ByteBuffer.wrap((seal(line) + "\n").getBytes(StandardCharsets.UTF_8));
            long at = size;
            while (bytes.hasRemaining())
            {
                at += channel.write(bytes, at);
            }
            force.file(file, channel);
        }
        if (isNew)
        {
            force.directory(file.toAbsolutePath().getParent());
        }
    }

    /** Put new lines in the place of all; after a crash there are the old ones or the new ones. Forced. */
    static void replace(final Path file, final List<String> lines, final DeviceForce force) throws IOException
    {
        final Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.write(temporary, bytesOf(lines));
        force.file(temporary);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force.directory(file.getParent());
    }

    /** @return a value that can stand in a line: no white space. */
    static String word(final String value)
    {
        return value == null || value.isEmpty() ? "-" : value.replaceAll("\\s+", "_");
    }

    /**
     * Take everything out that is no sound line, having put the file aside.
     *
     * @return true if there was something.
     */
    static boolean dropUnsound(
        final Path file, final ControlFileKind kind, final Quarantine quarantine, final DeviceForce force)
        throws IOException
    {
        final List<String> lines = read(file, kind).lines();
        if (!Files.exists(file) || Arrays.equals(Files.readAllBytes(file), bytesOf(lines)))
        {
            return false;
        }
        quarantine.keep(file);
        replace(file, lines, force);
        return true;
    }

    /** @return the value of {@code name=} in a line. */
    static String valueOf(final String line, final String name)
    {
        final String value = valueOf(line, name, null);
        if (value == null)
        {
            throw new IllegalArgumentException("no " + name + "= in: " + line);
        }
        return value;
    }

    /** @return the value of {@code name=} in a line, or another one if there is none. */
    static String valueOf(final String line, final String name, final String otherwise)
    {
        for (final String word : line.split(" ", -1))
        {
            if (word.startsWith(name) && word.length() > name.length() && word.charAt(name.length()) == '=')
            {
                return word.substring(name.length() + 1);
            }
        }
        return otherwise;
    }

    static long longOf(final String line, final String name)
    {
        return Long.parseLong(valueOf(line, name));
    }

    private static long cutTornLine(final FileChannel channel) throws IOException
    {
        long size = channel.size();
        final ByteBuffer last = ByteBuffer.allocate(1);
        while (size > 0)
        {
            last.clear();
            channel.read(last, size - 1);
            if (last.get(0) == '\n')
            {
                break;
            }
            size--;
        }
        if (size < channel.size())
        {
            channel.truncate(size);
        }
        return size;
    }

    private static byte[] bytesOf(final List<String> lines)
    {
        final StringBuilder text = new StringBuilder();
        for (final String line : lines)
        {
            text.append(seal(line)).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String seal(final String line)
    {
        final byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        final long hash = EventHash.hash64(new UnsafeBuffer(bytes), 0, bytes.length);
        return line + MARK + String.format("%016x", hash);
    }
}
