package io.sluice.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;

/**
 * Exclusive right to append, to move files into the archive, or to index. The kernel gives it back when the process
 * ends, however it ends.
 *
 * <p>The lock belongs to the process and is dropped by the first close of <i>any</i> descriptor of the file in it. So a
 * file that this process holds is never opened again here: a set of held files answers first.
 */
public final class WriterLock implements AutoCloseable
{
    private static final Set<Path> HELD = new HashSet<>();
    private static final int TRIES = 5;
    private static final long PAUSE_NS = 2_000_000L;

    private final Path key;
    private final FileChannel channel;

    private WriterLock(final Path key, final FileChannel channel)
    {
        this.key = key;
        this.channel = channel;
    }

    static WriterLock acquire(final DataDirectory directory) throws IOException
    {
        return acquire(directory.lockFile(), "stop it, or use another directory");
    }

    /** The directory of the archive must exist. */
    static WriterLock acquireArchive(final DataDirectory directory) throws IOException
    {
        return acquire(directory.archiveLockFile(), "it archives there just now: try again in a while");
    }

    /**
     * The right to index; the directory of the index must exist.
     *
     * @param directory of the journal.
     * @return the lock, to be closed.
     * @throws DataDirectoryException if another process, or this one, has it already.
     * @throws IOException            if the file of the lock can't be written.
     */
    public static WriterLock acquireIndex(final DataDirectory directory) throws IOException
    {
        return acquire(directory.index().resolve("lock"), "it indexes there just now: leave it to that");
    }

    private static WriterLock acquire(final Path file, final String remedy) throws IOException
    {
        final Path directory = file.getParent();
        final Path key = directory.toRealPath().resolve(file.getFileName());
        synchronized (HELD)
        {
            if (HELD.contains(key))
            {
                throw busy(directory, "this process, pid " + ProcessHandle.current().pid(), remedy);
            }
            final FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            boolean isHeld = false;
            try
            {
                if (!tryLock(channel))
                {
                    throw busy(directory, holder(channel), remedy);
                }
                writeHolder(channel);
                isHeld = true;
            }
            finally
            {
                if (!isHeld)
                {
                    channel.close();
                }
            }
            HELD.add(key);
            return new WriterLock(key, channel);
        }
    }

    // Who only looks holds it for some microseconds.
    private static boolean tryLock(final FileChannel channel) throws IOException
    {
        for (int i = 0; i < TRIES; i++)
        {
            if (channel.tryLock() != null)
            {
                return true;
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        return false;
    }

    /**
     * Look whether somebody appends, without keeping anybody from it for longer than the look takes.
     *
     * @param directory to look at.
     * @return true if this process or another one has the right to append.
     */
    static boolean isAppending(final DataDirectory directory) throws IOException
    {
        final Path file = directory.lockFile();
        synchronized (HELD)
        {
            if (!Files.exists(file))
            {
                return false;
            }
            if (HELD.contains(file.getParent().toRealPath().resolve(file.getFileName())))
            {
                return true;
            }
            // To read is enough for a shared one: who verifies may have no right to write.
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true))
            {
                return lock == null;
            }
        }
    }

    static String hostName()
    {
        try
        {
            // The kernel's answer: a look-up through the resolver could go out to the network.
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();
        }
        catch (final IOException ex)
        {
            return "unknown";
        }
    }

    @Override
    public void close()
    {
        synchronized (HELD)
        {
            if (HELD.remove(key))
            {
                CloseHelper.close(channel);
            }
        }
    }

    // A pid says nothing without it: in a container, most are 1.
    private static String pidNamespace()
    {
        try
        {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        }
        catch (final IOException ex)
        {
            return "unknown";
        }
    }

    private static void writeHolder(final FileChannel channel) throws IOException
    {
        final ProcessHandle self = ProcessHandle.current();
        final String text = "pid=" + self.pid() +
            " start=" + self.info().startInstant().map(Object::toString).orElse("unknown") +
            " host=" + hostName() +
            " pidns=" + pidNamespace() + "\n";
        final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        final int length = bytes.remaining();
        channel.write(bytes, 0);
        channel.truncate(length);
    }

    private static String holder(final FileChannel channel) throws IOException
    {
        final ByteBuffer bytes = ByteBuffer.allocate(1024);
        channel.read(bytes, 0);
        bytes.flip();
        final String text = StandardCharsets.UTF_8.decode(bytes).toString().trim();
        // Empty if the holder took the lock in this very moment.
        if (text.isEmpty())
        {
            return "another process";
        }
        final boolean isOther = text.contains(" pidns=") && !text.endsWith(" pidns=" + pidNamespace());
        return "the process with " + text.replaceFirst("^pid=(\\d+)", "pid $1,") +
            (isOther ? ", a pid of another namespace or container" : "");
    }

    private static DataDirectoryException busy(final Path directory, final String holder, final String remedy)
    {
        return new DataDirectoryException(
            DirectoryState.BUSY, directory + " is in use by " + holder + "; " + remedy);
    }
}
