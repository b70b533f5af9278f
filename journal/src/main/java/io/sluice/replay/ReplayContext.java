package io.sluice.replay;

import io.sluice.archive.KeyProvider;
import io.sluice.event.EventValidationException;
import io.sluice.event.Timestamps;
import io.sluice.event.filter.EventFilter;
import io.sluice.journal.ExpiredRangeListener;
import io.sluice.journal.JournalArchive;
import io.sluice.journal.LostRangeListener;
import java.nio.file.Path;
import java.time.Instant;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/** What a {@link JournalReplay} replays, and how fast. Not thread-safe; read at open. */
public final class ReplayContext
{
    /** Speed without waiting. */
    public static final double UNTHROTTLED = Double.POSITIVE_INFINITY;
    /** Least speed. */
    public static final double MIN_SPEED = 0.1;
    /** Greatest speed, but for {@link #UNTHROTTLED}. */
    public static final double MAX_SPEED = 100;

    private Path directory;
    private KeyProvider keys = KeyProvider.NONE;
    private EventFilter filter = EventFilter.of("TRUE");
    private long fromSequence = 1;
    private long fromTimeNs = Long.MIN_VALUE;
    private long toSequence = Long.MAX_VALUE;
    private long toTimeNs = Long.MAX_VALUE;
    private double speed = 1;
    private ReplayTime time = ReplayTime.RECORDED;
    private String sessionId;
    private String correlationId;
    private boolean includesRelated = true;
    private String checkpoint;
    private String destination;
    private boolean isSavedOnRequest;
    private NanoClock clock = SystemNanoClock.INSTANCE;
    private ExpiredRangeListener expiredRangeListener = ExpiredRangeListener.NONE;
    private LostRangeListener lostRangeListener = LostRangeListener.NONE;

    /** A context with defaults: everything, at the speed at which it was recorded. */
    public ReplayContext()
    {
    }

    /**
     * @param value data directory; must be set.
     * @return this.
     */
    public ReplayContext directory(final Path value)
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
     * @param provider of the keys of encrypted archive files; default: none.
     * @return this.
     */
    public ReplayContext keys(final KeyProvider provider)
    {
        keys = provider;
        return this;
    }

    /**
     * @param file with the keys of encrypted archive files.
     * @return this.
     */
    public ReplayContext keyFile(final Path file)
    {
        return keys(JournalArchive.keyFile(file));
    }

    /** @return provider of keys. */
    public KeyProvider keys()
    {
        return keys;
    }

    /**
     * @param value of the events to hand out; default: all. A copy is taken.
     * @return this.
     */
    public ReplayContext filter(final EventFilter value)
    {
        filter = value.copy();
        return this;
    }

    /** @return filter of the events. */
    public EventFilter filter()
    {
        return filter;
    }

    /**
     * @param sequence of the first event, from 1; default: the first one there is.
     * @return this.
     */
    public ReplayContext fromSequence(final long sequence)
    {
        if (sequence < 1)
        {
            throw new IllegalArgumentException("fromSequence " + sequence + " is out of range: sequences start at 1");
        }
        fromSequence = sequence;
        return this;
    }

    /** @return sequence of the first event. */
    public long fromSequence()
    {
        return fromSequence;
    }

    /**
     * @param instant at which the first event was recorded, or later.
     * @return this.
     * @throws EventValidationException if it is before 1677 or after 2262.
     */
    public ReplayContext from(final Instant instant)
    {
        fromTimeNs = Timestamps.epochNs(instant);
        return this;
    }

    /** @return when the first event was recorded at the earliest, nanoseconds since 1970 UTC. */
    public long fromTimeNs()
    {
        return fromTimeNs;
    }

    /**
     * @param sequence of the last event; default: the last one when the replay is opened.
     * @return this.
     */
    public ReplayContext toSequence(final long sequence)
    {
        toSequence = sequence;
        return this;
    }

    /** @return sequence of the last event. */
    public long toSequence()
    {
        return toSequence;
    }

    /**
     * @param instant before which every event was recorded: the state as of then.
     * @return this.
     * @throws EventValidationException if it is before 1677 or after 2262.
     */
    public ReplayContext to(final Instant instant)
    {
        toTimeNs = Timestamps.epochNs(instant);
        return this;
    }

    /** @return before when every event was recorded, nanoseconds since 1970 UTC. */
    public long toTimeNs()
    {
        return toTimeNs;
    }

    /**
     * @param factor {@value #MIN_SPEED} to {@value #MAX_SPEED} times as fast as the events were, or
     *               {@link #UNTHROTTLED}; default: 1.
     * @return this.
     */
    public ReplayContext speed(final double factor)
    {
        if (factor != UNTHROTTLED && !(factor >= MIN_SPEED && factor <= MAX_SPEED))
        {
            throw new IllegalArgumentException(
                "speed " + factor + " is out of range: use " + MIN_SPEED + " to " + MAX_SPEED + ", or UNTHROTTLED");
        }
        speed = factor;
        return this;
    }

    /** @return how many times as fast as the events were. */
    public double speed()
    {
        return speed;
    }

    /**
     * @param value whose distances are kept; default: {@link ReplayTime#RECORDED}.
     * @return this.
     */
    public ReplayContext time(final ReplayTime value)
    {
        time = value;
        return this;
    }

    /** @return the time whose distances are kept. */
    public ReplayTime time()
    {
        return time;
    }

    /**
     * @param id of the session to replay, null for all of them, which is the default.
     * @return this.
     * @throws IllegalArgumentException if it is empty, which no session is.
     */
    public ReplayContext sessionId(final String id)
    {
        sessionId = ensureNotEmpty("sessionId", id);
        return this;
    }

    /** @return the session, or null. */
    public String sessionId()
    {
        return sessionId;
    }

    /**
     * @param id of the correlation to replay, null for all of them, which is the default.
     * @return this.
     * @throws IllegalArgumentException if it is empty, which no correlation is.
     */
    public ReplayContext correlationId(final String id)
    {
        correlationId = ensureNotEmpty("correlationId", id);
        return this;
    }

    /** @return the correlation, or null. */
    public String correlationId()
    {
        return correlationId;
    }

    /**
     * @param isIncluded true to replay also what belongs to the session or correlation: events of the same
     *                   correlations, and effects; default: true.
     * @return this.
     */
    public ReplayContext includeRelated(final boolean isIncluded)
    {
        includesRelated = isIncluded;
        return this;
    }

    /** @return true if related events are replayed, too. */
    public boolean includesRelated()
    {
        return includesRelated;
    }

    /**
     * @param name under which the place is kept, 1 to 64 of letters, digits, dots, dashes and underscores; a replay of
     *             the same name, filter, session and correlation goes on there, or at the start of its range if that
     *             is later. Default: none.
     * @return this.
     */
    public ReplayContext checkpoint(final String name)
    {
        // Says what is wrong with a name.
        ReplayCheckpoints.file(Path.of(""), name);
        checkpoint = name;
        return this;
    }

    /** @return name of the checkpoint, or null. */
    public String checkpoint()
    {
        return checkpoint;
    }

    /**
     * @param name of what the events go to, null for nothing in particular, which is the default. A checkpoint is of
     *             one destination: what went to one of them must not be left out for another one.
     * @return this.
     */
    public ReplayContext destination(final String name)
    {
        destination = name;
        return this;
    }

    /** @return what the events go to, or null. */
    public String destination()
    {
        return destination;
    }

    /**
     * @param isOnRequest true to save the place only by {@link JournalReplay#savePlace()}: for handlers that buffer or
     *                    collect, and are done with an event some time after it was with them; default: false, behind
     *                    each event that the handler has returned from.
     * @return this.
     */
    public ReplayContext saveOnRequest(final boolean isOnRequest)
    {
        isSavedOnRequest = isOnRequest;
        return this;
    }

    /** @return true if the place is saved on request only. */
    public boolean saveOnRequest()
    {
        return isSavedOnRequest;
    }

    /**
     * @param value that the schedule is kept with; default: the system's.
     * @return this.
     */
    public ReplayContext clock(final NanoClock value)
    {
        clock = value;
        return this;
    }

    /** @return clock of the schedule. */
    public NanoClock clock()
    {
        return clock;
    }

    /**
     * @param listener to ranges that retention has removed; default: none.
     * @return this.
     */
    public ReplayContext expiredRangeListener(final ExpiredRangeListener listener)
    {
        expiredRangeListener = listener;
        return this;
    }

    /** @return listener to expired ranges. */
    public ExpiredRangeListener expiredRangeListener()
    {
        return expiredRangeListener;
    }

    /**
     * @param listener to ranges that a repair has written off; default: none.
     * @return this.
     */
    public ReplayContext lostRangeListener(final LostRangeListener listener)
    {
        lostRangeListener = listener;
        return this;
    }

    /** @return listener to lost ranges. */
    public LostRangeListener lostRangeListener()
    {
        return lostRangeListener;
    }

    /** @return what is picked from the journal, in words: the same words for the same events. */
    String picks()
    {
        final StringBuilder text = new StringBuilder(filter.text());
        if (sessionId != null)
        {
            text.append(", session ").append(sessionId);
        }
        if (correlationId != null)
        {
            text.append(", correlation ").append(correlationId);
        }
        if (includesRelated && (sessionId != null || correlationId != null))
        {
            text.append(", and what belongs to it");
        }
        if (destination != null)
        {
            text.append(", into ").append(destination);
        }
        return text.toString();
    }

    private static String ensureNotEmpty(final String label, final String id)
    {
        if (id != null && id.isEmpty())
        {
            throw new IllegalArgumentException(label + " '' is not valid: name one, or leave it out for all events");
        }
        return id;
    }
}
