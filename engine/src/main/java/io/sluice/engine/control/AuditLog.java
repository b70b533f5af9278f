package io.sluice.engine.control;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.agrona.CloseHelper;

/**
 * Who asked for what, and what came of it: {@code control/audit.ndjson}, an object a line, over all runs. A file that
 * is full becomes {@code audit.1.ndjson}, in place of the one before it. Not thread-safe; a write is not forced.
 */
final class AuditLog implements AutoCloseable
{
    static final String NAME = "audit.ndjson";
    static final String OLD_NAME = "audit.1.ndjson";

    private final Path file;
    private final long maxLength;
    // Not a channel: an interrupt of the host's thread would close that.
    private RandomAccessFile log;

    /**
     * @param directory of it, made if absent.
     * @param maxLength of a file in bytes.
     * @throws IOException if it can't be opened.
     */
    AuditLog(final Path directory, final long maxLength) throws IOException
    {
        this.maxLength = maxLength;
        Files.createDirectories(directory);
        file = directory.resolve(NAME);
        open();
    }

    /**
     * @param line without its end.
     * @throws IOException if it could not be written: then it is not there, not even a part of it.
     */
    void append(final String line) throws IOException
    {
        final byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        if (log == null || log.length() > 0 && log.length() + bytes.length > maxLength)
        {
            roll();
        }
        final long end = log.length();
        try
        {
            log.seek(end);
            log.write(bytes);
        }
        catch (final IOException ex)
        {
            log.setLength(end);
            throw ex;
        }
    }

    @Override
    public void close()
    {
        CloseHelper.quietClose(log);
        log = null;
    }

    private void roll() throws IOException
    {
        close();
        if (Files.exists(file) && Files.size(file) > 0)
        {
            Files.move(
                file,
                file.resolveSibling(OLD_NAME),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        }
        open();
    }

    private void open() throws IOException
    {
        if (!Files.exists(file))
        {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        log = new RandomAccessFile(file.toFile(), "rw");
        endTornLine();
    }

    // A process that was killed in the middle of a line must not spoil the first one of the next run.
    private void endTornLine() throws IOException
    {
        final long length = log.length();
        if (length > 0)
        {
            log.seek(length - 1);
            if (log.read() != '\n')
            {
                log.write('\n');
            }
        }
    }
}
