package io.sluice.handlers.exchange;

import io.sluice.event.EventFlyweight;
import io.sluice.event.Timestamps;
import io.sluice.journal.ControlledRecordHandler.Action;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.PositionException;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Exports events of a journal to a file or stream: those of a range that a filter picks, in sequence. Reads live and
 * archived files alike and writes nothing to the data directory; a process may be appending. Ends at what was journaled
 * when it began.
 *
 * <pre>
 *   JournalTailer ─► range, filter ─► EventOutput of the format ─► FILE.partial ─► FILE
 *                                              │
 *                                              └─► FILE.checkpoint, when all before it is on the device
 * </pre>
 *
 * An export that was interrupted, at whatever instruction, is resumed from its checkpoint and gives the bytes that it
 * would have given at once. Memory is bounded whatever the length of the journal: by the largest event, and what the
 * format keeps together. Confined to one thread.
 */
public final class JournalExport
{
    private static final int POLL_LIMIT = 512;

    private final ExportContext context;
    private final ExportState state;
    private final PortableRecord portable = new PortableRecord();
    private final long intervalNs;
    private ExportTarget target;
    private EventOutput output;
    private long lastCheckpointNs;

    private JournalExport(final ExportContext context)
    {
        this.context = context;
        state = new ExportState(ExportState.requestOf(context));
        intervalNs = context.checkpointInterval().toNanos();
    }

    /**
     * Export.
     *
     * @param context what, and where to.
     * @return what was done.
     * @throws ExchangeRefusedException                if it can't be done like this; nothing was changed.
     * @throws ExchangeException                       if it could not be finished; what is complete is kept, and it can
     *                                                 be resumed.
     * @throws PositionException                       if the range begins beyond the end of the journal.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal.
     * @throws io.sluice.event.EventException          if the journal is damaged, or a key is missing.
     */
    public static ExportResult run(final ExportContext context)
    {
        context.validate();
        return new JournalExport(context).run();
    }

    private ExportResult run()
    {
        final TailerContext tailerContext = new TailerContext()
            .directory(context.directory())
            .keys(context.keys())
            .expiredRangeListener(context.expiredRangeListener())
            .lostRangeListener(context.lostRangeListener());
        try (JournalTailer tailer = JournalTailer.open(tailerContext);
            ExportTarget opened = context.file() == null ?
                new ExportStream(context, state) : ExportFile.open(context, state))
        {
            target = opened;
            if (!state.isFinished)
            {
                write(tailer);
            }
            target.complete();
            return state.result();
        }
        catch (final UncheckedIOException ex)
        {
            throw failed(ex.getCause());
        }
        catch (final IOException ex)
        {
            throw failed(ex);
        }
    }

    private void write(final JournalTailer tailer) throws IOException
    {
        if (target.isResumed())
        {
            goOn(tailer);
        }
        else
        {
            findRange(tailer);
        }
        target.begin();
        output = context.format().openOutput(target);
        lastCheckpointNs = context.clock().nanoTime();
        while (state.sequence < state.last)
        {
            if (context.stop().getAsBoolean())
            {
                interrupt();
            }
            final int count = tailer.controlledPoll(this::onRecord, POLL_LIMIT);
            context.progress().onProgress(state.events, state.sequence - state.first + 1, length());
            if (count == 0)
            {
                // What is left of the range was written off, or has expired meanwhile.
                break;
            }
        }
        output.finish();
    }

    private Action onRecord(final EventFlyweight event)
    {
        if (event.sequence() > state.last)
        {
            state.sequence = state.last;
            return Action.ABORT;
        }
        try
        {
            if (context.filter().matches(event))
            {
                take(event);
            }
            state.sequence = event.sequence();
            state.runId = event.runId();
            if (target.isResumable() && output.isComplete() && isDue())
            {
                checkpoint();
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return state.sequence == state.last ? Action.BREAK : Action.CONTINUE;
    }

    private void take(final EventFlyweight event) throws IOException
    {
        if (event.verdict().isDuplicate() && !context.duplicates())
        {
            state.duplicates++;
        }
        else
        {
            output.write(context.portable() ? portable.of(event) : event);
            state.events++;
        }
    }

    private boolean isDue()
    {
        return context.clock().nanoTime() - lastCheckpointNs >= intervalNs;
    }

    private void checkpoint() throws IOException
    {
        state.output = output.state();
        target.checkpoint();
        lastCheckpointNs = context.clock().nanoTime();
    }

    private void interrupt() throws IOException
    {
        if (target.isResumable() && output.isComplete())
        {
            checkpoint();
        }
        throw new ExchangeException(
            "stopped after " + state.events + " events" +
            (target.isResumable() ? "; go on with resume (--resume)" : ""));
    }

    private void findRange(final JournalTailer tailer)
    {
        tailer.seek(StartPosition.end());
        final long end = tailer.nextSequence() - 1;
        if (context.toTime() != null)
        {
            tailer.seek(StartPosition.timeNs(Timestamps.epochNs(context.toTime())));
            state.last = Math.min(end, tailer.nextSequence() - 1);
        }
        else
        {
            state.last = Math.min(end, context.toSequence());
        }
        tailer.seek(context.fromTime() == null ?
            StartPosition.sequence(context.fromSequence()) :
            StartPosition.timeNs(Timestamps.epochNs(context.fromTime())));
        state.first = tailer.nextSequence();
        state.sequence = state.first - 1;
        state.last = Math.max(state.last, state.sequence);
    }

    /** Stand behind the record of the checkpoint, which must still be the one that was looked at then. */
    private void goOn(final JournalTailer tailer)
    {
        if (state.runId == 0)
        {
            tailer.seek(StartPosition.sequence(state.first));
            return;
        }
        try
        {
            tailer.seek(StartPosition.sequence(state.sequence));
        }
        catch (final PositionException ex)
        {
            throw another(ex.getMessage(), ex);
        }
        tailer.controlledPoll((event) ->
        {
            if (event.sequence() > state.sequence)
            {
                // It has expired since.
                return Action.ABORT;
            }
            if (event.runId() != state.runId)
            {
                throw another("it has sequence " + state.sequence + " from run " + event.runId(), null);
            }
            return Action.BREAK;
        }, 1);
    }

    private ExchangeRefusedException another(final String difference, final Throwable cause)
    {
        return new ExchangeRefusedException(
            "the interrupted export had come to sequence " + state.sequence + " of run " + state.runId +
            ", and this is another journal, or it has lost its end: " + difference +
            "; name that journal, or start again with overwrite (--overwrite)", cause);
    }

    private long length()
    {
        return state.last - state.first + 1;
    }

    private ExchangeException failed(final IOException cause)
    {
        final String name = context.file() == null ? "the stream" : context.file() + ".partial";
        return new ExchangeException(
            name + " can't be written: " + ExportFile.describe(cause) +
            (context.file() == null ? "" : "; make room or name another file, and go on with resume (--resume)"),
            cause);
    }
}
