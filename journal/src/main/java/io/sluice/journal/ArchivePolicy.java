package io.sluice.journal;

import io.sluice.archive.ArchiveContext;
import io.sluice.archive.KeyProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What becomes of closed journal files: when they are compressed into {@code archive/}, with which key, and how long
 * their events are kept. Part of a {@link JournalContext}, which concludes it. Not thread-safe.
 *
 * <p>By default the process that appends does this work on a thread of its own, {@code sluice-arch}, which steps back
 * behind all others: a closed file is compressed one hour after its last event, so that what readers and restarts
 * mostly look at is still mapped; retention is {@link RetentionPolicy#standard()}.
 */
public final class ArchivePolicy
{
    /** Default of {@link #after()}. */
    public static final Duration DEFAULT_AFTER = Duration.ofHours(1);
    /** Default of {@link #interval()}. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(10);
    /** Name of the thread. */
    public static final String THREAD_NAME = "sluice-arch";

    private final Map<String, LongSupplier> holds = new LinkedHashMap<>();
    private final Set<String> ignoredReaders = new LinkedHashSet<>();
    private boolean compress = true;
    private boolean thread = true;
    private Duration after = DEFAULT_AFTER;
    private Duration interval = DEFAULT_INTERVAL;
    private int level = ArchiveContext.DEFAULT_LEVEL;
    private KeyProvider keys = KeyProvider.NONE;
    private RetentionPolicy retention = RetentionPolicy.standard();
    private ArchiveListener listener = ArchiveListener.NONE;
    private boolean isConcluded;

    /** All defaults. */
    public ArchivePolicy()
    {
    }

    /**
     * @param isCompressing true (default) to compress closed files; false to leave them in {@code journal/}. Retention
     *                      acts on them there, too; a file that loses some of its events goes to the archive.
     * @return this.
     */
    public ArchivePolicy compress(final boolean isCompressing)
    {
        ensureOpen();
        compress = isCompressing;
        return this;
    }

    /** @return true if closed files are compressed. */
    public boolean compress()
    {
        return compress;
    }

    /**
     * @param isThread true (default) for a thread that does the work; false if the host calls {@link
     *                 JournalArchive#archiveNow}, in this process or another one. A host that forces the journal itself
     *                 ({@link JournalContext#syncThread()} is false) has no such thread, either.
     * @return this.
     */
    public ArchivePolicy thread(final boolean isThread)
    {
        ensureOpen();
        thread = isThread;
        return this;
    }

    /** @return true if a thread does the work. */
    public boolean thread()
    {
        return thread;
    }

    /**
     * @param age of the last event of a closed file, by the clock of the journal, at which the thread compresses it; 0
     *            for at once.
     * @return this.
     */
    public ArchivePolicy after(final Duration age)
    {
        ensureOpen();
        after = age;
        return this;
    }

    /** @return age of the last event of a file at which it is compressed. */
    public Duration after()
    {
        return after;
    }

    /**
     * @param pause of the thread between two looks at the files, 1 ms to 1 day of elapsed time.
     * @return this.
     */
    public ArchivePolicy interval(final Duration pause)
    {
        ensureOpen();
        interval = pause;
        return this;
    }

    /** @return pause of the thread between two looks at the files. */
    public Duration interval()
    {
        return interval;
    }

    /**
     * @param value compression level of zstd, 1 (fast) to 22 (small).
     * @return this.
     */
    public ArchivePolicy level(final int value)
    {
        ensureOpen();
        level = value;
        return this;
    }

    /** @return compression level of zstd. */
    public int level()
    {
        return level;
    }

    /**
     * @param provider of keys; with a current key, new archive files are encrypted. Asked on the thread that archives.
     * @return this.
     */
    public ArchivePolicy keys(final KeyProvider provider)
    {
        ensureOpen();
        keys = provider;
        return this;
    }

    /**
     * @param file of keys, read again whenever a key is needed, so that a rotation is seen.
     * @return this.
     */
    public ArchivePolicy keyFile(final Path file)
    {
        return keys(JournalArchive.keyFile(file));
    }

    /** @return provider of keys. */
    public KeyProvider keys()
    {
        return keys;
    }

    /**
     * @param policy that says how long events are kept; {@link RetentionPolicy#keepAll()} for ever.
     * @return this.
     */
    public ArchivePolicy retention(final RetentionPolicy policy)
    {
        ensureOpen();
        retention = policy;
        return this;
    }

    /** @return how long events are kept. */
    public RetentionPolicy retention()
    {
        return retention;
    }

    /**
     * Let retention wait for a reader whose position is not in a {@link PositionFile}. Those in {@code positions/}
     * count without being named here.
     *
     * @param name     of the reader; if a file of that name is in {@code positions/}, this answers for it.
     * @param position asks for the sequence up to which it has read everything; the greatest value if it does not hold
     *                 anything back. Called on the thread that does the work; what it throws holds everything back.
     * @return this.
     */
    public ArchivePolicy hold(final String name, final LongSupplier position)
    {
        ensureOpen();
        holds.put(name, position);
        return this;
    }

    /** @return readers by name. */
    Map<String, LongSupplier> holds()
    {
        return holds;
    }

    /**
     * @param name of a registered reader for which retention does not wait. It is told what it missed.
     * @return this.
     */
    public ArchivePolicy ignoreReader(final String name)
    {
        ensureOpen();
        ignoredReaders.add(name);
        return this;
    }

    /** @return registered readers for which retention does not wait. */
    public Set<String> ignoredReaders()
    {
        return Set.copyOf(ignoredReaders);
    }

    /**
     * @param value told what happens to files.
     * @return this.
     */
    public ArchivePolicy listener(final ArchiveListener value)
    {
        ensureOpen();
        listener = value;
        return this;
    }

    /** @return listener that is told what happens to files. */
    public ArchiveListener listener()
    {
        return listener;
    }

    void conclude()
    {
        if (after.isNegative() || after.compareTo(RetentionPolicy.MAX_TERM) > 0)
        {
            throw new IllegalArgumentException(
                "archive after=" + after + " must be 0 to " + RetentionPolicy.MAX_TERM.toDays() + " days");
        }
        if (interval.toNanos() < 1_000_000L || interval.compareTo(Duration.ofDays(1)) > 0)
        {
            throw new IllegalArgumentException("archive interval=" + interval + " must be 1 ms to 1 day");
        }
        if (level < 1 || level > 22)
        {
            throw new IllegalArgumentException("archive level=" + level + " must be 1 to 22");
        }
        isConcluded = true;
    }

    private void ensureOpen()
    {
        if (isConcluded)
        {
            throw new IllegalStateException("the archive policy is concluded and can't change any more");
        }
    }
}
