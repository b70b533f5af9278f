package io.sluice.engine;

import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStreamException;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import io.sluice.event.Verdict;
import io.sluice.journal.RecordHandler;
import io.sluice.query.JournalQuery;
import io.sluice.query.QueryContext;
import io.sluice.replay.JournalReplay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;

/**
 * Publishes what was journaled into an engine once more: with the ids, times, relations, metadata and contents that the
 * events had, flagged {@link io.sluice.event.EventDescriptor#FLAG_REPLAYED}. Duplicates of the journal are left out.
 *
 * <pre>{@code
 * try (EngineReplay replay = EngineReplay.open(new EngineReplayContext().engine(engine).replay(replayContext)))
 * {
 *     while (!replay.isEnded())
 *     {
 *         idleStrategy.idle(replay.poll());
 *     }
 * }
 * }</pre>
 *
 * <pre>
 *   JournalReplay ─► ReplayBatch ─► known in the engine's journal? ─no─► Publisher ─► journaled ─► place saved
 *        ▲               │                     └─yes─► counted                            │
 *        └───────────────┴────────────────── the next batch ◄─────────────────────────────┘
 * </pre>
 *
 * <p><b>Nothing twice.</b> An event whose id the engine's journal holds, whatever its verdict there, is known: it is
 * counted and not published. So a journal can be replayed again at any time, also into the engine that wrote it, and
 * adds what is missing. That holds as far back as the engine's journal reaches; what its retention removed is new to
 * it. Why no event slips through:
 * <ul>
 * <li>What was journaled before the look-up, it finds: in the index, and where that has not come so far, in the
 * journal.</li>
 * <li>What this replay published before was journaled before the look-up, for a batch is begun when the one before is
 * journaled. Within a batch, ids are compared.</li>
 * <li>What others publish meanwhile under the same id is for the engine's dedup to tell: a look-up is done again, for
 * what was journaled since, when it is a second or half of the engine's horizon of ids old. Whichever of the two is
 * sequenced later is journaled as a duplicate of the other one and not handled; here it counts as known. Only with an
 * engine whose dedup is off, such an event is accepted twice.</li>
 * <li>What a killed process had published is in the journal, and is found; or it is not, and is published.</li>
 * </ul>
 *
 * <p><b>Nothing lost.</b> Where the engine has no room, the event is offered again with the next poll, and those behind
 * it wait, so that the order within a priority stays. A checkpoint is saved when everything before it has reached the
 * engine's durability. After a power loss, a place that was saved while the engine was {@link Durability#JOURNALED} may
 * be ahead of the engine's journal: then replay under a new name, which costs look-ups only.
 *
 * <p>Events keep their time of happening; sequence and time of recording are those of the engine.
 *
 * <p>Not thread-safe: one thread at a time, and none of the engine's. A poll never waits for the engine, but it reads
 * two journals; in {@link ThreadingMode#INVOKER} the host drives the engine between polls. An engine without an index,
 * as in that mode, makes each look-up read its whole journal. Allocates.
 */
public final class EngineReplay implements AutoCloseable
{
    private static final int BATCH_EVENTS = 512;
    private static final int BATCH_LENGTH = 1 << 20;
    // A batch ends between two of these, however long their records are.
    private static final int EVENTS_AT_ONCE = 32;
    private static final long MAX_LOOK_UP_AGE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long NONE = -1L;

    private final Engine engine;
    private final JournalReplay source;
    private final JournalQuery target;
    private final Publisher publisher;
    private final boolean isSkippingRefused;
    private final boolean isPlaceKept;
    private final ReplayBatch batch = new ReplayBatch(BATCH_EVENTS);
    private final RecordHandler onEvent = this::onEvent;
    private final RecordHandler onKnown;
    private final Set<String> known = new HashSet<>();
    private final long[] lastTickets = new long[Priority.COUNT];
    private final long maxAgeNs;
    private final long maxAgeEvents;
    private EventStreamException refusal;
    private boolean isLookedUp;
    private long lookedUpTo;
    private long lookedUpAtNs;
    private long awaitedSequence;
    private long savedBefore;
    private int next;
    private int end;
    private long published;
    private long knownEvents;
    private long duplicates;
    private long refused;
    private long refusedSequence;

    private EngineReplay(
        final EngineReplayContext context,
        final JournalReplay source,
        final JournalQuery target,
        final Publisher publisher)
    {
        engine = context.engine();
        this.source = source;
        this.target = target;
        this.publisher = publisher;
        isSkippingRefused = context.skipRefused();
        isPlaceKept = context.replay().checkpoint() != null;
        final DedupContext dedup = engine.context().dedup();
        maxAgeNs = Math.min(MAX_LOOK_UP_AGE_NS, dedup.idHorizonNs() / 2);
        maxAgeEvents = dedup.idCapacity() / 2;
        onKnown = (event) -> known.add(event.id());
        savedBefore = source.nextSequence();
        Arrays.fill(lastTickets, NONE);
    }

    /**
     * Open a replay.
     *
     * @param context of it.
     * @return the replay, before its first event.
     * @throws IllegalArgumentException if engine or journal is not set, or the engine keeps no journal.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal or the directory can't be read.
     * @throws io.sluice.journal.PositionException      if the checkpoint does not fit the journal, is of a replay of
     *                                                  other events or into another engine, or is in use.
     * @throws io.sluice.event.EventException           if a journal is damaged, or too much is related.
     */
    public static EngineReplay open(final EngineReplayContext context)
    {
        final Engine engine = context.engine();
        EngineContextCheck.require(engine != null, "engine is not set: name the engine to replay into");
        EngineContextCheck.require(context.replay() != null, "replay is not set: say what to replay");
        EngineContextCheck.require(
            engine.context().durability() != Durability.NONE,
            "an engine with durability NONE keeps no journal, so nobody can tell what it has had: replay into one " +
            "with JOURNALED or SYNCED");
        context.replay().saveOnRequest(true).destination(destination(engine.context().directory()));
        JournalReplay source = null;
        JournalQuery target = null;
        try
        {
            source = JournalReplay.open(context.replay());
            target = JournalQuery.open(new QueryContext()
                .directory(engine.context().directory())
                .keys(engine.context().journal().archive().keys()));
            return new EngineReplay(context, source, target, engine.publisher("replay"));
        }
        catch (final Throwable ex)
        {
            CloseHelper.quietCloseAll(target, source);
            throw ex;
        }
    }

    /**
     * Go on as far as that is possible without waiting: for the next event to be due, for room in the engine, for what
     * was published to be journaled.
     *
     * @return how much was done; 0 if nothing could be.
     * @throws EventStreamException                if the engine refused an event for good, or has failed or was closed;
     *                                             then the replay goes no further, and a checkpoint stays before that.
     * @throws io.sluice.journal.PositionException if events behind the checkpoint are gone, as with
     *                                             {@link JournalReplay#poll}.
     * @throws io.sluice.event.EventException      if a journal is damaged.
     */
    public int poll()
    {
        int work = 0;
        if (batch.size() == 0)
        {
            work += gather();
        }
        if (batch.size() > 0)
        {
            work += publish();
            if (next == end && isAcknowledged())
            {
                settle();
                work++;
            }
        }
        return work;
    }

    /** @return true if everything was published, or known, and has reached the engine's durability. */
    public boolean isEnded()
    {
        return batch.size() == 0 && refusal == null && source.isEnded();
    }

    /** @return nanoseconds until the next event is due, as with {@link JournalReplay#untilDueNs()}; 0 amid a batch. */
    public long untilDueNs()
    {
        return batch.size() > 0 ? 0 : source.untilDueNs();
    }

    /** Read nothing more until {@link #resume()}; what was read goes on. Any thread. */
    public void pause()
    {
        source.pause();
    }

    /** Go on after {@link #pause()}. Any thread. */
    public void resume()
    {
        source.resume();
    }

    /**
     * While paused, replay some events at once. Any thread.
     *
     * @param events from 1.
     */
    public void step(final int events)
    {
        source.step(events);
    }

    /** @return true between {@link #pause()} and {@link #resume()}. */
    public boolean isPaused()
    {
        return source.isPaused();
    }

    /** @return sequence of the first event that is not done with yet: what is before it has the engine's durability. */
    public long nextSequence()
    {
        return batch.size() > 0 ? batch.sequence(0) : refusal != null ? refusedSequence : source.nextSequence();
    }

    /** @return hash over sequences and contents of all events read so far, in order. */
    public long digest()
    {
        return source.digest();
    }

    /** @return events read from the journal. */
    public long read()
    {
        return source.handedOut();
    }

    /** @return events that the engine has accepted as new and journaled. */
    public long published()
    {
        return published;
    }

    /** @return events that the engine had already. */
    public long known()
    {
        return knownEvents;
    }

    /** @return events left out because they are duplicates in the journal that they come from. */
    public long duplicates()
    {
        return duplicates;
    }

    /** @return events that the engine refused for good. */
    public long refused()
    {
        return refused;
    }

    /** Release everything; the engine goes on. What was published last is not waited for. Idempotent. */
    @Override
    public void close()
    {
        CloseHelper.closeAll(publisher, target, source);
    }

    private void onEvent(final EventFlyweight event)
    {
        if (event.verdict() == Verdict.ACCEPTED)
        {
            batch.add(event);
        }
        else
        {
            duplicates++;
        }
    }

    private int gather()
    {
        if (refusal != null)
        {
            throw refusal;
        }
        next = 0;
        isLookedUp = false;
        known.clear();
        int count = 0;
        int added = EVENTS_AT_ONCE;
        try
        {
            while (added > 0 && batch.size() <= BATCH_EVENTS - EVENTS_AT_ONCE && batch.length() < BATCH_LENGTH)
            {
                added = source.poll(onEvent, EVENTS_AT_ONCE);
                count += added;
            }
        }
        finally
        {
            // What came before damage is published all the same.
            end = batch.size();
        }
        if (end == 0)
        {
            savePlace();
        }
        return count;
    }

    private int publish()
    {
        if (next < end && isLookUpDue())
        {
            lookUp();
        }
        final int first = next;
        while (next < end)
        {
            if (known.contains(batch.id(next)))
            {
                knownEvents++;
            }
            else if (!isPublished(next))
            {
                break;
            }
            next++;
        }
        return next - first;
    }

    private boolean isLookUpDue()
    {
        return !isLookedUp || engine.context().clock().nanoTime() - lookedUpAtNs > maxAgeNs ||
            engine.journaledSequence() - lookedUpTo > maxAgeEvents;
    }

    private void lookUp()
    {
        final long fromSequence = isLookedUp ? lookedUpTo + 1 : 1;
        // Before the query: it sees what is journaled by then, and perhaps more.
        lookedUpTo = engine.journaledSequence();
        lookedUpAtNs = engine.context().clock().nanoTime();
        target.eventsById(batch.idsFrom(next), fromSequence, onKnown);
        isLookedUp = true;
    }

    /** @return false if the event is to be offered again. */
    private boolean isPublished(final int index)
    {
        long result;
        String reason;
        try
        {
            result = publisher.publish(
                batch.buffer(), batch.offset(index), batch.length(index), engine.context().clock().nanoTime());
            reason = PublishResult.describe(result);
        }
        catch (final EventValidationException ex)
        {
            result = PublishResult.EVENT_TOO_LARGE;
            reason = ex.getMessage();
        }
        if (result >= 0)
        {
            batch.published(index, result);
            known.add(batch.id(index));
            lastTickets[Admission.priorityCodeOf(result)] = result;
            return true;
        }
        if (PublishResult.isTransient(result))
        {
            return false;
        }
        refused++;
        if (result != PublishResult.EVENT_TOO_LARGE || !isSkippingRefused)
        {
            refuse(index, result, reason);
            return false;
        }
        return true;
    }

    // What came before is published, and waited for, before anybody is told.
    private void refuse(final int index, final long result, final String reason)
    {
        final String remedy = result == PublishResult.EVENT_TOO_LARGE ?
            "replay into an engine that takes it, or skip what is refused" :
            "the engine is " + engine.state() + ", replay again when it is RUNNING";
        refusal = new EventStreamException(
            "sequence " + batch.sequence(index) + ", event " + batch.id(index) + " of " + batch.length(index) +
            " bytes, was refused: " + reason + "; " + remedy, engine.failure());
        refusedSequence = batch.sequence(index);
        end = index;
    }

    private boolean isAcknowledged()
    {
        for (int code = 0; code < lastTickets.length; code++)
        {
            if (lastTickets[code] != NONE)
            {
                final long sequence = publisher.sequenceOf(lastTickets[code]);
                if (sequence == PublishResult.NOT_SEQUENCED)
                {
                    checkAlive();
                    return false;
                }
                // Where the ring has forgotten it, it was journaled before what was journaled last.
                awaitedSequence = Math.max(awaitedSequence, sequence > 0 ? sequence : engine.journaledSequence());
                lastTickets[code] = NONE;
            }
        }
        final long covered = engine.context().durability() == Durability.SYNCED ?
            engine.syncedSequence() : engine.journaledSequence();
        if (covered < awaitedSequence)
        {
            checkAlive();
            return false;
        }
        return true;
    }

    private void checkAlive()
    {
        final EngineState state = engine.state();
        if (state == EngineState.FAILED || state == EngineState.CLOSED)
        {
            throw new EventStreamException(
                "the engine is " + state + " and does not journal what was replayed from sequence " +
                nextSequence() + " on; replay again into a running engine", engine.failure());
        }
    }

    private void settle()
    {
        for (int i = 0; i < end; i++)
        {
            final long ticket = batch.ticket(i);
            if (ticket != ReplayBatch.UNPUBLISHED)
            {
                final boolean isDuplicate = publisher.isDuplicate(ticket);
                published += isDuplicate ? 0 : 1;
                knownEvents += isDuplicate ? 1 : 0;
            }
        }
        batch.clear();
        if (refusal != null)
        {
            throw refusal;
        }
        savePlace();
    }

    private void savePlace()
    {
        if (isPlaceKept && source.nextSequence() != savedBefore)
        {
            source.savePlace();
            savedBefore = source.nextSequence();
        }
    }

    // As the file system names it, whatever it was called.
    private static String destination(final Path directory)
    {
        try
        {
            return directory.toRealPath().toString();
        }
        catch (final IOException ex)
        {
            return directory.toAbsolutePath().normalize().toString();
        }
    }
}
