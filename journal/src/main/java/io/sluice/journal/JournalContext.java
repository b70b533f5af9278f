package io.sluice.journal;

import io.sluice.event.EventDescriptor;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;

/**
 * Configuration of a {@link JournalAppender}. Set what differs from the defaults, then hand it over;
 * {@link JournalAppender#open} concludes it, once. Not thread-safe.
 */
public final class JournalContext
{
    /** Default of {@link #rollSize()}: 100 MB. */
    public static final long DEFAULT_ROLL_SIZE = 100_000_000L;
    /** Default of {@link #rollAge()}. */
    public static final Duration DEFAULT_ROLL_AGE = Duration.ofDays(30);
    /** Default of {@link #maxEventLength()}: 1 MiB. */
    public static final int DEFAULT_MAX_EVENT_LENGTH = 1 << 20;
    /** Default of {@link #batchCount()}. */
    public static final int DEFAULT_BATCH_COUNT = 64;
    /** Default of {@link #batchLength()}: 64 KiB. */
    public static final int DEFAULT_BATCH_LENGTH = 1 << 16;
    /** Default of {@link #prepareAhead()}: 16 MiB. */
    public static final long DEFAULT_PREPARE_AHEAD = 1L << 24;

    /** Default of {@link #minFreeSpace()}: 64 MiB. */
    public static final long DEFAULT_MIN_FREE_SPACE = 1L << 26;

    private static final long MIN_ROLL_SIZE = 1L << 16;
    static final long MAX_ROLL_SIZE = 1L << 30;
    private static final int MAX_EVENT_LENGTH_LIMIT = 1 << 28;

    private Path directory;
    private long rollSize = DEFAULT_ROLL_SIZE;
    private Duration rollAge = DEFAULT_ROLL_AGE;
    private int maxEventLength = DEFAULT_MAX_EVENT_LENGTH;
    private int batchCount = DEFAULT_BATCH_COUNT;
    private int batchLength = DEFAULT_BATCH_LENGTH;
    private EpochNanoClock clock;
    private long prepareAhead = DEFAULT_PREPARE_AHEAD;
    private long runId;
    private JournalPhaseListener phaseListener = JournalPhaseListener.NONE;
    private ForceListener forceListener = ForceListener.NONE;
    private SyncListener syncListener = SyncListener.NONE;
    private boolean syncAlways;
    private boolean syncThread = true;
    private long minFreeSpace = DEFAULT_MIN_FREE_SPACE;
    private LongSupplier freeSpace;
    private ArchivePolicy archive = new ArchivePolicy();
    private String bootId;
    private SyncSupport syncSupport;
    private boolean isConcluded;

    /** All defaults; only the directory is missing. */
    public JournalContext()
    {
    }

    /**
     * Check everything and freeze it.
     *
     * @return this.
     * @throws IllegalArgumentException if a value is out of range; the message names it.
     * @throws IllegalStateException    if it was concluded before.
     */
    public JournalContext conclude()
    {
        ensureOpen();
        if (directory == null)
        {
            throw new IllegalArgumentException("directory is not set");
        }
        validate("rollSize", rollSize, MIN_ROLL_SIZE, MAX_ROLL_SIZE);
        validate("maxEventLength", maxEventLength, 256, MAX_EVENT_LENGTH_LIMIT);
        validate("batchCount", batchCount, 1, 65_535);
        validate("batchLength", batchLength, 256, MAX_EVENT_LENGTH_LIMIT);
        validate("prepareAhead", prepareAhead, 0, MAX_ROLL_SIZE);
        validate("minFreeSpace", minFreeSpace, 0, Long.MAX_VALUE);
        validate("runId", runId, 0, Long.MAX_VALUE);
        if (rollAge.isNegative() || rollAge.isZero() || rollAge.compareTo(Duration.ofDays(36_500)) > 0)
        {
            throw new IllegalArgumentException("rollAge=" + rollAge + " must be positive and at most 36500 days");
        }
        archive.conclude();
        if (clock == null)
        {
            clock = new SystemEpochNanoClock();
        }
        if (runId == 0)
        {
            runId = (new SecureRandom().nextLong() >>> 1) | 1L;
        }
        if (bootId == null)
        {
            bootId = BootId.read();
        }
        isConcluded = true;
        return this;
    }

    /**
     * @param value data directory; made if it does not exist.
     * @return this.
     */
    public JournalContext directory(final Path value)
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
     * @param bytes after which the journal goes on in a new file, 64 KiB to 1 GiB. A single excerpt may be longer.
     * @return this.
     */
    public JournalContext rollSize(final long bytes)
    {
        ensureOpen();
        rollSize = bytes;
        return this;
    }

    /** @return bytes after which the journal goes on in a new file. */
    public long rollSize()
    {
        return rollSize;
    }

    /**
     * @param age of the first record of a file at which the journal goes on in a new one, by journal time.
     * @return this.
     */
    public JournalContext rollAge(final Duration age)
    {
        ensureOpen();
        rollAge = age;
        return this;
    }

    /** @return age at which the journal goes on in a new file. */
    public Duration rollAge()
    {
        return rollAge;
    }

    /**
     * @param bytes of the largest record, 256 to 256 MiB.
     * @return this.
     */
    public JournalContext maxEventLength(final int bytes)
    {
        ensureOpen();
        maxEventLength = bytes;
        return this;
    }

    /** @return bytes of the largest record. */
    public int maxEventLength()
    {
        return maxEventLength;
    }

    /**
     * @param records of an excerpt at most.
     * @return this.
     */
    public JournalContext batchCount(final int records)
    {
        ensureOpen();
        batchCount = records;
        return this;
    }

    /** @return records of an excerpt at most. */
    public int batchCount()
    {
        return batchCount;
    }

    /**
     * @param bytes of an excerpt at most; a single larger record is an excerpt of its own.
     * @return this.
     */
    public JournalContext batchLength(final int bytes)
    {
        ensureOpen();
        batchLength = bytes;
        return this;
    }

    /** @return bytes of an excerpt at most. */
    public int batchLength()
    {
        return batchLength;
    }

    /**
     * @param value clock for new file names and engine starts; the journal time comes with each record.
     * @return this.
     */
    public JournalContext clock(final EpochNanoClock value)
    {
        ensureOpen();
        clock = value;
        return this;
    }

    /** @return clock for new file names and engine starts. */
    public EpochNanoClock clock()
    {
        return clock;
    }

    /**
     * @param bytes that the preparer works ahead of the append position; 0 for no preparer.
     * @return this.
     */
    public JournalContext prepareAhead(final long bytes)
    {
        ensureOpen();
        prepareAhead = bytes;
        return this;
    }

    /** @return bytes that the preparer works ahead of the append position. */
    public long prepareAhead()
    {
        return prepareAhead;
    }

    /**
     * @param id of this run, positive and never used before in this journal; 0 lets {@code conclude} pick a random one.
     * @return this.
     */
    public JournalContext runId(final long id)
    {
        ensureOpen();
        runId = id;
        return this;
    }

    /** @return id of this run. */
    public long runId()
    {
        return runId;
    }

    /**
     * @param listener that is told about risky phases.
     * @return this.
     */
    public JournalContext phaseListener(final JournalPhaseListener listener)
    {
        ensureOpen();
        phaseListener = listener;
        return this;
    }

    /** @return listener that is told about risky phases. */
    public JournalPhaseListener phaseListener()
    {
        return phaseListener;
    }

    /**
     * @param listener that is told of completed forces.
     * @return this.
     */
    public JournalContext forceListener(final ForceListener listener)
    {
        ensureOpen();
        forceListener = listener;
        return this;
    }

    /** @return listener that is told of completed forces. */
    public ForceListener forceListener()
    {
        return forceListener;
    }

    /**
     * @param listener that is told how far the journal is forced.
     * @return this.
     */
    public JournalContext syncListener(final SyncListener listener)
    {
        ensureOpen();
        syncListener = listener;
        return this;
    }

    /** @return listener that is told how far the journal is forced. */
    public SyncListener syncListener()
    {
        return syncListener;
    }

    /**
     * @param isAlways true to force every record as soon as the device allows; false (default) only those that {@link
     *                 EventAppender#requestSync} asks for, and files when they are closed.
     * @return this.
     */
    public JournalContext syncAlways(final boolean isAlways)
    {
        ensureOpen();
        syncAlways = isAlways;
        return this;
    }

    /** @return true if every record is forced. */
    public boolean syncAlways()
    {
        return syncAlways;
    }

    /**
     * @param isThread true (default) for a syncer thread; false if the host calls {@link EventAppender#sync()}.
     * @return this.
     */
    public JournalContext syncThread(final boolean isThread)
    {
        ensureOpen();
        syncThread = isThread;
        return this;
    }

    /** @return true if there is a syncer thread. */
    public boolean syncThread()
    {
        return syncThread;
    }

    /**
     * @param bytes of free space on the file system below which no further blocks are reserved: records then wait until
     *              there is space again.
     * @return this.
     */
    public JournalContext minFreeSpace(final long bytes)
    {
        ensureOpen();
        minFreeSpace = bytes;
        return this;
    }

    /** @return bytes of free space below which no further blocks are reserved. */
    public long minFreeSpace()
    {
        return minFreeSpace;
    }

    /**
     * @param source of the bytes that may still be written to the place of the journal; called by the appender's thread
     *               and the preparer's, before each reservation. Null (default) to ask the file system. For limits that
     *               the file system does not know, and for tests.
     * @return this.
     */
    public JournalContext freeSpace(final LongSupplier source)
    {
        ensureOpen();
        freeSpace = source;
        return this;
    }

    /** @return source of the free bytes, or null for the file system. */
    public LongSupplier freeSpace()
    {
        return freeSpace;
    }

    /**
     * @param policy what becomes of closed files.
     * @return this.
     */
    public JournalContext archive(final ArchivePolicy policy)
    {
        ensureOpen();
        archive = policy;
        return this;
    }

    /** @return what becomes of closed files; may be changed until this is concluded. */
    public ArchivePolicy archive()
    {
        return archive;
    }

    /** Pretend that this is the machine's start with this id. */
    JournalContext bootId(final String id)
    {
        ensureOpen();
        bootId = id;
        return this;
    }

    /** @return id of the machine's present start, once this is concluded. */
    public String bootId()
    {
        return bootId;
    }

    /**
     * Was the machine not started in between?
     *
     * @param first  id of one start.
     * @param second id of another one.
     * @return true if both are known and the same; what is not known may be another.
     */
    public static boolean isSameBoot(final String first, final String second)
    {
        return BootId.isSame(first, second);
    }

    /** Take this for what the file system can do, without a look at it. */
    JournalContext syncSupport(final SyncSupport support)
    {
        ensureOpen();
        syncSupport = support;
        return this;
    }

    SyncSupport syncSupport(final Path root)
    {
        return syncSupport == null ? SyncSupport.of(root) : syncSupport;
    }

    boolean isConcluded()
    {
        return isConcluded;
    }

    /** @return bytes of the longest excerpt that this configuration can write. */
    int maxExcerptLength()
    {
        return Math.max(EventDescriptor.alignedLength(maxEventLength), batchLength & -8);
    }

    private void ensureOpen()
    {
        if (isConcluded)
        {
            throw new IllegalStateException("the journal context is concluded and can't change any more");
        }
    }

    private static void validate(final String name, final long value, final long min, final long max)
    {
        if (value < min || value > max)
        {
            throw new IllegalArgumentException(name + "=" + value + " must be between " + min + " and " + max);
        }
    }
}
