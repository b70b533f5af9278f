package io.sluice.handlers.exchange;

import io.sluice.archive.KeyProvider;
import io.sluice.event.filter.EventFilter;
import io.sluice.handlers.source.MalformedInputListener;
import io.sluice.journal.JournalContext;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/** What to import, and where to. Set the directory, the format, and either a file or a stream. Not thread-safe. */
public final class ImportContext
{
    /** Default of {@link #checkpointInterval()}. */
    public static final Duration DEFAULT_CHECKPOINT_INTERVAL = Duration.ofSeconds(5);

    /** JSON of an event has at most so many times its bytes; every byte as an escape is six. */
    private static final int JSON_FACTOR = 8;
    private static final int MAX_RECORD_LENGTH = 1 << 30;

    private Path directory;
    private KeyProvider keys = KeyProvider.NONE;
    private Path file;
    private InputStream stream;
    private EventFormat format;
    private EventFilter filter = EventFilter.of("TRUE");
    private Path rejects;
    private boolean isResuming;
    private boolean isRestarting;
    private boolean isDryRun;
    private boolean isKeepingDuplicates;
    private int maxEventLength = JournalContext.DEFAULT_MAX_EVENT_LENGTH;
    private Duration checkpointInterval = DEFAULT_CHECKPOINT_INTERVAL;
    private NanoClock clock = SystemNanoClock.INSTANCE;
    private ExchangeProgress progress = ExchangeProgress.NONE;
    private BooleanSupplier stop = () -> false;
    private MalformedInputListener malformedInputListener = (source, line, reason) -> {};

    /** All events, nothing else said. */
    public ImportContext()
    {
    }

    /**
     * @param value data directory; made if it does not exist.
     * @return this.
     */
    public ImportContext directory(final Path value)
    {
        directory = value;
        return this;
    }

    /** @return data directory. */
    public Path directory()
    {
        return directory;
    }

    /**
     * @param provider keys of encrypted archive files, which are read for the ids in them.
     * @return this.
     */
    public ImportContext keys(final KeyProvider provider)
    {
        keys = provider;
        return this;
    }

    /** @return keys of encrypted archive files. */
    public KeyProvider keys()
    {
        return keys;
    }

    /**
     * @param value file to import.
     * @return this.
     */
    public ImportContext file(final Path value)
    {
        file = value;
        return this;
    }

    /** @return file to import, or null. */
    public Path file()
    {
        return file;
    }

    /**
     * Import from a stream. Such an import can't be resumed.
     *
     * @param value the stream; not closed.
     * @return this.
     */
    public ImportContext stream(final InputStream value)
    {
        stream = value;
        return this;
    }

    /** @return the stream, or null. */
    public InputStream stream()
    {
        return stream;
    }

    /**
     * @param value format of the input.
     * @return this.
     */
    public ImportContext format(final EventFormat value)
    {
        format = value;
        return this;
    }

    /** @return format of the input. */
    public EventFormat format()
    {
        return format;
    }

    /**
     * @param value picks events; their sequence is still 0 then.
     * @return this.
     */
    public ImportContext filter(final EventFilter value)
    {
        filter = value;
        return this;
    }

    /** @return picks events. */
    public EventFilter filter()
    {
        return filter;
    }

    /**
     * @param value gets the bad records, one a line as JSON: {@code line} or {@code record}, {@code error}, and {@code
     *              text}, or {@code text_base64} where it is no UTF-8. Null for none.
     * @return this.
     */
    public ImportContext rejects(final Path value)
    {
        rejects = value;
        return this;
    }

    /** @return gets the bad records, or null. */
    public Path rejects()
    {
        return rejects;
    }

    /**
     * @param isWanted true to go on where an interrupted import of the same file was; from the beginning if there was
     *                 none.
     * @return this.
     */
    public ImportContext resume(final boolean isWanted)
    {
        isResuming = isWanted;
        return this;
    }

    /** @return true to go on where an interrupted import was. */
    public boolean resume()
    {
        return isResuming;
    }

    /**
     * @param isWanted true to forget an interrupted import of the same file and read it from its beginning.
     * @return this.
     */
    public ImportContext restart(final boolean isWanted)
    {
        isRestarting = isWanted;
        return this;
    }

    /** @return true to forget an interrupted import. */
    public boolean restart()
    {
        return isRestarting;
    }

    /**
     * @param isWanted true to read and check everything and journal nothing.
     * @return this.
     */
    public ImportContext dryRun(final boolean isWanted)
    {
        isDryRun = isWanted;
        return this;
    }

    /** @return true to journal nothing. */
    public boolean dryRun()
    {
        return isDryRun;
    }

    /**
     * @param areKept true to journal events whose id is known, and those that say that they are duplicates, as
     *                duplicates of what is in this journal; by default they are left out.
     * @return this.
     */
    public ImportContext keepDuplicates(final boolean areKept)
    {
        isKeepingDuplicates = areKept;
        return this;
    }

    /** @return true to journal duplicates as such. */
    public boolean keepDuplicates()
    {
        return isKeepingDuplicates;
    }

    /**
     * @param bytes of the largest event, 256 to 256 MiB; larger ones are bad records.
     * @return this.
     */
    public ImportContext maxEventLength(final int bytes)
    {
        maxEventLength = bytes;
        return this;
    }

    /** @return bytes of the largest event. */
    public int maxEventLength()
    {
        return maxEventLength;
    }

    /**
     * @param interval between two checkpoints, 0 or more; each waits until the device has what was journaled.
     * @return this.
     */
    public ImportContext checkpointInterval(final Duration interval)
    {
        checkpointInterval = interval;
        return this;
    }

    /** @return time between two checkpoints. */
    public Duration checkpointInterval()
    {
        return checkpointInterval;
    }

    /**
     * @param value says when a checkpoint is due.
     * @return this.
     */
    public ImportContext clock(final NanoClock value)
    {
        clock = value;
        return this;
    }

    /** @return says when a checkpoint is due. */
    public NanoClock clock()
    {
        return clock;
    }

    /**
     * @param value watches.
     * @return this.
     */
    public ImportContext progress(final ExchangeProgress value)
    {
        progress = value;
        return this;
    }

    /** @return watches. */
    public ExchangeProgress progress()
    {
        return progress;
    }

    /**
     * @param value asked now and then, on the thread that imports; true ends the import so that it can be resumed.
     * @return this.
     */
    public ImportContext stop(final BooleanSupplier value)
    {
        stop = value;
        return this;
    }

    /** @return says whether to end early. */
    public BooleanSupplier stop()
    {
        return stop;
    }

    /**
     * @param listener told of each bad record.
     * @return this.
     */
    public ImportContext malformedInputListener(final MalformedInputListener listener)
    {
        malformedInputListener = listener;
        return this;
    }

    /** @return told of each bad record. */
    public MalformedInputListener malformedInputListener()
    {
        return malformedInputListener;
    }

    int maxRecordLength()
    {
        return (int)Math.min((long)maxEventLength * JSON_FACTOR, MAX_RECORD_LENGTH);
    }

    void validate()
    {
        if (directory == null || format == null)
        {
            throw new IllegalArgumentException((directory == null ? "directory" : "format") + " is not set");
        }
        if ((file == null) == (stream == null))
        {
            throw new IllegalArgumentException("set either a file or a stream");
        }
        if (file == null && isResuming)
        {
            throw new ExchangeRefusedException("an import from a stream can't be resumed: import a file");
        }
        if (isResuming && (isRestarting || isDryRun))
        {
            throw new ExchangeRefusedException(
                "resume goes on with an interrupted import, " + (isDryRun ? "a dry run" : "restart") +
                " begins at the first record: ask for one of them");
        }
        if (checkpointInterval.isNegative())
        {
            throw new IllegalArgumentException("checkpointInterval=" + checkpointInterval + " must be 0 or more");
        }
    }
}
