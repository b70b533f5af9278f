package io.sluice.handlers.source;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;

/**
 * What sources need from their surroundings. Everything has a default. Not thread-safe: set it up, then open sources
 * with it.
 */
public final class EventSourceContext
{
    /** Default of {@link #maxLineLength()}: JSON of an event of 1 MiB, escapes included. */
    public static final int DEFAULT_MAX_LINE_LENGTH = 4 * 1024 * 1024;
    /** Default of {@link #seed()}. */
    public static final long DEFAULT_SEED = 20_261_121L;

    private final List<Path> excluded = new ArrayList<>();
    private EpochNanoClock clock = new SystemEpochNanoClock();
    private MalformedInputListener malformedInputListener = (source, line, reason) -> {};
    private InputStream standardInput = System.in;
    private int maxLineLength = DEFAULT_MAX_LINE_LENGTH;
    private long seed = DEFAULT_SEED;

    /** @return nanoseconds since 1970 UTC, for schedules and for events that just happen. */
    public EpochNanoClock clock()
    {
        return clock;
    }

    /**
     * @param value nanoseconds since 1970 UTC.
     * @return this.
     */
    public EventSourceContext clock(final EpochNanoClock value)
    {
        clock = value;
        return this;
    }

    /** @return hears of input that is no event. */
    public MalformedInputListener malformedInputListener()
    {
        return malformedInputListener;
    }

    /**
     * @param value hears of input that is no event, on the thread that pulls; by default nobody does.
     * @return this.
     */
    public EventSourceContext malformedInputListener(final MalformedInputListener value)
    {
        malformedInputListener = value;
        return this;
    }

    /** @return what {@code -} means. */
    public InputStream standardInput()
    {
        return standardInput;
    }

    /**
     * @param value what {@code -} means; the standard input of the process by default.
     * @return this.
     */
    public EventSourceContext standardInput(final InputStream value)
    {
        standardInput = value;
        return this;
    }

    /** @return longest line in bytes. */
    public int maxLineLength()
    {
        return maxLineLength;
    }

    /**
     * @param value longest line in bytes, 1 to 1 GiB; longer ones are reported and passed over without keeping them.
     * @return this.
     */
    public EventSourceContext maxLineLength(final int value)
    {
        if (value < 1 || value > 1 << 30)
        {
            throw new IllegalArgumentException(
                "maxLineLength " + value + " is out of range: use 1 to " + (1 << 30) + " bytes");
        }
        maxLineLength = value;
        return this;
    }

    /** @return seed of generated loads. */
    public long seed()
    {
        return seed;
    }

    /**
     * @param value seed of generated loads.
     * @return this.
     */
    public EventSourceContext seed(final long value)
    {
        seed = value;
        return this;
    }

    /**
     * A directory that is never watched: the one that the events are written to, as every event would cause more.
     *
     * @param directory that need not exist yet.
     * @return this.
     */
    public EventSourceContext exclude(final Path directory)
    {
        excluded.add(directory.toAbsolutePath().normalize());
        return this;
    }

    /** @return directories that are never watched, absolute. */
    public List<Path> excluded()
    {
        return List.copyOf(excluded);
    }
}
