package io.sluice.handlers.exchange;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.EventValidationException;
import io.sluice.event.IdGenerator;
import io.sluice.event.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Imports events into a journal, in the order of the input. The ids and times of events are kept; sequence and recorded
 * are the journal's and given anew. No engine may be at work on the directory. The next one hands the imported events
 * to its subscribers, because they lie above the positions of its handling.
 *
 * <pre>
 *   InputSource ─► EventInput of the format ─► filter ─► known? ─► JournalAppender
 *                        │ bad                             │ yes
 *                        └─► listener, rejects             └─► counted; or journaled as a duplicate
 * </pre>
 *
 * An event whose id is in the journal is left out, so an import that is done twice gives the same journal as once. A
 * record that is no event is told and passed over. An import of a file that was interrupted, at whatever instruction,
 * is resumed: events that were journaled after its last checkpoint are met again, compared, and not journaled again.
 * One that was done goes on with the records that the file has got since.
 * Confined to one thread; blocks while the device is forced.
 */
public final class JournalImport
{
    private static final int PROGRESS_MASK = 511;
    private static final String START_AGAIN = "start again with restart (--restart)";

    private final ImportContext context;
    private final ImportState state;
    private final EventEncoder encoder = new EventEncoder();
    private final EventFlyweight event = new EventFlyweight();
    private final UnsafeBuffer buffer;
    private final EventDefaults defaults;
    private final InputRecord record = new InputRecord();
    private final long intervalNs;
    private IdTable ids = new IdTable();
    private IdTable contents = new IdTable();
    private Path checkpoint;
    private ImportFile source;
    private RejectsFile rejects;
    private ImportJournal journal;
    private long lastCheckpointNs;
    private long dryRunSequence;
    private boolean isResumed;

    private JournalImport(final ImportContext context)
    {
        this.context = context;
        state = new ImportState(context);
        buffer = new UnsafeBuffer(new byte[context.maxEventLength()]);
        defaults = new EventDefaults(
            new SystemEpochNanoClock(), new IdGenerator(new SecureRandom().nextLong()));
        intervalNs = context.checkpointInterval().toNanos();
    }

    /**
     * Import.
     *
     * @param context what, and where to.
     * @return what was done.
     * @throws ExchangeRefusedException                 if it can't be done like this; nothing was changed.
     * @throws ExchangeException                        if it could not be finished; what was journaled stays, and it
     *                                                  can be resumed.
     * @throws io.sluice.journal.DataDirectoryException if the directory can't be used, for example because an engine is
     *                                                  at work on it.
     * @throws io.sluice.event.EventException           if the journal is damaged, or a key is missing.
     */
    public static ImportResult run(final ImportContext context)
    {
        context.validate();
        return new JournalImport(context).run();
    }

    private ImportResult run()
    {
        try (ImportFile opened = ImportFile.open(context))
        {
            source = opened;
            refuseItself();
            if (context.dryRun())
            {
                scanForDryRun();
                read();
            }
            else
            {
                try (ImportJournal appending = ImportJournal.open(context))
                {
                    journal = appending;
                    begin();
                    read();
                    journal.force();
                    state.isFinished = true;
                    save();
                }
            }
            return state.result();
        }
        catch (final IOException ex)
        {
            throw new ExchangeException("the import could not go on: " + ExportFile.describe(ex) +
                (context.file() == null ? "" : "; go on with resume (--resume) when the cause is gone"), ex);
        }
    }

    private void begin() throws IOException
    {
        if (context.file() != null)
        {
            checkpoint = checkpointOf(context);
            Files.createDirectories(checkpoint.getParent());
        }
        isResumed = checkpoint != null && context.resume() && Files.exists(checkpoint);
        if (isResumed)
        {
            state.take(CheckpointFile.read(checkpoint, ImportState.KIND, START_AGAIN));
            state.isFinished = false;
            checkSource();
            journal.meet(state);
        }
        else
        {
            refuseLeft();
            state.sequence = journal.lastSequence();
            state.runId = journal.runId();
            if (checkpoint != null)
            {
                state.headLength = source.headLength();
                state.headHash = source.headHash(state.headLength);
            }
        }
        ImportJournal.scan(context, journal.lastSequence(), (known) ->
        {
            if (!isResumed || known.sequence() <= state.sequence || known.runId() != state.runId)
            {
                note(known, known.sequence());
            }
        });
    }

    private void read() throws IOException
    {
        try (EventInput input = context.format().openInput(source);
            RejectsFile opened = RejectsFile.open(context.rejects(), state.rejectsPosition, isResumed))
        {
            rejects = opened;
            if (input.skip(state.records, record) < state.records)
            {
                throw new ExchangeRefusedException(
                    source.name() + " has fewer records than the " + state.records +
                    " that were read of it: it is another file; name the same one, or " + START_AGAIN);
            }
            lastCheckpointNs = context.clock().nanoTime();
            if (!isResumed && journal != null)
            {
                // Before the first append, so that whatever this run appends is known to be this import's.
                save();
            }
            while (input.next(record))
            {
                take();
                watch();
            }
            if (journal != null && journal.isMeeting())
            {
                journal.meetNext(state.runId, this::unexpected);
            }
            if (rejects != null)
            {
                rejects.force();
                state.rejectsPosition = rejects.position();
                rejects = null;
            }
            context.progress().onProgress(state.imported, source.position(), source.size());
        }
    }

    private void take() throws IOException
    {
        int length = 0;
        boolean hasId = false;
        if (record.isGood())
        {
            final EventBuilder builder = record.event();
            hasId = !builder.id().isEmpty();
            if (builder.timestamp() == null)
            {
                // Absent stays absent: when it was imported is not when it happened.
                builder.eventTimeNs(EventDescriptor.NO_EVENT_TIME);
            }
            length = encode(builder);
        }
        if (!record.isGood())
        {
            state.records++;
            reject();
            return;
        }
        event.wrap(buffer, 0);
        if (context.filter().matches(event))
        {
            // While it is journaled the state is that before it: a checkpoint that comes up then must not know of it.
            journal(length, hasId);
        }
        else
        {
            state.filtered++;
        }
        state.records++;
    }

    private int encode(final EventBuilder builder)
    {
        try
        {
            return builder.encode(encoder, buffer, 0, buffer.capacity(), defaults);
        }
        catch (final EventValidationException ex)
        {
            record.bad(ex.getMessage(), builder.id().getBytes(StandardCharsets.UTF_8), 0, 0);
            return 0;
        }
    }

    private void journal(final int length, final boolean hasId) throws IOException
    {
        final long idSequence = ids.sequenceOf(event.idHigh(), event.idLow());
        if (!context.keepDuplicates() && (idSequence > 0 || record.verdict() == Verdict.DUPLICATE_CONTENT))
        {
            state.known += idSequence > 0 ? 1 : 0;
            state.duplicates += idSequence > 0 ? 0 : 1;
            return;
        }
        final long contentSequence = record.verdict() == Verdict.DUPLICATE_CONTENT ?
            contents.sequenceOf(event.contentHashHigh(), event.contentHashLow()) : 0;
        final Verdict verdict = idSequence > 0 ? Verdict.DUPLICATE_ID :
            contentSequence > 0 ? Verdict.DUPLICATE_CONTENT : Verdict.ACCEPTED;
        if (context.dryRun())
        {
            note(event, ++dryRunSequence);
        }
        else if (!journal.isMeeting() || !journal.meetNext(state.runId, (met) -> meet(met, hasId, verdict)))
        {
            append(length, verdict, Math.max(idSequence, contentSequence));
        }
        state.imported++;
        state.kept += verdict.isDuplicate() ? 1 : 0;
    }

    private void append(final int length, final Verdict verdict, final long originalSequence) throws IOException
    {
        if (state.runId != journal.runId())
        {
            // All that the interrupted run appended was met. From here on it is this run's.
            save();
        }
        final long sequence = journal.append(buffer, length, verdict, originalSequence);
        note(event, sequence);
    }

    private void meet(final EventFlyweight met, final boolean hasId, final Verdict verdict)
    {
        final boolean isSame = met.contentHashHigh() == event.contentHashHigh() &&
            met.contentHashLow() == event.contentHashLow() && met.verdict() == verdict &&
            (!hasId || met.idHigh() == event.idHigh() && met.idLow() == event.idLow());
        if (!isSame)
        {
            throw new ExchangeRefusedException(
                "sequence " + met.sequence() + " of the journal, which the interrupted import appended, is not what " +
                record.unit() + " " + record.number() + " of " + source.name() +
                " holds: the file was changed; bring the old one back, or " + START_AGAIN);
        }
        note(met, met.sequence());
        state.sequence = met.sequence();
    }

    private void unexpected(final EventFlyweight met)
    {
        throw new ExchangeRefusedException(
            source.name() + " ends before sequence " + met.sequence() +
            " of the journal, which the interrupted import appended: the file was changed; bring the old one back, " +
            "or " + START_AGAIN);
    }

    private void note(final EventFlyweight known, final long sequence)
    {
        ids.add(known.idHigh(), known.idLow(), sequence);
        if (context.keepDuplicates() && !known.verdict().isDuplicate())
        {
            contents.add(known.contentHashHigh(), known.contentHashLow(), sequence);
        }
    }

    private void reject() throws IOException
    {
        state.bad++;
        context.malformedInputListener().onMalformed(source.name(), record.number(), record.error());
        if (rejects != null)
        {
            rejects.add(record);
        }
    }

    private void watch() throws IOException
    {
        if ((state.records & PROGRESS_MASK) == 0)
        {
            context.progress().onProgress(state.imported, source.position(), source.size());
            if (context.stop().getAsBoolean())
            {
                if (checkpoint != null && journal != null)
                {
                    save();
                }
                throw new ExchangeException(
                    "stopped after " + state.records + " records" +
                    (checkpoint == null ? "" : "; go on with resume (--resume)"));
            }
        }
        if (checkpoint != null && journal != null && context.clock().nanoTime() - lastCheckpointNs >= intervalNs)
        {
            save();
        }
    }

    /**
     * Force what was journaled, then note it. The last note stays: whoever resumes an import that was done already, as
     * its process may have ended before it could say so, gets nothing twice.
     */
    private void save() throws IOException
    {
        if (checkpoint == null)
        {
            return;
        }
        if (!journal.isMeeting())
        {
            journal.force();
            state.sequence = journal.lastSequence();
            state.runId = journal.runId();
        }
        if (rejects != null)
        {
            rejects.force();
            state.rejectsPosition = rejects.position();
        }
        state.position = source.position();
        CheckpointFile.write(checkpoint, ImportState.KIND, state.values());
        lastCheckpointNs = context.clock().nanoTime();
    }

    private void checkSource() throws IOException
    {
        if (source.size() < state.position || !source.headHash(state.headLength).equals(state.headHash))
        {
            throw new ExchangeRefusedException(
                source.name() + " is not the file that the interrupted import read: " +
                (source.size() < state.position ? "it is shorter than what was read" : "its beginning differs") +
                "; name the same file, or " + START_AGAIN);
        }
    }

    private void refuseLeft() throws IOException
    {
        if (checkpoint == null || !Files.exists(checkpoint))
        {
            return;
        }
        final boolean isFinished = Boolean.parseBoolean(
            CheckpointFile.read(checkpoint, ImportState.KIND, "remove it").get("finished"));
        if (!isFinished && !context.restart())
        {
            throw new ExchangeRefusedException(
                "an import of " + source.name() + " was interrupted (" + checkpoint + "): go on with resume " +
                "(--resume), or " + START_AGAIN + "; events without an id would then come in twice");
        }
        CheckpointFile.remove(checkpoint);
    }

    private void refuseItself() throws IOException
    {
        if (context.rejects() != null && context.file() != null && Files.exists(context.rejects()) &&
            Files.isSameFile(context.rejects(), context.file()))
        {
            throw new ExchangeRefusedException(
                context.rejects() + " is the input: name another file for what is rejected");
        }
    }

    private void scanForDryRun()
    {
        if (Files.exists(context.directory().resolve("FORMAT")))
        {
            ImportJournal.scan(context, Long.MAX_VALUE, (known) ->
            {
                note(known, known.sequence());
                dryRunSequence = known.sequence();
            });
        }
    }

    private static Path checkpointOf(final ImportContext context)
    {
        final Path file = context.file().toAbsolutePath().normalize();
        final byte[] path = file.toString().getBytes(StandardCharsets.UTF_8);
        final long hash = EventHash.hash64(new UnsafeBuffer(path), 0, path.length);
        final String name = file.getFileName().toString().replaceAll("[^A-Za-z0-9._-]", "_");
        return context.directory().toAbsolutePath().normalize().resolve("positions").resolve("import").resolve(
            name.substring(Math.max(0, name.length() - 64)) + "-" + Long.toHexString(hash));
    }
}
