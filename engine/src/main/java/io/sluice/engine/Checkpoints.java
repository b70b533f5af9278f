package io.sluice.engine;

import io.sluice.engine.delivery.Checkpoint;
import io.sluice.engine.delivery.CheckpointFile;
import io.sluice.engine.failure.RetryLog;
import io.sluice.event.EventStorageException;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.EventAppender;
import io.sluice.journal.ForceListener;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Keeps on the device from where a power loss lets handling go on (ADR 0014). Once a second, if anything has changed:
 *
 * <pre>
 *   read the positions ─► force the retry log ─► write what was read to positions/checkpoint, and force that
 * </pre>
 *
 * <p>An event that failed is in the retry log before a position passes it. So what failed before the positions that
 * were read is in what is forced after, and a position that goes back to them loses nothing.
 *
 * <p>One thread at a time: who launches the engine, then the thread that makes the checkpoints or the host that invokes
 * the engine, then who closes it. Beside it the delivery thread makes one where a subscription is moved. Blocks for the
 * device, and holds up no other thread.
 */
final class Checkpoints implements Agent
{
    static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final DataDirectory directory;
    private final String boot;
    private final ForceListener listener;
    private final EventAppender appender;
    private final CheckpointFile file;
    private final Checkpoint found;
    private final boolean isPowerLost;
    private EngineCore core;
    private PipelinePositions pipeline;
    private DurableSubscriptions subscriptions;
    private RetryLog log;
    private long markedNs;
    private boolean isFailing;

    /**
     * Before any position is opened.
     *
     * @param directory of the data.
     * @param journal   settings of the journal, concluded.
     * @param appender  that recovered it.
     */
    Checkpoints(final DataDirectory directory, final JournalContext journal, final EventAppender appender)
    {
        this.directory = directory;
        this.appender = appender;
        boot = journal.bootId();
        listener = journal.forceListener();
        // A run that begins writes down where it does: all that failed before must be on the device by then.
        RetryLog.settle(directory, listener);
        file = CheckpointFile.open(directory.positions().resolve(CheckpointFile.NAME), listener);
        isPowerLost = appender instanceof JournalAppender opened && opened.recovery().powerLoss();
        final Checkpoint last = file.last();
        // Who opened the journal since and knows nothing of positions has answered for the journal only.
        final boolean isOfThisBoot = last != null && (last.isEnd() || JournalContext.isSameBoot(last.boot(), boot));
        found = last == null || isOfThisBoot && !isPowerLost ?
            null : last.cut(Math.min(appender.lastSequence(), runEnds().getOrDefault(last.runId(), 0L)));
    }

    /** @return whether power was lost, as far as the journal knows. */
    boolean isPowerLost()
    {
        return isPowerLost;
    }

    /** @return what the positions go back to, cut to the journal; null if they do not. */
    Checkpoint found()
    {
        return found;
    }

    /** @return by run id, how far the journal is what an earlier run saw. */
    Map<Long, Long> runEnds()
    {
        return appender instanceof JournalAppender journal ? journal.recovery().runEnds() : Map.of();
    }

    PipelinePositions openPipeline()
    {
        return PipelinePositions.open(
            directory.positions().resolve(PipelineHold.NAME),
            appender.runId(),
            appender.lastSequence(),
            runEnds(),
            found);
    }

    DurableSubscriptions openSubscriptions(final EpochNanoClock clock)
    {
        return new DurableSubscriptions(
            directory, appender.runId(), appender.lastSequence(), runEnds(), found, clock);
    }

    /**
     * What the checkpoints are of, when all positions are recovered.
     *
     * @param positions of the pipeline.
     * @param durable   the other positions.
     * @param retryLog  of what failed; null if nothing is appended to it.
     */
    void positions(final PipelinePositions positions, final DurableSubscriptions durable, final RetryLog retryLog)
    {
        pipeline = positions;
        subscriptions = durable;
        log = retryLog;
    }

    /** Before the first duty cycle. */
    void core(final EngineCore value)
    {
        core = value;
        markedNs = core.nowNs();
    }

    @Override
    public int doWork()
    {
        final long nowNs = core.nowNs();
        // A clock that was set back must not make the pause longer.
        if (nowNs - markedNs < INTERVAL_NS && nowNs >= markedNs)
        {
            return 0;
        }
        markedNs = nowNs;
        return tryMark(false, core::onError);
    }

    /**
     * Make one now.
     *
     * @param isEnd        true if no position is written any more, and all of them are forced.
     * @param errorHandler told of the first of several failures.
     * @return 1 if it was made.
     */
    synchronized int tryMark(final boolean isEnd, final ErrorHandler errorHandler)
    {
        try
        {
            mark(isEnd);
            isFailing = false;
            return 1;
        }
        catch (final EventStorageException ex)
        {
            if (!isFailing)
            {
                errorHandler.onError(ex);
            }
            isFailing = true;
            return 0;
        }
    }

    @Override
    public String roleName()
    {
        return EngineRole.MARK.threadName();
    }

    private void mark(final boolean isEnd)
    {
        // One that the rings serve has had what these say, if it is served by them still when it is read.
        final long[] watermarks = pipeline.read();
        final Checkpoint next =
            new Checkpoint(appender.runId(), boot, isEnd, watermarks, subscriptions.read(watermarks));
        if (file.isNews(next))
        {
            if (log != null)
            {
                log.force();
            }
            file.write(next);
        }
    }
}
