package io.sluice.engine.control;

import io.sluice.journal.DataDirectory;
import io.sluice.journal.MappingFault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Asks the engine of a data directory to do something, from any process of the same user.
 *
 * <pre>{@code
 * try (ControlClient client = ControlClient.open(directory))
 * {
 *     ControlAnswer answer = client.request("ping", new ControlJson(), TimeUnit.SECONDS.toNanos(5));
 * }
 * }</pre>
 *
 * <p>A client belongs to one run of the engine: after that has ended, open another one. Thread-safe; requests of
 * several threads wait for their answers side by side.
 */
public final class ControlClient implements AutoCloseable
{
    /** What the arguments of a command may have at most, in bytes of UTF-8. */
    public static final int MAX_ARGUMENTS_LENGTH = CommandMessage.MAX_ARGUMENTS_LENGTH;

    private final ControlFile file;
    private final byte[] user;
    private final long client = new SecureRandom().nextLong();
    private final AtomicLong correlation = new AtomicLong();
    // Requests read: the mapping must not go away under them.
    private final ReadWriteLock use = new ReentrantReadWriteLock();
    private volatile boolean closed;
    private boolean unmapped;

    private ControlClient(final ControlFile file)
    {
        this.file = file;
        final byte[] name = System.getProperty("user.name", "").getBytes(StandardCharsets.UTF_8);
        user = name.length > CommandMessage.MAX_USER_LENGTH ? new byte[0] : name;
    }

    /**
     * Find the engine of a directory.
     *
     * @param directory of the data.
     * @return a client of the engine that runs there.
     * @throws ControlException if none does, or its file is not to be trusted; {@link ControlException#failure()} says
     *                          which.
     */
    public static ControlClient open(final Path directory)
    {
        final ControlFile file = ControlFile.open(new DataDirectory(directory));
        final ControlException failure = file.failure();
        if (failure != null)
        {
            file.close();
            throw failure;
        }
        return new ControlClient(file);
    }

    /** @return process id of the engine. */
    public long pid()
    {
        return used(file::pid);
    }

    /** @return id of the engine's run. */
    public long runId()
    {
        return used(file::runId);
    }

    /**
     * Ask for something and wait for the answer. Blocks; allocates.
     *
     * @param command   name of it, for example {@code ping}.
     * @param arguments of it; ended by this call.
     * @param timeoutNs to wait at most, more than 0 nanoseconds.
     * @return the answer.
     * @throws ControlRefusedException  if the engine refused.
     * @throws ControlException         if there was no answer; {@link ControlFailure#isOutcomeUnknown()} says whether
     *                                  the command may be carried out all the same.
     * @throws IllegalArgumentException if name, arguments or time-out are not allowed.
     */
    public ControlAnswer request(final String command, final ControlJson arguments, final long timeoutNs)
    {
        final byte[] name = bytes("command", command, CommandMessage.MAX_NAME_LENGTH);
        final byte[] json = bytes("arguments", arguments.toString(), MAX_ARGUMENTS_LENGTH);
        if (name.length == 0 || timeoutNs <= 0)
        {
            throw new IllegalArgumentException(
                "command='" + command + "' timeoutNs=" + timeoutNs + ": give a name, and more than 0");
        }
        final ReplyKey key = new ReplyKey(client, correlation.incrementAndGet());
        final byte[] message = CommandMessage.command(
            key, ProcessHandle.current().pid(), timeoutNs, name, user, json);
        return used(() -> new ControlRequest(file, key, command, timeoutNs, () -> closed).run(message));
    }

    /** Waits for requests in other threads, which end at once, with an error. Idempotent. */
    @Override
    public void close()
    {
        closed = true;
        use.writeLock().lock();
        try
        {
            if (!unmapped)
            {
                unmapped = true;
                file.close();
            }
        }
        finally
        {
            use.writeLock().unlock();
        }
    }

    /** Something that touches the mapping. */
    @FunctionalInterface
    private interface Use<T>
    {
        T run();
    }

    private <T> T used(final Use<T> action)
    {
        use.readLock().lock();
        try
        {
            if (closed)
            {
                throw new IllegalStateException("this client is closed: open another one");
            }
            if (!file.isReadable(new MappingFault()))
            {
                throw cut(null);
            }
            return action.run();
        }
        catch (final InternalError ex)
        {
            // What the JVM makes of a fault in a mapping.
            throw cut(ex);
        }
        finally
        {
            use.readLock().unlock();
        }
    }

    static ControlException cut(final Throwable cause)
    {
        return new ControlException(
            ControlFailure.NOT_A_CHANNEL,
            "the control channel was cut while it was in use; whether the command was carried out is not known: open " +
            "it again",
            cause);
    }

    private static byte[] bytes(final String what, final String text, final int maxLength)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > maxLength)
        {
            throw new IllegalArgumentException(
                what + " with " + bytes.length + " bytes: the control channel takes at most " + maxLength);
        }
        return bytes;
    }
}
