package io.sluice.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A place {@code DIR/quarantine/TIME/} for what is taken out of the journal; it is made when the first thing goes
 * there. What was kept is on the device when the call returns, so the original may go then. Not thread-safe.
 */
final class Quarantine
{
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);
    private static final int COPY_LENGTH = 1 << 16;

    private final Path parent;
    private final DeviceForce force;
    private final String name;
    private Path path;

    Quarantine(final DataDirectory directory, final DeviceForce force, final long nowNs)
    {
        parent = directory.quarantine();
        this.force = force;
        name = TIME.format(Instant.ofEpochSecond(Math.floorDiv(nowNs, 1_000_000_000L)));
    }

    /** @return the place, null if nothing was put there. */
    Path path()
    {
        return path;
    }

    /** @return the place, made if there was none. */
    Path make() throws IOException
    {
        if (path == null)
        {
            force.createDirectories(parent);
            for (int i = 0; path == null; i++)
            {
                try
                {
                    path = Files.createDirectory(parent.resolve(i == 0 ? name : name + "-" + i));
                }
                catch (final FileAlreadyExistsException ex)
                {
                    continue;
                }
            }
            force.directory(parent);
        }
        return path;
    }

    /** Keep a whole file under its name: the same file where the file system can do that, otherwise a copy. */
    Path keep(final Path file) throws IOException
    {
        final Path kept = make().resolve(file.getFileName());
        try
        {
            Files.createLink(kept, file);
        }
        catch (final UnsupportedOperationException | FileSystemException ex)
        {
            copy(file, 0, Files.size(file), kept);
        }
        force.file(kept);
        force.directory(path);
        return kept;
    }

    /** Keep a piece of a file, under a name that says where it lay. */
    Path keepPart(final Path file, final long from, final long to) throws IOException
    {
        final Path kept = make().resolve(file.getFileName() + ".from-" + from);
        copy(file, from, to, kept);
        force.file(kept);
        force.directory(path);
        return kept;
    }

    // Journal files are mostly holes: what is zero is not written.
    private static void copy(final Path file, final long from, final long to, final Path kept) throws IOException
    {
        try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ);
            FileChannel target =
                FileChannel.open(kept, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
        {
            final ByteBuffer bytes = ByteBuffer.allocate(COPY_LENGTH);
            long at = from;
            while (at < to)
            {
                bytes.clear().limit((int)Math.min(COPY_LENGTH, to - at));
                final int read = source.read(bytes, at);
                if (read < 0)
                {
                    break;
                }
                bytes.flip();
                if (at + read >= to || !isZero(bytes))
                {
                    final long start = at - from;
                    while (bytes.hasRemaining())
                    {
                        target.write(bytes, start + bytes.position());
                    }
                }
                at += read;
            }
        }
    }

    private static boolean isZero(final ByteBuffer bytes)
    {
        for (int i = bytes.position(); i < bytes.limit(); i++)
        {
            if (bytes.get(i) != 0)
            {
                return false;
            }
        }
        return true;
    }
}
