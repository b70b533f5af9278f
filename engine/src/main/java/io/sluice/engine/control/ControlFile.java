package io.sluice.engine.control;

import io.sluice.journal.DataDirectory;
import io.sluice.journal.MappingFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A client's side of the mapped file, opened only if it is what an engine of this user has made. Any thread, but not
 * after {@link #close()}.
 */
final class ControlFile implements AutoCloseable
{
    private static final int PERMISSION_BITS = 0777;
    private static final int OWNER_ONLY = 0600;
    private static final int NS_PER_S = 1_000_000_000;

    private final MappedByteBuffer mapped;
    private final UnsafeBuffer header;
    private final UnsafeBuffer ring;
    private final UnsafeBuffer replies;
    private final ProcessIdentity process;

    private ControlFile(final MappedByteBuffer mapped)
    {
        this.mapped = mapped;
        header = new UnsafeBuffer(mapped, 0, ControlLayout.HEADER_LENGTH);
        ring = new UnsafeBuffer(mapped, ControlLayout.RING_OFFSET, ControlLayout.RING_LENGTH);
        replies = new UnsafeBuffer(mapped, ControlLayout.REPLIES_OFFSET, ControlLayout.REPLIES_LENGTH);
        process = new ProcessIdentity(
            header.getLong(ControlLayout.PID_OFFSET),
            header.getLong(ControlLayout.PROCESS_START_OFFSET),
            header.getLong(ControlLayout.PID_SPACE_OFFSET));
    }

    /**
     * @param directory of the data.
     * @return the file.
     * @throws ControlException if there is none, or it is not to be trusted.
     */
    static ControlFile open(final DataDirectory directory)
    {
        final Path path = ControlLayout.file(directory.telemetry());
        try
        {
            checkOwner(path, Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS));
            return map(path);
        }
        catch (final NoSuchFileException ex)
        {
            throw new ControlException(ControlFailure.NO_ENGINE, missing(directory), ex);
        }
        catch (final IOException | UnsupportedOperationException ex)
        {
            throw new ControlException(
                ControlFailure.NOT_A_CHANNEL, "control channel " + path + " can't be opened: " + ex, ex);
        }
    }

    UnsafeBuffer ring()
    {
        return ring;
    }

    UnsafeBuffer replies()
    {
        return replies;
    }

    long pid()
    {
        return process.pid();
    }

    long runId()
    {
        return header.getLong(ControlLayout.RUN_ID_OFFSET);
    }

    /**
     * @param fault of the calling thread.
     * @return true if all of it can be read.
     */
    boolean isReadable(final MappingFault fault)
    {
        return fault.isReadable(header, 0, ControlLayout.HEADER_LENGTH) &&
            fault.isReadable(ring, 0, ControlLayout.RING_LENGTH) &&
            fault.isReadable(replies, 0, ControlLayout.REPLIES_LENGTH);
    }

    /** @return what the engine says of itself, as {@link ControlLayout#OPEN}. */
    long state()
    {
        return header.getLongVolatile(ControlLayout.STATE_OFFSET);
    }

    /** @return the engine's clock at its last duty cycle, nanoseconds since 1970 UTC. */
    long activityNs()
    {
        return header.getLongVolatile(ControlLayout.ACTIVITY_OFFSET);
    }

    /** @return why the engine will not answer, or null if it may. Reads files of the system. */
    ControlException failure()
    {
        final long state = state();
        if (state == ControlLayout.CLOSED)
        {
            return new ControlException(
                ControlFailure.CLOSED,
                "no engine runs there: the last one, in pid " + pid() + ", was closed at " + time(activityNs()) +
                "; start one");
        }
        if (process.isGone())
        {
            return new ControlException(
                ControlFailure.GONE,
                "no engine runs there: the last one, in pid " + pid() + ", is gone without having been closed; its " +
                "heartbeat stopped at " + time(activityNs()) + ", " + ago() + " ago; start one");
        }
        if (state == ControlLayout.REPLACED)
        {
            return new ControlException(
                ControlFailure.BROKEN_OFF,
                "the engine in pid " + pid() + " has made its control channel anew, because somebody else had " +
                "written to it: open it again");
        }
        if (state != ControlLayout.OPEN)
        {
            return new ControlException(
                ControlFailure.NOT_A_CHANNEL, "the control channel is in no known state (" + state +
                "): somebody has written to it; the engine makes it anew if it runs: try again");
        }
        return null;
    }

    /** @return how long ago the heartbeat was, for people. */
    String ago()
    {
        final Duration age = Duration.between(instant(activityNs()), Instant.now());
        return age.isNegative() ? "0 s" : age.toMillis() < 10_000 ? age.toMillis() + " ms" : age.toSeconds() + " s";
    }

    @Override
    public void close()
    {
        MappingFault.unmap(mapped);
    }

    private static void checkOwner(final Path path, final Map<String, Object> attributes) throws IOException
    {
        if (!Boolean.TRUE.equals(attributes.get("isRegularFile")))
        {
            throw new ControlException(
                ControlFailure.NOT_A_CHANNEL,
                "control channel " + path + " is no regular file: remove it, the engine makes it anew if it runs");
        }
        final Object owner = attributes.get("uid");
        final Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (!self.equals(owner))
        {
            throw new ControlException(
                ControlFailure.NOT_OWNED,
                "control channel " + path + " belongs to user id " + owner + ", and this process runs under " + self +
                ": run the command as the user of the engine");
        }
        final int mode = (Integer)attributes.get("mode") & PERMISSION_BITS;
        if (mode != OWNER_ONLY)
        {
            throw new ControlException(
                ControlFailure.NOT_OWNED,
                "control channel " + path + " has mode " + Integer.toOctalString(mode) + " instead of " +
                Integer.toOctalString(OWNER_ONLY) + ", so anybody may have written to it: remove it, the engine " +
                "makes it anew if it runs");
        }
    }

    private static ControlFile map(final Path path) throws IOException
    {
        try (FileChannel channel = FileChannel.open(
            path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))
        {
            final ByteBuffer first = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
            final long length = channel.size();
            final boolean isNamed = channel.read(first, 0) == Long.BYTES &&
                (first.getLong(0) & ~ControlLayout.VERSION_MASK) == ControlLayout.MAGIC;
            final long version = first.getLong(0) & ControlLayout.VERSION_MASK;
            if (isNamed && version != ControlLayout.VERSION)
            {
                throw new ControlException(
                    ControlFailure.OTHER_VERSION,
                    "control channel " + path + " has version " + version + ", and this program knows " +
                    ControlLayout.VERSION + ": use the sluice that came with the engine");
            }
            if (!isNamed || length != ControlLayout.FILE_LENGTH)
            {
                throw new ControlException(
                    ControlFailure.NOT_A_CHANNEL,
                    "control channel " + path + " is none: " + (isNamed ?
                    "it has " + length + " bytes instead of " + ControlLayout.FILE_LENGTH :
                    "it does not begin as one") + "; remove it, the engine makes it anew if it runs");
            }
            return new ControlFile(channel.map(FileChannel.MapMode.READ_WRITE, 0, ControlLayout.FILE_LENGTH));
        }
    }

    private static String missing(final DataDirectory directory)
    {
        return Files.exists(directory.formatFile()) ?
            "no control channel in " + directory.root() + ": no engine runs there that was started with one" :
            "no engine has ever run in " + directory.root() + ": check --dir";
    }

    private static String time(final long ns)
    {
        return instant(ns).toString();
    }

    private static Instant instant(final long ns)
    {
        return Instant.ofEpochSecond(Math.floorDiv(ns, NS_PER_S), Math.floorMod(ns, NS_PER_S));
    }
}
