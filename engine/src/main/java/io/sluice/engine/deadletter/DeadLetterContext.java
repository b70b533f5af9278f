package io.sluice.engine.deadletter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;

/**
 * Configuration of dead letters. Set what differs from the defaults, then hand it over; opening concludes it, once. Not
 * thread-safe.
 */
public final class DeadLetterContext
{
    /** Default of {@link #maxOpenLetters()}. */
    public static final int DEFAULT_MAX_OPEN_LETTERS = 10_000;
    /** Default of {@link #maxRetries()}. */
    public static final int DEFAULT_MAX_RETRIES = 5;
    /** Default of {@link #retryDelayNs()}: 30 s. */
    public static final long DEFAULT_RETRY_DELAY_NS = TimeUnit.SECONDS.toNanos(30);
    /** Default of {@link #maxRetryDelayNs()}: 1 h. */
    public static final long DEFAULT_MAX_RETRY_DELAY_NS = TimeUnit.HOURS.toNanos(1);
    /** Default of {@link #alertAfter()}: alerts begin with the fourth. */
    public static final int DEFAULT_ALERT_AFTER = 3;
    /** Default of {@link #minFreeSpace()}: 64 MiB. */
    public static final long DEFAULT_MIN_FREE_SPACE = 1L << 26;

    private static final long MAX_DELAY_NS = TimeUnit.DAYS.toNanos(365);

    private final List<DeadLetterFixer> fixers = new ArrayList<>();
    private Path directory;
    private EpochNanoClock clock = new SystemEpochNanoClock();
    private ErrorHandler errorHandler = (error) -> {};
    private DeadLetterAlert alert = DeadLetterAlert.NONE;
    private int maxOpenLetters = DEFAULT_MAX_OPEN_LETTERS;
    private int maxRetries = DEFAULT_MAX_RETRIES;
    private long retryDelayNs = DEFAULT_RETRY_DELAY_NS;
    private long maxRetryDelayNs = DEFAULT_MAX_RETRY_DELAY_NS;
    private int alertAfter = DEFAULT_ALERT_AFTER;
    private long minFreeSpace = DEFAULT_MIN_FREE_SPACE;
    private LongSupplier freeSpace;
    private boolean forceThread;
    private boolean isConcluded;

    /** All defaults; only the directory is missing. */
    public DeadLetterContext()
    {
        // Fields hold the defaults.
    }

    /**
     * Check everything and freeze it.
     *
     * @return this.
     * @throws IllegalArgumentException if a value is out of range; the message names it.
     * @throws IllegalStateException    if it was concluded before.
     */
    public DeadLetterContext conclude()
    {
        ensureOpen();
        if (directory == null)
        {
            throw new IllegalArgumentException("directory is not set");
        }
        validate("maxOpenLetters", maxOpenLetters, 1, 10_000_000);
        validate("maxRetries", maxRetries, 0, 1_000_000);
        validate("retryDelayNs", retryDelayNs, 1, MAX_DELAY_NS);
        validate("maxRetryDelayNs", maxRetryDelayNs, retryDelayNs, MAX_DELAY_NS);
        validate("alertAfter", alertAfter, 0, Integer.MAX_VALUE);
        validate("minFreeSpace", minFreeSpace, 0, Long.MAX_VALUE);
        isConcluded = true;
        return this;
    }

    /**
     * @param value data directory of the engine; the letters lie in {@code dead-letters} below it.
     * @return this.
     */
    public DeadLetterContext directory(final Path value)
    {
        ensureOpen();
        directory = value;
        return this;
    }

    /** @return data directory of the engine. */
    public Path directory()
    {
        return directory;
    }

    /**
     * @param value clock of the journal of dead letters; default: the system's.
     * @return this.
     */
    public DeadLetterContext clock(final EpochNanoClock value)
    {
        ensureOpen();
        clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /** @return clock of the journal of dead letters. */
    public EpochNanoClock clock()
    {
        return clock;
    }

    /**
     * @param value told what fixers and alerts throw; default: nobody is.
     * @return this.
     */
    public DeadLetterContext errorHandler(final ErrorHandler value)
    {
        ensureOpen();
        errorHandler = Objects.requireNonNull(value, "errorHandler");
        return this;
    }

    /** @return told what fixers and alerts throw. */
    public ErrorHandler errorHandler()
    {
        return errorHandler;
    }

    /**
     * @param value asked about fixable letters, after those that were added before.
     * @return this.
     */
    public DeadLetterContext fixer(final DeadLetterFixer value)
    {
        ensureOpen();
        fixers.add(Objects.requireNonNull(value, "fixer"));
        return this;
    }

    /** @return the fixers, in the order in which they are asked. */
    public List<DeadLetterFixer> fixers()
    {
        return List.copyOf(fixers);
    }

    /**
     * @param value called when a person should look at a letter; default: nobody is.
     * @return this.
     */
    public DeadLetterContext alert(final DeadLetterAlert value)
    {
        ensureOpen();
        alert = Objects.requireNonNull(value, "alert");
        return this;
    }

    /** @return called when a person should look at a letter. */
    public DeadLetterAlert alert()
    {
        return alert;
    }

    /**
     * @param letters that are held in memory at most, 1 to 10,000,000, about 300 bytes each. The others wait in the
     *                journal, and are retried when there is room for them.
     * @return this.
     */
    public DeadLetterContext maxOpenLetters(final int letters)
    {
        ensureOpen();
        maxOpenLetters = letters;
        return this;
    }

    /** @return open letters that are held in memory at most. */
    public int maxOpenLetters()
    {
        return maxOpenLetters;
    }

    /**
     * @param retries of a letter by itself at most, 0 to 1,000,000; those that a person asks for count too.
     * @return this.
     */
    public DeadLetterContext maxRetries(final int retries)
    {
        ensureOpen();
        maxRetries = retries;
        return this;
    }

    /** @return retries of a letter by itself at most. */
    public int maxRetries()
    {
        return maxRetries;
    }

    /**
     * @param ns nanoseconds from a failure to the first retry of the letter, 1 ns to 365 days; each further one comes
     *           after twice the time. Up to a quarter is taken off, differently for each letter, so that they don't all
     *           come at once.
     * @return this.
     */
    public DeadLetterContext retryDelayNs(final long ns)
    {
        ensureOpen();
        retryDelayNs = ns;
        return this;
    }

    /** @return nanoseconds from a failure to the first retry of the letter. */
    public long retryDelayNs()
    {
        return retryDelayNs;
    }

    /**
     * @param ns nanoseconds from a failure to a retry at most, {@link #retryDelayNs()} to 365 days.
     * @return this.
     */
    public DeadLetterContext maxRetryDelayNs(final long ns)
    {
        ensureOpen();
        maxRetryDelayNs = ns;
        return this;
    }

    /** @return nanoseconds from a failure to a retry at most. */
    public long maxRetryDelayNs()
    {
        return maxRetryDelayNs;
    }

    /**
     * @param count 0 or more: there is an alert when a subscription has more open letters than this, and when a letter
     *              was dead-lettered more often than this. See {@link DeadLetterAlert}.
     * @return this.
     */
    public DeadLetterContext alertAfter(final int count)
    {
        ensureOpen();
        alertAfter = count;
        return this;
    }

    /** @return count beyond which there is an alert. */
    public int alertAfter()
    {
        return alertAfter;
    }

    /**
     * @param bytes of free space on the file system below which no letter is written.
     * @return this.
     */
    public DeadLetterContext minFreeSpace(final long bytes)
    {
        ensureOpen();
        minFreeSpace = bytes;
        return this;
    }

    /** @return bytes of free space below which no letter is written. */
    public long minFreeSpace()
    {
        return minFreeSpace;
    }

    /**
     * @param isOwn true to have letters forced to the device on a thread of its own; default: by who asks for it.
     * @return this.
     */
    public DeadLetterContext forceThread(final boolean isOwn)
    {
        ensureOpen();
        forceThread = isOwn;
        return this;
    }

    /** @return whether letters are forced to the device on a thread of its own. */
    public boolean forceThread()
    {
        return forceThread;
    }

    /** Take this for the free space. */
    DeadLetterContext freeSpace(final LongSupplier source)
    {
        ensureOpen();
        freeSpace = source;
        return this;
    }

    LongSupplier freeSpace()
    {
        return freeSpace;
    }

    private void ensureOpen()
    {
        if (isConcluded)
        {
            throw new IllegalStateException("the dead letter context is concluded and can't change any more");
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
