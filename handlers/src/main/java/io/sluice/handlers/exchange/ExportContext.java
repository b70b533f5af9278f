package io.sluice.handlers.exchange;

import io.sluice.archive.KeyProvider;
import io.sluice.event.filter.EventFilter;
import io.sluice.journal.ExpiredRangeListener;
import io.sluice.journal.LostRangeListener;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/** What to export, and where to. Set the directory, the format, and either a file or a stream. Not thread-safe. */
public final class ExportContext
{
    /** Default of {@link #checkpointInterval()}. */
    public static final Duration DEFAULT_CHECKPOINT_INTERVAL = Duration.ofSeconds(2);

    private Path directory;
    private KeyProvider keys = KeyProvider.NONE;
    private Path file;
    private OutputStream stream;
    private EventFormat format;
    private String from = "";
    private long fromSequence = 1;
    private Instant fromTime;
    private String to = "";
    private long toSequence = Long.MAX_VALUE;
    private Instant toTime;
    private EventFilter filter = EventFilter.of("TRUE");
    private boolean isPortable;
    private boolean withDuplicates;
    private boolean isResuming;
    private boolean isOverwriting;
    private Duration checkpointInterval = DEFAULT_CHECKPOINT_INTERVAL;
    private NanoClock clock = SystemNanoClock.INSTANCE;
    private ExchangeProgress progress = ExchangeProgress.NONE;
    private BooleanSupplier stop = () -> false;
    private ExpiredRangeListener expiredRangeListener = (first, last) -> {};
    private LostRangeListener lostRangeListener = (first, last) -> {};

    /** All events, nothing else said. */
    public ExportContext()
    {
    }

    /**
     * @param value data directory of the journal.
     * @return this.
     */
    public ExportContext directory(final Path value)
    {
        directory = value;
        return this;
    }

    /** @return data directory of the journal. */
    public Path directory()
    {
        return directory;
    }

    /**
     * @param provider keys of encrypted archive files.
     * @return this.
     */
    public ExportContext keys(final KeyProvider provider)
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
     * Export to a file. It is written under its name with {@code .partial} behind it and gets its own when complete.
     *
     * @param value the file.
     * @return this.
     */
    public ExportContext file(final Path value)
    {
        file = value;
        return this;
    }

    /** @return the file, or null. */
    public Path file()
    {
        return file;
    }

    /**
     * Export to a stream. Such an export can't be resumed.
     *
     * @param value the stream; flushed at the end, not closed.
     * @return this.
     */
    public ExportContext stream(final OutputStream value)
    {
        stream = value;
        return this;
    }

    /** @return the stream, or null. */
    public OutputStream stream()
    {
        return stream;
    }

    /**
     * @param value format of what is written.
     * @return this.
     */
    public ExportContext format(final EventFormat value)
    {
        format = value;
        return this;
    }

    /** @return format of what is written. */
    public EventFormat format()
    {
        return format;
    }

    /**
     * @param sequence of the first event, from 1.
     * @return this.
     * @throws IllegalArgumentException if it is less than 1.
     */
    public ExportContext fromSequence(final long sequence)
    {
        fromSequence = checked("fromSequence", sequence);
        fromTime = null;
        from = "sequence " + sequence;
        return this;
    }

    /** @return sequence of the first event, unless there is a {@link #fromTime()}. */
    public long fromSequence()
    {
        return fromSequence;
    }

    /**
     * @param time at which, or after which, the first event was recorded.
     * @return this.
     */
    public ExportContext from(final Instant time)
    {
        fromTime = time;
        from = "time " + time;
        return this;
    }

    /** @return time of the first event, or null. */
    public Instant fromTime()
    {
        return fromTime;
    }

    /**
     * @param sequence of the last event, from 1; by default the last one there is when the export begins.
     * @return this.
     * @throws IllegalArgumentException if it is less than 1.
     */
    public ExportContext toSequence(final long sequence)
    {
        toSequence = checked("toSequence", sequence);
        toTime = null;
        to = "sequence " + sequence;
        return this;
    }

    /** @return sequence of the last event, unless there is a {@link #toTime()}. */
    public long toSequence()
    {
        return toSequence;
    }

    /**
     * @param time before which the last event was recorded.
     * @return this.
     */
    public ExportContext to(final Instant time)
    {
        toTime = time;
        to = "time " + time;
        return this;
    }

    /** @return time before which the last event was recorded, or null. */
    public Instant toTime()
    {
        return toTime;
    }

    /**
     * @param value picks events.
     * @return this.
     */
    public ExportContext filter(final EventFilter value)
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
     * @param isWanted true to leave out what belongs to the journal and not to the events: sequence, recorded, and the
     *                 sequence of a duplicate's original. Equal events then give equal bytes from any journal.
     * @return this.
     */
    public ExportContext portable(final boolean isWanted)
    {
        isPortable = isWanted;
        return this;
    }

    /** @return true to leave out what belongs to the journal. */
    public boolean portable()
    {
        return isPortable;
    }

    /**
     * @param areWanted true to export duplicates too; by default they are counted only.
     * @return this.
     */
    public ExportContext duplicates(final boolean areWanted)
    {
        withDuplicates = areWanted;
        return this;
    }

    /** @return true to export duplicates too. */
    public boolean duplicates()
    {
        return withDuplicates;
    }

    /**
     * @param isWanted true to go on where an interrupted export to the same file was; from the beginning if it had not
     *                 come far enough.
     * @return this.
     */
    public ExportContext resume(final boolean isWanted)
    {
        isResuming = isWanted;
        return this;
    }

    /** @return true to go on where an interrupted export was. */
    public boolean resume()
    {
        return isResuming;
    }

    /**
     * @param isAllowed true to replace a file that is there already, when the export is complete.
     * @return this.
     */
    public ExportContext overwrite(final boolean isAllowed)
    {
        isOverwriting = isAllowed;
        return this;
    }

    /** @return true to replace a file that is there already. */
    public boolean overwrite()
    {
        return isOverwriting;
    }

    /**
     * @param interval between two checkpoints, 0 or more.
     * @return this.
     */
    public ExportContext checkpointInterval(final Duration interval)
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
    public ExportContext clock(final NanoClock value)
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
    public ExportContext progress(final ExchangeProgress value)
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
     * @param value asked now and then, on the thread that exports; true ends the export so that it can be resumed.
     * @return this.
     */
    public ExportContext stop(final BooleanSupplier value)
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
     * @param listener of sequences that are not there any more.
     * @return this.
     */
    public ExportContext expiredRangeListener(final ExpiredRangeListener listener)
    {
        expiredRangeListener = listener;
        return this;
    }

    /** @return listener of sequences that are not there any more. */
    public ExpiredRangeListener expiredRangeListener()
    {
        return expiredRangeListener;
    }

    /**
     * @param listener of sequences that a repair has written off.
     * @return this.
     */
    public ExportContext lostRangeListener(final LostRangeListener listener)
    {
        lostRangeListener = listener;
        return this;
    }

    /** @return listener of sequences that a repair has written off. */
    public LostRangeListener lostRangeListener()
    {
        return lostRangeListener;
    }

    /** @return where the range begins, as it was asked for; empty for the first event there is. */
    String fromText()
    {
        return from;
    }

    /** @return where the range ends, as it was asked for; empty for the last event there is. */
    String toText()
    {
        return to;
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
            throw new ExchangeRefusedException("an export to a stream can't be resumed: export to a file");
        }
        if (isResuming && isOverwriting)
        {
            throw new ExchangeRefusedException(
                "resume goes on with an interrupted export, overwrite starts again: ask for one of them");
        }
        if (checkpointInterval.isNegative())
        {
            throw new IllegalArgumentException("checkpointInterval=" + checkpointInterval + " must be 0 or more");
        }
    }

    private static long checked(final String name, final long sequence)
    {
        if (sequence < 1)
        {
            throw new IllegalArgumentException(name + "=" + sequence + " must be at least 1");
        }
        return sequence;
    }
}
