package io.sluice.engine.stream;

import io.sluice.archive.KeyProvider;
import io.sluice.engine.DeliveredRecords;
import io.sluice.engine.admission.MemoryBudget;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;

/** Configuration of {@link EventStreams}. Not thread-safe; read once, by {@link EventStreams#open}. */
public final class EventStreamsContext
{
    private int maxStreams = 100;
    private int bufferSize = 1000;
    private long bufferBytes = 640_000;
    private long maxBytes = 64L << 20;
    private double backPressureThreshold = 0.8;
    private long slowTimeoutNs = TimeUnit.SECONDS.toNanos(30);
    private EpochNanoClock clock = new SystemEpochNanoClock();
    private ErrorHandler errorHandler = error ->
    {
    };
    private MemoryBudget memory = new MemoryBudget(Long.MAX_VALUE, Long.MAX_VALUE);
    private Path directory;
    private KeyProvider keys = KeyProvider.NONE;
    private LongSupplier journaledSequence;
    private LongSupplier handledSequence = () -> 0;
    private Supplier<DeliveredRecords> deliveredRecords;

    /** All defaults, without a journal. */
    public EventStreamsContext()
    {
    }

    /**
     * @param value streams that may be open at a time, at least 1; default 100.
     * @return this.
     */
    public EventStreamsContext maxStreams(final int value)
    {
        maxStreams = value;
        return this;
    }

    /** @return streams that may be open at a time. */
    public int maxStreams()
    {
        return maxStreams;
    }

    /**
     * @param events that the buffer of a stream holds by default; default 1000.
     * @return this.
     */
    public EventStreamsContext bufferSize(final int events)
    {
        bufferSize = events;
        return this;
    }

    /** @return events that the buffer of a stream holds by default. */
    public int bufferSize()
    {
        return bufferSize;
    }

    /**
     * @param bytes that the events in the buffer of a stream may take by default; default 640,000, which is 1000 events
     *              with records of 512 bytes.
     * @return this.
     */
    public EventStreamsContext bufferBytes(final long bytes)
    {
        bufferBytes = bytes;
        return this;
    }

    /** @return bytes that the events in the buffer of a stream may take by default. */
    public long bufferBytes()
    {
        return bufferBytes;
    }

    /**
     * @param bytes for all buffers of all streams together; default 64 MiB, which holds 100 streams with the default
     *              sizes. Memory is taken as it is needed, of the {@link #memory} of the engine, and an event that
     *              several streams hold takes it once.
     * @return this.
     */
    public EventStreamsContext maxBytes(final long bytes)
    {
        maxBytes = bytes;
        return this;
    }

    /** @return bytes for all buffers of all streams together. */
    public long maxBytes()
    {
        return maxBytes;
    }

    /**
     * @param budget from which buffers take what they need; where it has none, a stream is full before its own bounds
     *               are reached. Default: without a limit; {@link EventStreams#on} takes the engine's.
     * @return this.
     */
    public EventStreamsContext memory(final MemoryBudget budget)
    {
        memory = Objects.requireNonNull(budget, "memory");
        return this;
    }

    /** @return budget from which buffers take what they need. */
    public MemoryBudget memory()
    {
        return memory;
    }

    /**
     * @param share of its buffer to which a stream that was full must have come down to be full no longer, more than 0
     *              and at most 1; default 0.8.
     * @return this.
     */
    public EventStreamsContext backPressureThreshold(final double share)
    {
        backPressureThreshold = share;
        return this;
    }

    /** @return share of its buffer to which a full stream must have come down. */
    public double backPressureThreshold()
    {
        return backPressureThreshold;
    }

    /**
     * @param timeoutNs after which a stream that stays full is slow, at least 1; default 30 s. It is looked at when
     *                  events come.
     * @return this.
     */
    public EventStreamsContext slowTimeoutNs(final long timeoutNs)
    {
        slowTimeoutNs = timeoutNs;
        return this;
    }

    /** @return nanoseconds after which a stream that stays full is slow. */
    public long slowTimeoutNs()
    {
        return slowTimeoutNs;
    }

    /**
     * @param value clock that tells how long a stream has been full.
     * @return this.
     */
    public EventStreamsContext clock(final EpochNanoClock value)
    {
        clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /** @return the clock. */
    public EpochNanoClock clock()
    {
        return clock;
    }

    /**
     * @param value told of streams that were disconnected, on the thread that handles events; must not block.
     * @return this.
     */
    public EventStreamsContext errorHandler(final ErrorHandler value)
    {
        errorHandler = Objects.requireNonNull(value, "errorHandler");
        return this;
    }

    /** @return told of streams that were disconnected. */
    public ErrorHandler errorHandler()
    {
        return errorHandler;
    }

    /**
     * The journal that streams with {@link StreamOverflow#WAIT} go on from. Without one there are none.
     *
     * @param path     data directory of the engine.
     * @param sequence tells up to where everything is journaled; any thread.
     * @return this.
     */
    public EventStreamsContext journal(final Path path, final LongSupplier sequence)
    {
        directory = Objects.requireNonNull(path, "directory");
        journaledSequence = Objects.requireNonNull(sequence, "journaledSequence");
        return this;
    }

    /** @return data directory of the engine, null without a journal. */
    public Path directory()
    {
        return directory;
    }

    /** @return tells up to where everything is journaled, null without a journal. */
    public LongSupplier journaledSequence()
    {
        return journaledSequence;
    }

    /**
     * @param value opens archives that are encrypted.
     * @return this.
     */
    public EventStreamsContext keys(final KeyProvider value)
    {
        keys = Objects.requireNonNull(value, "keys");
        return this;
    }

    /** @return opens archives that are encrypted. */
    public KeyProvider keys()
    {
        return keys;
    }

    /**
     * Shortens the way back to the live events: a subscriber reads the journal from there, and not from the last event
     * of the priority that had none for longest.
     *
     * @param sequence tells up to where the feed has had every event of every priority, or any smaller sequence; 0
     *                 (default) where that is not known. Asked on the thread that feeds.
     * @return this.
     */
    public EventStreamsContext handledSequence(final LongSupplier sequence)
    {
        handledSequence = Objects.requireNonNull(sequence, "handledSequence");
        return this;
    }

    /** @return tells up to where the feed has had every event. */
    public LongSupplier handledSequence()
    {
        return handledSequence;
    }

    /**
     * Has a stream that goes on from the journal get its events as the feed would have given them to it, with the rules
     * applied. Without it, the events come as they were journaled.
     *
     * @param source makes what one stream reads through; asked on the subscriber's thread.
     * @return this.
     */
    public EventStreamsContext deliveredRecords(final Supplier<DeliveredRecords> source)
    {
        deliveredRecords = Objects.requireNonNull(source, "deliveredRecords");
        return this;
    }

    /** @return makes what one stream reads the journal through, null to read it as it is. */
    public Supplier<DeliveredRecords> deliveredRecords()
    {
        return deliveredRecords;
    }

    EventStreamsContext conclude()
    {
        if (maxStreams < 1)
        {
            throw new IllegalArgumentException("maxStreams=" + maxStreams + " must be at least 1");
        }
        EventStreamSpec.checkBufferSize(bufferSize);
        EventStreamSpec.checkBufferBytes(bufferBytes);
        if (maxBytes < bufferBytes)
        {
            throw new IllegalArgumentException(
                "maxBytes=" + maxBytes + " must be at least bufferBytes=" + bufferBytes);
        }
        if (!(backPressureThreshold > 0 && backPressureThreshold <= 1))
        {
            throw new IllegalArgumentException(
                "backPressureThreshold=" + backPressureThreshold + " must be more than 0 and at most 1");
        }
        if (slowTimeoutNs < 1)
        {
            throw new IllegalArgumentException("slowTimeoutNs=" + slowTimeoutNs + " must be at least 1");
        }
        return this;
    }
}
