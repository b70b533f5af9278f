package io.sluice.engine;

import io.sluice.engine.dedup.Deduplicator;
import io.sluice.engine.ring.PriorityRing;
import io.sluice.engine.ring.PriorityWheel;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStorageException;
import io.sluice.event.Priority;
import io.sluice.event.Verdict;
import io.sluice.journal.EventAppender;
import io.sluice.journal.StorageStatus;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * First stage: gives each event its verdict, its sequence and its place in the journal, in one step on one thread. A
 * duty cycle takes a bounded batch from the rings, in the order of the wheel, appends it as one excerpt, and only then
 * lets anybody see it.
 *
 * <p>Nothing is taken while the appender is not ready: then the engine is DEGRADED, until it is.
 *
 * <p>A CRITICAL event closes the batch as soon as no other CRITICAL event follows, so that it waits for no later event.
 *
 * <p>What was published as a batch is one unit: all of it goes into one excerpt, or none of it is taken.
 */
final class SequencingAgent implements Agent
{
    private static final int MOST_IN_BATCH = Deduplicator.MOST_TOUCHED;
    private static final int CRITICAL_BIT = 1;

    private final EngineCore core;
    private final PriorityRing[] rings;
    private final PriorityWheel wheel;
    private final HeadAgeing ageing;
    private final EventAppender appender;
    private final Deduplicator deduplicator;
    private final EpochNanoClock clock;
    private final StageHistogram[] histograms;
    private final EventFlyweight event = new EventFlyweight();
    private final long[] next = new long[Priority.COUNT];
    private final long[] released = new long[Priority.COUNT];
    private final int mostInExcerpt;
    private final int mostBytesInExcerpt;
    private boolean isHeldUp;
    private long reportedEpisode;

    SequencingAgent(final EngineCore core, final EventAppender appender, final Deduplicator deduplicator)
    {
        this.core = core;
        this.appender = appender;
        this.deduplicator = deduplicator;
        rings = core.rings();
        clock = core.clock();
        histograms = core.telemetry().journaled();
        ageing = core.newAgeing(next);
        wheel = core.newWheel(ageing);
        mostInExcerpt = core.context().journal().batchCount();
        mostBytesInExcerpt = core.context().journal().batchLength();
    }

    @Override
    public int doWork()
    {
        if (!core.rules().enter())
        {
            return 0;
        }
        try
        {
            return sequenceSome();
        }
        finally
        {
            core.rules().exit();
        }
    }

    private int sequenceSome()
    {
        for (final StageHistogram histogram : histograms)
        {
            histogram.onDutyCycle();
        }
        if (core.failure() != null)
        {
            core.receipts().refuse(PublishResult.FAILED);
            core.receipts().refuseUnsynced(PublishResult.FAILED);
            return 0;
        }
        int ready = ready();
        if (ready == 0 && !isHeldUp && appender.storage().isHealthy())
        {
            core.receipts().onIdle();
            return 0;
        }
        try
        {
            if (!isAppenderReady() || ready == 0)
            {
                return 0;
            }
            final long nowNs = clock.nanoTime();
            ageing.now(nowNs);
            touchAhead();
            boolean holdsCritical = false;
            int count = 0;
            while (ready != 0 && count < MOST_IN_BATCH && !(holdsCritical && (ready & CRITICAL_BIT) == 0))
            {
                final int code = wheel.next(ready);
                holdsCritical |= code == Priority.CRITICAL.code();
                count += sequenceUnit(code, nowNs);
                ready = appender.isReady() ? ready() : 0;
            }
            final long lastSequence = appender.commit();
            release(lastSequence);
            return count;
        }
        catch (final Throwable ex)
        {
            // After a failed append nobody knows what the journal holds: no further event may be acknowledged.
            core.fail(ex);
            return 0;
        }
    }

    @Override
    public void onClose()
    {
        core.rules().close();
        core.receipts().refuse(core.failure() == null ? PublishResult.CLOSED : PublishResult.FAILED);
    }

    @Override
    public String roleName()
    {
        return EngineRole.SEQUENCING.threadName();
    }

    private boolean isAppenderReady()
    {
        final boolean isReady = appender.isReady();
        if (!isReady || isHeldUp)
        {
            isHeldUp = !isReady;
            core.onStorage(isReady);
            final StorageStatus status = appender.storage();
            if (!isReady && !status.isHealthy() && status.episodes() != reportedEpisode)
            {
                reportedEpisode = status.episodes();
                core.onError(
                    new EventStorageException("the engine takes no events from its rings: " + status.reason()));
            }
        }
        return isReady;
    }

    private int ready()
    {
        int ready = 0;
        for (int code = 0; code < Priority.COUNT; code++)
        {
            if (rings[code].isPublished(next[code]))
            {
                ready |= 1 << code;
            }
        }
        return ready;
    }

    // One event after the other, dedup would wait for memory four times each; for a batch ahead the waits overlap.
    private void touchAhead()
    {
        if (deduplicator == null)
        {
            return;
        }
        int count = 0;
        for (int code = 0; code < Priority.COUNT; code++)
        {
            final PriorityRing ring = rings[code];
            for (long position = next[code]; count < MOST_IN_BATCH && ring.isPublished(position); position++)
            {
                if (ring.length(position) > 0)
                {
                    deduplicator.prepare(count++, ring.wrap(position, event));
                }
            }
        }
        if (count > 1)
        {
            deduplicator.touch(count);
        }
    }

    private int sequenceUnit(final int code, final long nowNs)
    {
        final int events = rings[code].batchCount(next[code]);
        if (events > 1 && !isRoomFor(code, events))
        {
            return 0;
        }
        for (int i = 0; i < events; i++)
        {
            sequence(code, nowNs);
        }
        return events;
    }

    // The appender is ready for an excerpt of the greatest length. Where the open one has no room for all of a batch,
    // that one ends here, and the question is asked anew.
    private boolean isRoomFor(final int code, final int events)
    {
        final PriorityRing ring = rings[code];
        int length = appender.stagedLength();
        for (int i = 0; i < events; i++)
        {
            length += EventDescriptor.alignedLength(ring.length(next[code] + i));
        }
        if (appender.stagedCount() + events <= mostInExcerpt && length <= mostBytesInExcerpt)
        {
            return true;
        }
        appender.commit();
        return appender.isReady();
    }

    private void sequence(final int code, final long nowNs)
    {
        final PriorityRing ring = rings[code];
        final long position = next[code]++;
        final int length = ring.length(position);
        if (length == 0)
        {
            ring.remember(position, EngineCore.OUTCOME_VOID);
            core.counts().onVoid(code);
            return;
        }
        final UnsafeBuffer buffer = ring.recordBuffer(position);
        final int offset = ring.recordOffset(position);
        final long journalTimeNs = Math.max(nowNs, appender.lastJournalTime());
        Verdict verdict = Verdict.ACCEPTED;
        long originalSequence = 0L;
        if (deduplicator != null)
        {
            event.wrap(buffer, offset);
            verdict = deduplicator.decide(event, appender.nextSequence(), journalTimeNs);
            originalSequence = deduplicator.originalSequence();
        }
        final long sequence = appender.stage(buffer, offset, length, verdict, originalSequence, journalTimeNs);
        ring.remember(position, sequence << 1 | (verdict == Verdict.ACCEPTED ? 0L : 1L));
        core.counts().onSequenced(code);
        if (verdict != Verdict.ACCEPTED)
        {
            core.counts().onDuplicate(code);
        }
    }

    private void release(final long lastSequence)
    {
        final long nowNs = clock.nanoTime();
        final boolean receipts = core.receipts().isAnyAwaited();
        for (int code = 0; code < Priority.COUNT; code++)
        {
            final long end = next[code];
            if (released[code] < end)
            {
                final PriorityRing ring = rings[code];
                final StageHistogram histogram = histograms[code];
                for (long position = released[code]; position < end; position++)
                {
                    if (ring.length(position) > 0)
                    {
                        histogram.record(nowNs - ring.publishTimeNs(position));
                    }
                    if (receipts)
                    {
                        core.receipts().onJournaled(ring, position, event);
                    }
                }
                released[code] = end;
                ring.sequenced().set(end - 1);
            }
        }
        core.onJournaled(lastSequence);
        if (receipts)
        {
            core.receipts().onBatchEnd();
        }
    }
}
