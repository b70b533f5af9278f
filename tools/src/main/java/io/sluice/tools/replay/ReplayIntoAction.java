package io.sluice.tools.replay;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.EngineReplay;
import io.sluice.engine.EngineReplayContext;
import io.sluice.engine.ThreadingMode;
import io.sluice.event.EventException;
import io.sluice.event.EventStreamException;
import io.sluice.replay.ReplayContext;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.UsageException;
import io.sluice.tools.tail.ExpiredNotice;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.PlainText;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Starts an engine without subscriptions, replays a journal into it, and says what became of the events. If it is
 * killed, the same once more adds what is missing.
 */
public final class ReplayIntoAction
{
    private static final long MAX_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(20);
    // For an engine that is at work.
    private static final long SHORT_WAIT_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private final ReplayContext context;
    private final EngineContext engineContext;
    private final boolean isSkippingRefused;
    private final boolean isJson;

    /**
     * @param context           of the replay.
     * @param engineContext     of the engine to publish into.
     * @param isSkippingRefused true to pass over what the engine can't take.
     * @param isJson            true for programs.
     */
    public ReplayIntoAction(
        final ReplayContext context,
        final EngineContext engineContext,
        final boolean isSkippingRefused,
        final boolean isJson)
    {
        this.context = context;
        this.engineContext = engineContext;
        this.isSkippingRefused = isSkippingRefused;
        this.isJson = isJson;
    }

    /**
     * Replay to the end, or until asked to stop.
     *
     * @param io streams; {@code out} gets the summary.
     * @return {@link ExitCode#DONE}, or {@link ExitCode#FAILED_CHECK} if an event was refused or the engine failed.
     * @throws UsageException                           if the settings of the engine don't fit.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal, or the other directory can't be used.
     * @throws EventException                           if a journal is damaged.
     */
    public int run(final CommandIo io)
    {
        context.expiredRangeListener(new ExpiredNotice(io.err())::onExpiredRange);
        context.lostRangeListener((first, last) -> io.err().println(
            "sluice: sequences " + first + " to " + last + " were written off by a repair"));
        final long startNs = System.nanoTime();
        try (Engine engine = launch(); EngineReplay replay = open(engine))
        {
            String trouble = "";
            try
            {
                replay(engine, replay, io);
            }
            catch (final EventStreamException ex)
            {
                trouble = ex.getMessage();
                io.err().println("sluice: " + PlainText.printable(trouble));
            }
            summarize(replay, System.nanoTime() - startNs, io);
            return replay.refused() == 0 && trouble.isEmpty() ? ExitCode.DONE : ExitCode.FAILED_CHECK;
        }
    }

    private Engine launch()
    {
        try
        {
            return Engine.launch(engineContext);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new UsageException("the engine can't run like this: " + ex.getMessage(), ex);
        }
    }

    private EngineReplay open(final Engine engine)
    {
        try
        {
            return EngineReplay.open(new EngineReplayContext()
                .engine(engine)
                .replay(context)
                .skipRefused(isSkippingRefused));
        }
        catch (final IllegalArgumentException ex)
        {
            throw new UsageException("nothing can be replayed into this engine: " + ex.getMessage(), ex);
        }
    }

    private static void replay(final Engine engine, final EngineReplay replay, final CommandIo io)
    {
        final boolean isInvoked = engine.context().threadingMode() == ThreadingMode.INVOKER;
        boolean isStopped = false;
        while (!replay.isEnded() && !isStopped)
        {
            final int work = replay.poll() + (isInvoked ? engine.invoke() : 0);
            final long waitNs = Math.max(SHORT_WAIT_NS, Math.min(replay.untilDueNs(), MAX_WAIT_NS));
            isStopped = io.stop().await(work > 0 ? 0 : waitNs);
        }
    }

    private void summarize(final EngineReplay replay, final long elapsedNs, final CommandIo io)
    {
        if (isJson)
        {
            io.out().println(new JsonLine()
                .add("read", replay.read())
                .add("published", replay.published())
                .add("known", replay.known())
                .add("duplicates", replay.duplicates())
                .add("refused", replay.refused())
                .add("ended", replay.isEnded())
                .add("nextSequence", replay.nextSequence())
                .add("digest", String.format("%016x", replay.digest()))
                .add("elapsedMs", TimeUnit.NANOSECONDS.toMillis(elapsedNs)));
        }
        else
        {
            io.out().printf(
                Locale.ROOT,
                "%,d read, %,d published, %,d already there, %,d duplicates left out, %,d refused in %.2f s, " +
                "digest %016x%s%n",
                replay.read(),
                replay.published(),
                replay.known(),
                replay.duplicates(),
                replay.refused(),
                elapsedNs / 1e9,
                replay.digest(),
                replay.isEnded() ? "" : "; stopped before sequence " + replay.nextSequence());
        }
        io.out().flush();
    }
}
