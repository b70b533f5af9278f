package io.sluice.handlers.log;

import io.sluice.engine.Engine;
import io.sluice.engine.PublishResult;
import io.sluice.engine.Publisher;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventValidationException;
import io.sluice.event.IdGenerator;
import io.sluice.event.Priority;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Hands events to the engine, and holds those that the engine has no room for, in order for each priority. Thread-safe;
 * a call holds the lock while it encodes and offers. Handlers log, too, so nobody may wait for the engine with it.
 */
final class LogBuffer
{
    /** Memory for at least one event. */
    static final int MIN_BYTES = 4096;

    /** What the engine may add to a record: source and metadata of the host. */
    private static final int ADDED_LENGTH = 4096;
    /** What a builder takes besides its record. */
    private static final int BUILDER_BYTES = 2560;
    private static final int INITIAL_LENGTH = 4096;

    /** An event that is the logger's now. */
    private record Entry(EventBuilder event, String id, int bytes)
    {
    }

    private final Engine engine;
    private final Publisher publisher;
    private final EventLoggerContext context;
    private final EventDefaults defaults;
    private final EventEncoder encoder = new EventEncoder();
    private final EventFlyweight view = new EventFlyweight();
    private final int maxLength;
    private final List<ArrayDeque<Entry>> held = new ArrayList<>();
    private final long[] taken = new long[Priority.COUNT];
    private final long[] handed = new long[Priority.COUNT];
    private final long[] lastTicket = new long[Priority.COUNT];
    private UnsafeBuffer scratch = new UnsafeBuffer(new byte[INITIAL_LENGTH]);
    private int heldCount;
    private long heldBytes;
    private long refused;
    private long failed;
    private long toldFailed;
    private boolean isClosed;

    LogBuffer(final EventLoggerContext context)
    {
        this.context = context;
        engine = context.engine();
        publisher = engine.publisher(context.name());
        maxLength = engine.context().maxEventLength();
        // Ids of their own: two generators with one seed would give the same.
        final long seed = engine.context().seed() ^ context.name().hashCode() ^ engine.runId();
        defaults = new EventDefaults(engine.context().clock(), new IdGenerator(seed));
        for (int code = 0; code < Priority.COUNT; code++)
        {
            held.add(new ArrayDeque<>());
            lastTicket[code] = -1;
        }
    }

    /** @return the ids. */
    synchronized List<String> add(final List<EventBuilder> events, final String correlationId)
    {
        final List<Entry> entries = new ArrayList<>();
        for (final EventBuilder event : events)
        {
            entries.add(entry(event, correlationId, events.size()));
        }
        handOver();
        checkRoom(entries);
        final List<String> ids = new ArrayList<>();
        for (final Entry entry : entries)
        {
            take(entry, ids, entries.size());
            ids.add(entry.id());
        }
        return ids;
    }

    /**
     * Offer what is held to the engine again.
     *
     * @return events that it took.
     */
    synchronized int handOver()
    {
        int count = 0;
        for (int code = 0; heldCount > 0 && code < Priority.COUNT; code++)
        {
            final ArrayDeque<Entry> queue = held.get(code);
            while (!queue.isEmpty())
            {
                final long result = publisher.offerHeld(queue.peek().event());
                if (isNoRoom(result) || result == PublishResult.NOT_OPEN)
                {
                    break;
                }
                final Entry entry = queue.remove();
                heldCount--;
                heldBytes -= entry.bytes();
                count++;
                onHanded(code, result);
                if (result < 0)
                {
                    failed++;
                    engine.context().errorHandler().onError(new EventLogException(
                        result,
                        "event '" + entry.id() + "' was logged and then refused by the engine: " +
                        PublishResult.describe(result) + "; see engine.failure()"));
                }
            }
        }
        return count;
    }

    synchronized int heldCount()
    {
        return heldCount;
    }

    /** @return how many events of each priority were taken so far. */
    synchronized long[] taken()
    {
        return taken.clone();
    }

    /** @return true if as many events of each priority were handed over. */
    synchronized boolean isHanded(final long[] counts)
    {
        for (int code = 0; code < Priority.COUNT; code++)
        {
            if (handed[code] < counts[code])
            {
                return false;
            }
        }
        return true;
    }

    /** @return the ticket of the last event of each priority, -1 for none. */
    synchronized long[] lastTickets()
    {
        return lastTicket.clone();
    }

    /** @return events that the engine has refused for good since the last call. */
    synchronized long takeFailed()
    {
        final long count = failed - toldFailed;
        toldFailed = failed;
        return count;
    }

    synchronized LogStats stats()
    {
        long logged = 0;
        for (final long count : taken)
        {
            logged += count;
        }
        return new LogStats(logged, refused, heldCount, failed);
    }

    Publisher publisher()
    {
        return publisher;
    }

    /** Take no more. */
    synchronized void close()
    {
        isClosed = true;
    }

    // As the event is now: its time and its ids, also those that it has from the event that is being handled, are those
    // of the call, whenever the engine has room for it.
    private Entry entry(final EventBuilder event, final String correlationId, final int count)
    {
        final int length = encode(event);
        if (length < 0)
        {
            refused += count;
            throw new EventLogException(
                PublishResult.EVENT_TOO_LARGE,
                "event of type '" + event.type() + "' is not logged: it is longer than maxEventLength=" + maxLength +
                "; log less, or raise the limit");
        }
        final EventBuilder copy = new EventBuilder().from(view.wrap(scratch, 0));
        if (correlationId != null && copy.correlationId().isEmpty())
        {
            copy.correlationId(correlationId);
        }
        return new Entry(publisher.carryContext(copy), copy.id(), length + BUILDER_BYTES);
    }

    private int encode(final EventBuilder event)
    {
        while (true)
        {
            try
            {
                return event.encode(encoder, scratch, 0, scratch.capacity(), defaults);
            }
            catch (final EventValidationException ex)
            {
                if (!EventEncoder.RECORD.equals(ex.field()))
                {
                    throw ex;
                }
                if (scratch.capacity() >= maxLength)
                {
                    return -1;
                }
                scratch = new UnsafeBuffer(new byte[(int)Math.min(4L * scratch.capacity(), maxLength)]);
            }
        }
    }

    private void checkRoom(final List<Entry> entries)
    {
        long bytes = heldBytes;
        boolean mayBeTooLarge = false;
        for (final Entry entry : entries)
        {
            bytes += entry.bytes();
            mayBeTooLarge |= entry.bytes() - BUILDER_BYTES + ADDED_LENGTH > maxLength;
        }
        final String reason;
        if (isClosed)
        {
            reason = "the logger is closed; open another one";
        }
        else if (heldCount + entries.size() > context.bufferSize())
        {
            reason = "the engine has no room, and of bufferSize=" + context.bufferSize() + " events " + heldCount +
                " are held; try again, or log fewer at once";
        }
        else if (bytes > context.bufferBytes() && (heldCount > 0 || entries.size() > 1))
        {
            reason = "the engine has no room, and of bufferBytes=" + context.bufferBytes() + " " + heldBytes +
                " are in use; try again, or log fewer at once";
        }
        else if (mayBeTooLarge && (heldCount > 0 || entries.size() > 1))
        {
            // Held, it might turn out to be too large when it can't be refused any more.
            reason = "an event of nearly maxEventLength=" + maxLength + " is not held; try again, on its own";
        }
        else
        {
            return;
        }
        refused += entries.size();
        throw new EventLogException(
            isClosed ? PublishResult.CLOSED : PublishResult.BACK_PRESSURED,
            (entries.size() == 1 ? "the event is" : entries.size() + " events are") + " not logged: " + reason);
    }

    private void take(final Entry entry, final List<String> before, final int count)
    {
        final int code = entry.event().priority().code();
        final ArrayDeque<Entry> queue = held.get(code);
        final long result = queue.isEmpty() ? publisher.offer(entry.event()) : PublishResult.BACK_PRESSURED;
        final boolean mayBeHeld = entry.bytes() - BUILDER_BYTES + ADDED_LENGTH <= maxLength &&
            entry.bytes() <= context.bufferBytes();
        // The policy may drop what was not taken yet; of a batch that has begun, everything was.
        final boolean isDropped = result == PublishResult.DROPPED && before.isEmpty();
        if (result < 0 && !(isNoRoom(result) && !isDropped && mayBeHeld))
        {
            refused += count - before.size();
            throw new EventLogException(
                result,
                "event '" + entry.id() + "' is not logged: " + PublishResult.describe(result) +
                (before.isEmpty() ? "" : "; these of its batch were: " + before));
        }
        taken[code]++;
        if (result >= 0)
        {
            onHanded(code, result);
        }
        else
        {
            queue.add(entry);
            heldCount++;
            heldBytes += entry.bytes();
        }
    }

    private static boolean isNoRoom(final long result)
    {
        return PublishResult.isTransient(result) || result == PublishResult.DROPPED;
    }

    private void onHanded(final int code, final long result)
    {
        handed[code]++;
        if (result >= 0)
        {
            lastTicket[code] = result;
        }
    }
}
