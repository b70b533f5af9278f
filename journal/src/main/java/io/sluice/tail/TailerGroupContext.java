package io.sluice.tail;

import io.sluice.archive.KeyProvider;
import io.sluice.journal.JournalArchive;
import io.sluice.journal.TailerContext;
import io.sluice.journal.VisibleAt;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Configuration of a {@link TailerGroup}: set what differs from the defaults, then launch. Values are checked once, by
 * {@link #conclude()}; after that setters throw. Not thread-safe while it is being set up.
 */
public final class TailerGroupContext
{
    /** Longest thread name that the kernel shows in full. */
    private static final int MAX_THREAD_NAME = 15;
    private static final Logger LOGGER = LoggerFactory.getLogger(TailerGroup.class);

    private Path directory;
    private KeyProvider keys = KeyProvider.NONE;
    private boolean verifyChecksums = true;
    private VisibleAt visibleAt = VisibleAt.JOURNALED;
    private boolean waitForJournal;
    private boolean thread = true;
    private String threadName = "sluice-tail";
    private int sliceLimit = 256;
    private int maxMembers = 1000;
    private long closeTimeoutNs = TimeUnit.SECONDS.toNanos(10);
    private IdleStrategy idleStrategy = new BackoffIdleStrategy(1, 1, 200_000L, 2_000_000L);
    private NanoClock clock = SystemNanoClock.INSTANCE;
    private ErrorHandler errorHandler = (ex) -> LOGGER.warn("{}", ex.getMessage(), ex);
    private boolean concluded;

    /** All defaults; only the directory is missing. */
    public TailerGroupContext()
    {
    }

    /**
     * @param value data directory.
     * @return this.
     */
    public TailerGroupContext directory(final Path value)
    {
        ensureOpen();
        directory = value;
        return this;
    }

    /** @return data directory. */
    public Path directory()
    {
        return directory;
    }

    /**
     * @param provider of the keys of encrypted archive files; default: none.
     * @return this.
     */
    public TailerGroupContext keys(final KeyProvider provider)
    {
        ensureOpen();
        keys = Objects.requireNonNull(provider, "keys");
        return this;
    }

    /**
     * @param file with the keys of encrypted archive files.
     * @return this.
     */
    public TailerGroupContext keyFile(final Path file)
    {
        return keys(JournalArchive.keyFile(file));
    }

    /** @return provider of keys. */
    public KeyProvider keys()
    {
        return keys;
    }

    /**
     * @param isVerified true (default) to check the hashes of every record, once for all members.
     * @return this.
     */
    public TailerGroupContext verifyChecksums(final boolean isVerified)
    {
        ensureOpen();
        verifyChecksums = isVerified;
        return this;
    }

    /** @return true if the hashes of every record are checked. */
    public boolean verifyChecksums()
    {
        return verifyChecksums;
    }

    /**
     * @param value how far an event must have come before members get it; default {@link VisibleAt#JOURNALED}.
     * @return this.
     */
    public TailerGroupContext visibleAt(final VisibleAt value)
    {
        ensureOpen();
        visibleAt = Objects.requireNonNull(value, "visibleAt");
        return this;
    }

    /** @return how far an event must have come before members get it. */
    public VisibleAt visibleAt()
    {
        return visibleAt;
    }

    /**
     * @param isWaiting true to launch where there is no journal yet: members get events when there is one, those that
     *                  start at the end from its first one on. By default launching fails then.
     * @return this.
     */
    public TailerGroupContext waitForJournal(final boolean isWaiting)
    {
        ensureOpen();
        waitForJournal = isWaiting;
        return this;
    }

    /** @return true if the group may wait for its journal. */
    public boolean waitForJournal()
    {
        return waitForJournal;
    }

    /**
     * @param hasThread true (default) for a thread of the group's own; false if the host drives it, by {@link
     *                  TailerGroup#invoke()}.
     * @return this.
     */
    public TailerGroupContext thread(final boolean hasThread)
    {
        ensureOpen();
        thread = hasThread;
        return this;
    }

    /** @return true for a thread of the group's own. */
    public boolean thread()
    {
        return thread;
    }

    /**
     * @param name of the group's thread, 1 to 15 characters; default {@code sluice-tail}.
     * @return this.
     */
    public TailerGroupContext threadName(final String name)
    {
        ensureOpen();
        threadName = name;
        return this;
    }

    /** @return name of the group's thread. */
    public String threadName()
    {
        return threadName;
    }

    /**
     * @param records that one reading hands out at most before another one has its turn, from 1; default 256.
     * @return this.
     */
    public TailerGroupContext sliceLimit(final int records)
    {
        ensureOpen();
        sliceLimit = records;
        return this;
    }

    /** @return records that one reading hands out at most in its turn. */
    public int sliceLimit()
    {
        return sliceLimit;
    }

    /**
     * @param members at a time at most, from 1; default 1000. Each may need a reading of its own, with a file open.
     * @return this.
     */
    public TailerGroupContext maxMembers(final int members)
    {
        ensureOpen();
        maxMembers = members;
        return this;
    }

    /** @return members at a time at most. */
    public int maxMembers()
    {
        return maxMembers;
    }

    /**
     * @param timeoutNs nanoseconds that {@link TailerGroup#close()} waits for the thread, from 0; default 10 s.
     * @return this.
     */
    public TailerGroupContext closeTimeoutNs(final long timeoutNs)
    {
        ensureOpen();
        closeTimeoutNs = timeoutNs;
        return this;
    }

    /** @return nanoseconds that closing waits for the thread. */
    public long closeTimeoutNs()
    {
        return closeTimeoutNs;
    }

    /**
     * @param strategy of the group's thread between duty cycles; by default it parks for 0.2 to 2 ms where nothing
     *                 comes.
     * @return this.
     */
    public TailerGroupContext idleStrategy(final IdleStrategy strategy)
    {
        ensureOpen();
        idleStrategy = Objects.requireNonNull(strategy, "idleStrategy");
        return this;
    }

    /** @return idle strategy of the group's thread. */
    public IdleStrategy idleStrategy()
    {
        return idleStrategy;
    }

    /**
     * @param value that says when positions are saved behind events that no one wanted; default: the system's.
     * @return this.
     */
    public TailerGroupContext clock(final NanoClock value)
    {
        ensureOpen();
        clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /** @return the clock. */
    public NanoClock clock()
    {
        return clock;
    }

    /**
     * @param handler of what listeners throw and of a thread that does not end; by default it is logged.
     * @return this.
     */
    public TailerGroupContext errorHandler(final ErrorHandler handler)
    {
        ensureOpen();
        errorHandler = Objects.requireNonNull(handler, "errorHandler");
        return this;
    }

    /** @return handler of errors that belong to no member. */
    public ErrorHandler errorHandler()
    {
        return errorHandler;
    }

    /**
     * Check all values, once.
     *
     * @return this.
     * @throws IllegalArgumentException that names a setting and its value, if it is out of range.
     * @throws IllegalStateException    if it was done before: a context serves one group.
     */
    public TailerGroupContext conclude()
    {
        ensureOpen();
        if (directory == null)
        {
            throw new IllegalArgumentException("directory is not set");
        }
        if (threadName == null || threadName.isEmpty() || threadName.length() > MAX_THREAD_NAME)
        {
            throw new IllegalArgumentException(
                "threadName=" + threadName + " must have 1 to " + MAX_THREAD_NAME + " characters");
        }
        ensureAtLeast("sliceLimit", sliceLimit, 1);
        ensureAtLeast("maxMembers", maxMembers, 1);
        ensureAtLeast("closeTimeoutNs", closeTimeoutNs, 0);
        concluded = true;
        return this;
    }

    /** @return context of a tailer of this group. */
    TailerContext tailing()
    {
        return new TailerContext()
            .directory(directory)
            .keys(keys)
            .verifyChecksums(verifyChecksums)
            .visibleAt(visibleAt);
    }

    private void ensureOpen()
    {
        if (concluded)
        {
            throw new IllegalStateException("the context was concluded; make another one for another group");
        }
    }

    private static void ensureAtLeast(final String setting, final long value, final long least)
    {
        if (value < least)
        {
            throw new IllegalArgumentException(setting + "=" + value + " must be at least " + least);
        }
    }
}
