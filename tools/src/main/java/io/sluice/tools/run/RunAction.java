package io.sluice.tools.run;

import io.sluice.engine.Durability;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.EngineState;
import io.sluice.engine.EngineStats;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.engine.ThreadingMode;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.handlers.source.EventSource;
import io.sluice.handlers.source.EventSourceContext;
import io.sluice.handlers.source.EventSources;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.UsageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;

/**
 * Starts an engine, feeds it, waits until everything is handled, closes it, reads the journal again and says what is
 * there.
 *
 * <p>Ends when the sources end, when the time is over, or when asked to stop; always in order, always with the summary.
 */
public final class RunAction
{
    private static final long WAIT_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long INVOKER_WAIT_NS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long DRAIN_TIMEOUT_NS = TimeUnit.MINUTES.toNanos(2);
    private static final long DRAIN_SLICE_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long TROUBLE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(2);

    private final RunOptions options;
    private final JournalReader journalReader;
    private final int maxLedgerInMemory;

    /**
     * @param options what to run.
     */
    public RunAction(final RunOptions options)
    {
        this(
            options,
            JournalReader.tailer(options.context().journal().archive().keys()),
            AcceptedLedger.DEFAULT_MAX_IN_MEMORY);
    }

    RunAction(final RunOptions options, final JournalReader journalReader, final int maxLedgerInMemory)
    {
        this.options = options;
        this.journalReader = journalReader;
        this.maxLedgerInMemory = maxLedgerInMemory;
    }

    /**
     * Run.
     *
     * @param io streams; {@code out} gets the summary, {@code err} the progress.
     * @return {@link ExitCode#DONE}, or {@link ExitCode#FAILED_CHECK} if something was lost, refused, malformed or cut
     *         short.
     * @throws UsageException                                       if the settings of the engine don't fit.
     * @throws io.sluice.handlers.source.EventSourceException       if a source can't be opened.
     * @throws io.sluice.journal.DataDirectoryException             if the data directory can't be used.
     */
    public int run(final CommandIo io)
    {
        final InputProblems problems = new InputProblems(io, options.isJson());
        final List<EventSource> sources = new ArrayList<>();
        try (AcceptedLedger ledger = new AcceptedLedger(maxLedgerInMemory))
        {
            final RunState run = new RunState(ledger, problems);
            openSources(sources, io, problems);
            return run(io, run, sources);
        }
        finally
        {
            CloseHelper.closeAll(sources);
        }
    }

    private int run(final CommandIo io, final RunState run, final List<EventSource> sources)
    {
        final EngineContext context = options.context();
        context.subscribe(SubscriptionSpec.to("*", event -> onEvent(run, event)).name("run"));
        final Engine engine = launch(context);
        final long firstSequence = engine.stats().lastSequence() + 1;
        boolean isDrained = false;
        final long startNs = System.nanoTime();
        final long elapsedNs;
        try
        {
            final Feeders feeders = new Feeders(engine, sources, options.rate(), run);
            feed(io, run, engine, feeders, startNs);
            isDrained = drain(engine);
            elapsedNs = System.nanoTime() - startNs;
        }
        finally
        {
            close(engine);
        }
        final EngineStats stats = engine.stats();
        final RunAudit audit = new RunAudit(run, engine.runId());
        final boolean isJournaling = context.durability() != Durability.NONE;
        if (isJournaling)
        {
            audit.read(journalReader, context.directory(), firstSequence);
        }
        final RunSummary summary = isJournaling ?
            RunSummary.of(run, audit, stats, elapsedNs, context.directory()) :
            RunSummary.withoutJournal(run, stats, elapsedNs);
        if (!engine.storage().isHealthy())
        {
            run.problems().onFailure("storage", engine.storage().reason());
        }
        return conclude(io, run, summary, audit, engine.failure(), isDrained);
    }

    /** Storage in trouble may stay so for hours: then the end of the run is not waited for. */
    private static boolean drain(final Engine engine)
    {
        final long startNs = System.nanoTime();
        while (!engine.drain(DRAIN_SLICE_NS))
        {
            final long limitNs = engine.storage().isHealthy() ? DRAIN_TIMEOUT_NS : TROUBLE_TIMEOUT_NS;
            if (engine.failure() != null || System.nanoTime() - startNs >= limitNs)
            {
                return false;
            }
        }
        return true;
    }

    private static void close(final Engine engine)
    {
        if (engine.storage().isHealthy())
        {
            engine.close();
        }
        else
        {
            engine.close(DRAIN_SLICE_NS, TimeUnit.NANOSECONDS);
        }
    }

    private static void onEvent(final RunState run, final EventFlyweight event)
    {
        if ((event.flags() & EventDescriptor.FLAG_REDELIVERED) != 0)
        {
            run.redelivered();
        }
        else
        {
            run.completions().add(event.sequence());
        }
    }

    private void openSources(final List<EventSource> sources, final CommandIo io, final InputProblems problems)
    {
        final EventSourceContext context = new EventSourceContext()
            .clock(options.context().clock())
            .seed(options.context().seed())
            .standardInput(io.in())
            .malformedInputListener(problems);
        final Path directory = options.context().directory();
        if (directory != null)
        {
            context.exclude(directory);
        }
        for (final String spec : options.sources())
        {
            final EventSource source = EventSources.open(spec, context);
            sources.add(source);
            if (source.isOpenLoop() && options.rate() != null)
            {
                throw new UsageException(
                    "--rate does not go with " + spec + ", which has a rate of its own: leave one out");
            }
        }
    }

    private static Engine launch(final EngineContext context)
    {
        try
        {
            return Engine.launch(context);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new UsageException("the engine can't run like this: " + ex.getMessage(), ex);
        }
    }

    private void feed(
        final CommandIo io, final RunState run, final Engine engine, final Feeders feeders, final long startNs)
    {
        final LiveTable liveTable = new LiveTable(io, !options.isJson(), startNs);
        feeders.start();
        while (feeders.isAnyAlive())
        {
            final long nowNs = System.nanoTime();
            if (!run.isStopping() && (io.stop().isRequested() || nowNs - startNs >= options.limitNs() ||
                engine.state() == EngineState.FAILED))
            {
                feeders.stop(nowNs);
            }
            if (feeders.isOverdue(nowNs))
            {
                run.problems().onFailure("sources", "a source did not stop; what it would still give is left out");
                break;
            }
            if (liveTable.isDue(nowNs))
            {
                liveTable.show(engine.stats(), run.publishedCount(), nowNs);
            }
            pause(engine, feeders);
        }
        liveTable.erase();
    }

    private static void pause(final Engine engine, final Feeders feeders)
    {
        if (engine.context().threadingMode() != ThreadingMode.INVOKER)
        {
            feeders.awaitEnd(WAIT_NS);
        }
        else if (engine.invoke() == 0)
        {
            feeders.awaitEnd(INVOKER_WAIT_NS);
        }
    }

    private int conclude(
        final CommandIo io,
        final RunState run,
        final RunSummary summary,
        final RunAudit audit,
        final Throwable failure,
        final boolean isDrained)
    {
        if (failure != null)
        {
            run.problems().onFailure("engine", failure.toString());
        }
        if (!isDrained)
        {
            run.problems().onFailure("engine", "not everything was handled in time");
        }
        if (!audit.trouble().isEmpty())
        {
            run.problems().onFailure("journal", audit.trouble());
        }
        if (audit.unexpected() > 0)
        {
            run.problems().onFailure("journal", audit.unexpected() + " records that were never accepted");
        }
        if (options.isJson())
        {
            io.out().println(summary.json());
        }
        else
        {
            summary.text(io.isOutTerminal() && io.isColoured()).forEach(io.out()::println);
        }
        io.out().flush();
        return summary.lost() == 0 && summary.refused() == 0 && run.problems().failures() == 0 ?
            ExitCode.DONE : ExitCode.FAILED_CHECK;
    }
}
