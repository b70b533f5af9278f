package io.sluice.engine.deadletter;

import io.sluice.archive.KeyProvider;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventException;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStorageException;
import io.sluice.event.EventValidationException;
import io.sluice.event.Verdict;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.RecordHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongFunction;
import org.agrona.CloseHelper;

/**
 * Records dead letters in {@code dead-letters/}, which is a data directory of its own: {@code tail}, {@code query},
 * {@code verify} and {@code export} work on it. It is made with the first letter, not before. The package documentation
 * says what a record looks like.
 *
 * <p>Thread rule: the delivery thread only. Each call that records something returns when the record survives the death
 * of the process; after {@link #sync()} it survives a power loss. Calls allocate, and write to mapped files; they wait
 * for no device, but for {@code sync}.
 *
 * <p>A call that throws has recorded nothing for sure, and may be repeated, after a while: the journal is opened anew
 * and what had got into it is known then. So no letter is lost, and none is written twice.
 */
public final class DeadLetterJournal implements AutoCloseable
{
    /** Letters are few: short files, no thread, blocks for one file of this many bytes. */
    static final long ROLL_SIZE = 1L << 22;

    private static final int LEAST_CAPACITY = 1 << 16;
    private static final int GREATEST_CAPACITY = 1 << 28;
    /** What {@code metadata.deadLetter} takes at most, and a margin. */
    private static final int LETTER_ROOM = 1 << 14;

    private final DeadLetterContext context;
    private final Path directory;
    private final OpenLetters letters;
    private final DeadLetters reader;
    private final LetterEncoder copy = new LetterEncoder();
    private final LetterEncoder metadata = new LetterEncoder();
    private final BuiltEvent built = new BuiltEvent(LETTER_ROOM);
    private JournalAppender appender;
    private int capacity;
    private LetterScan refill;
    private OpenLetters collected;
    private long refillEnd;
    private boolean isClosed;

    private DeadLetterJournal(final DeadLetterContext context)
    {
        this.context = context;
        directory = new DataDirectory(context.directory()).deadLetters();
        letters = new OpenLetters(context.maxOpenLetters());
        reader = new DeadLetters(directory, KeyProvider.NONE, DeadLetters.WINDOW);
    }

    /**
     * Open the journal of dead letters, and find out which letters are open. Takes time in proportion to the records
     * since the first one that is open. Where there is no journal of dead letters, nothing is made.
     *
     * @param context of it; is concluded.
     * @return the journal.
     * @throws io.sluice.journal.DataDirectoryException if the directory can't be used.
     * @throws EventStorageException                    if the journal is damaged.
     */
    public static DeadLetterJournal open(final DeadLetterContext context)
    {
        final DeadLetterJournal journal = new DeadLetterJournal(context.conclude());
        if (Files.exists(new DataDirectory(journal.directory).formatFile()))
        {
            journal.openAppender(LEAST_CAPACITY);
        }
        return journal;
    }

    /** @return the open letters. */
    public OpenLetters letters()
    {
        return letters;
    }

    /**
     * May a letter be written? False while storage is in trouble: then ask again later. A call that writes a letter
     * asks by itself, and throws.
     *
     * @return true if so, as far as is known.
     */
    public boolean isReady()
    {
        ensureOpen();
        try
        {
            return appender == null || appender.isReady();
        }
        catch (final EventStorageException ex)
        {
            release();
            return false;
        }
    }

    /**
     * Record that an event has failed for good. An event that has an open letter with this subscription keeps that: it
     * is not recorded twice. If that letter was being retried, this is recorded as its failure.
     *
     * @param event   that failed, with its sequence; duplicates and what else was never journaled have none.
     * @param failure how.
     * @return the letter.
     * @throws EventStorageException if it could not be recorded.
     */
    public LetterStatus deadLetter(final EventFlyweight event, final LetterFailure failure)
    {
        ensureOpen();
        if (event.sequence() < 1)
        {
            throw new IllegalArgumentException(
                "event '" + event.id() + "' has sequence " + event.sequence() +
                ": dead-letter it when it is journaled");
        }
        openIfBroken();
        final LetterStatus known = open(failure.subscription(), event.sequence());
        if (known != null)
        {
            return known.state() == LetterState.RETRYING ? failAgain(known, event, failure) : known;
        }
        final LetterRecord record = append(event, (next) ->
            LetterRecord.failed(next, event.sequence(), event.runId(), event.journalTime(), failure));
        return LetterStatus.first(record, record.letter(), appender.lastJournalTime());
    }

    /**
     * Record that a retry has failed; the letter is open again.
     *
     * @param letter  number of it.
     * @param failure how.
     * @return the letter; null if there is no open letter of that number.
     * @throws EventStorageException if it could not be recorded.
     */
    public LetterStatus failedAgain(final long letter, final LetterFailure failure)
    {
        return failedAgain(letter, null, failure);
    }

    /**
     * Record that a retry has failed; the letter is open again.
     *
     * @param letter  number of it.
     * @param event   that was handed over, which takes the place of a copy that can't be read any more; or null.
     * @param failure how.
     * @return the letter; null if there is no open letter of that number.
     * @throws EventStorageException if it could not be recorded.
     */
    public LetterStatus failedAgain(final long letter, final EventFlyweight event, final LetterFailure failure)
    {
        final LetterStatus known = open(letter);
        return known == null ? null : failAgain(known, event, failure);
    }

    /**
     * Record that the event of a letter is handed to the handler once more. Do so before it is.
     *
     * @param letter number of it.
     * @return false if there is no open letter of that number; then nothing was recorded.
     * @throws EventStorageException if it could not be recorded.
     */
    public boolean retried(final long letter)
    {
        return note(letter, LetterAction.RETRIED, "");
    }

    /**
     * Record that the handler has taken the event of a letter.
     *
     * @param letter number of it.
     * @return false if there is no open letter of that number; then nothing was recorded.
     * @throws EventStorageException if it could not be recorded.
     */
    public boolean delivered(final long letter)
    {
        return note(letter, LetterAction.DELIVERED, "");
    }

    /**
     * Record that a letter was given up.
     *
     * @param letter number of it.
     * @param reason for people; kept up to {@value LetterFailure#MAX_MESSAGE} characters.
     * @return false if there is no open letter of that number; then nothing was recorded.
     * @throws EventStorageException if it could not be recorded.
     */
    public boolean dropped(final long letter, final String reason)
    {
        return note(letter, LetterAction.DROPPED, LetterFailure.wellFormed(reason, LetterFailure.MAX_MESSAGE));
    }

    /**
     * Record a repaired event; retries take it from then on.
     *
     * @param letter   number of it.
     * @param repaired the event, with the id of the original. What it does not say it does not have, but for the time
     *                 and the source, which are then those of the original.
     * @return false if there is no open letter of that number; then nothing was recorded.
     * @throws EventValidationException if the event is not complete, or has another id; nothing was recorded.
     * @throws EventStorageException    if it could not be recorded.
     */
    public boolean fixed(final long letter, final EventBuilder repaired)
    {
        final LetterStatus known = open(letter);
        if (known == null)
        {
            return false;
        }
        final EventFlyweight original = original(known);
        if (!repaired.id().equals(original.id()))
        {
            throw new EventValidationException(
                "id", repaired.id(), "a repaired event keeps the id of the original, " + original.id());
        }
        final LetterRecord last = reader.record(known.copySequence());
        append(built.repaired(repaired, original), (next) -> last.as(LetterAction.FIXED));
        return true;
    }

    /**
     * Show the event of an open letter, as it is to be handed to the handler; see {@link DeadLetters#event}.
     *
     * @param letter  number of it.
     * @param handler of the event; its view is valid until the handler returns.
     * @return false if there is no open letter of that number.
     * @throws EventStorageException if the journal of dead letters is damaged.
     */
    public boolean event(final long letter, final RecordHandler handler)
    {
        final LetterStatus known = open(letter);
        if (known == null)
        {
            return false;
        }
        handler.onRecord(original(known));
        return true;
    }

    /**
     * Force everything recorded so far to the device. Waits for it.
     *
     * @throws io.sluice.journal.DataDirectoryException where that does not survive a power loss anyway.
     * @throws EventStorageException                    if that failed.
     */
    public void sync()
    {
        ensureOpen();
        if (appender == null || appender.syncedSequence() >= appender.lastSequence())
        {
            return;
        }
        appender.requestSync(appender.lastSequence());
        try
        {
            appender.sync();
        }
        catch (final EventStorageException ex)
        {
            release();
            throw ex;
        }
        LetterForce.check(appender, directory);
    }

    /**
     * Ask for a force of everything recorded so far; waits for it only where there is no thread for that.
     *
     * @return what {@link #isForced} is to be asked for.
     * @throws EventStorageException if that failed.
     */
    public long requestForce()
    {
        ensureOpen();
        openIfBroken();
        try
        {
            return appender == null ? 0 : LetterForce.request(appender);
        }
        catch (final EventStorageException ex)
        {
            release();
            throw ex;
        }
    }

    /**
     * @param requested of {@link #requestForce}.
     * @return whether everything recorded by then survives a power loss, or nothing does there.
     */
    public boolean isForced(final long requested)
    {
        return requested == 0 || appender != null && appender.syncedSequence() >= requested;
    }

    /**
     * Bring in letters that had no room in memory when there is room again, some at a time: a pass over the journal of
     * dead letters, in pieces of at most 256 records.
     *
     * @return 0 if there was nothing to do.
     * @throws EventStorageException if the journal of dead letters is damaged.
     */
    public int doWork()
    {
        ensureOpen();
        if (refill == null)
        {
            return startRefill();
        }
        try
        {
            if (letters.beyond() > 0 && refill.isGoingOn())
            {
                return 1;
            }
        }
        catch (final Throwable ex)
        {
            endRefill();
            throw ex;
        }
        if (letters.beyond() > 0 && refillEnd < appender.lastSequence())
        {
            refillEnd = appender.lastSequence();
            refill.extend(refillEnd);
            return 1;
        }
        if (letters.beyond() > 0)
        {
            letters.bringIn(collected);
        }
        endRefill();
        return 1;
    }

    /** Force everything to the device and release it. Idempotent. */
    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            endRefill();
            CloseHelper.closeAll(reader, appender);
        }
    }

    /** @return the open letter of an event, held or not; null if there is none. */
    LetterStatus open(final String subscription, final long sequence)
    {
        final LetterStatus held = letters.find(subscription, sequence);
        return held == null && letters.mayBeBeyond(sequence) ?
            reader.findOpen(subscription, sequence, letters.firstBeyond()) : held;
    }

    /** @return an open letter, held or not; null if there is none of that number. */
    LetterStatus open(final long letter)
    {
        ensureOpen();
        openIfBroken();
        final LetterStatus held = letters.get(letter);
        if (held != null || !letters.isNumberBeyond(letter))
        {
            return held;
        }
        final LetterStatus beyond = reader.status(letter);
        return beyond != null && beyond.state().isOpen() ? beyond : null;
    }

    private LetterStatus failAgain(
        final LetterStatus known, final EventFlyweight handed, final LetterFailure failure)
    {
        final EventFlyweight copied = readable(known);
        final EventFlyweight event = copied != null ? copied : handed != null ? handed : original(known);
        append(event, (next) ->
            LetterRecord.failed(known.letter(), known.sequence(), event.runId(), event.journalTime(), failure));
        return open(known.letter());
    }

    private boolean note(final long letter, final LetterAction action, final String message)
    {
        final LetterStatus known = open(letter);
        if (known == null)
        {
            return false;
        }
        final EventFlyweight copied = readable(known);
        // The note says which letter it is about; of the event nothing else is known.
        final EventFlyweight event = copied != null ? copied : built.lost(known, context.clock());
        append(event, (next) -> LetterRecord.note(action, known, message));
        return true;
    }

    // A letter must not stay open for ever because nobody can read its event any more.
    private EventFlyweight readable(final LetterStatus letter)
    {
        try
        {
            return original(letter);
        }
        catch (final EventException ex)
        {
            return null;
        }
    }

    private EventFlyweight original(final LetterStatus letter)
    {
        final EventFlyweight event = reader.read(letter.copySequence());
        if (event == null)
        {
            throw new EventStorageException(
                "sequence " + letter.copySequence() + " of " + directory + " holds no copy of dead letter " +
                letter.letter() + ": it was removed or repaired away; drop the letter, or restore the file");
        }
        return event;
    }

    private LetterRecord append(final EventFlyweight event, final LongFunction<LetterRecord> draft)
    {
        prepare(event.recordLength() + LETTER_ROOM);
        final long next = appender.nextSequence();
        final LetterRecord drafted = draft.apply(next);
        final LetterRecord record = drafted.firstOpen(letters.firstAfter(drafted, next));
        if (!record.action().isCopy())
        {
            write(copy.note(event, LetterMetadata.of(record.json())), 0);
        }
        else
        {
            final byte[] joined = LetterMetadata.join(LetterEncoder.bytes(event, EventField.METADATA), record.json());
            if (joined != null)
            {
                write(copy.copy(event, joined), 0);
            }
            else
            {
                // Both in one excerpt: a reader, and the next start, find both or none.
                final LetterRecord apart = record.as(LetterAction.METADATA);
                final int metadataLength = metadata.apart(event, LetterMetadata.of(apart.json()));
                write(copy.copy(event, LetterMetadata.of(record.metadataApart().json())), metadataLength);
            }
        }
        letters.apply(record, next, appender.lastJournalTime());
        return record;
    }

    private void write(final int length, final int metadataLength)
    {
        try
        {
            final long nowNs = context.clock().nanoTime();
            appender.stage(copy.buffer(), 0, length, Verdict.ACCEPTED, 0, nowNs);
            if (metadataLength > 0)
            {
                appender.stage(metadata.buffer(), 0, metadataLength, Verdict.ACCEPTED, 0, nowNs);
            }
            appender.commit();
        }
        catch (final Throwable ex)
        {
            release();
            throw ex;
        }
    }

    private void openIfBroken()
    {
        if (appender == null && (letters.count() > 0 || Files.exists(new DataDirectory(directory).formatFile())))
        {
            openAppender(LEAST_CAPACITY);
        }
    }

    private void prepare(final int length)
    {
        if (appender == null || length > capacity)
        {
            openAppender(length);
        }
        if (!isReady())
        {
            throw new EventStorageException(
                "no dead letter can be written to " + directory + ": " +
                (appender == null ? "its journal failed; try again" : appender.storage().reason()));
        }
    }

    private void openAppender(final int length)
    {
        release();
        final int needed = Math.max(LEAST_CAPACITY, length);
        capacity = needed > GREATEST_CAPACITY / 2 ? GREATEST_CAPACITY : Integer.highestOneBit(needed - 1) << 1;
        appender = JournalAppender.open(LetterForce.journal(context)
            .directory(directory)
            .maxEventLength(capacity)
            .batchLength(Math.min(2 * capacity, GREATEST_CAPACITY)));
        try
        {
            recover();
        }
        catch (final Throwable ex)
        {
            release();
            throw ex;
        }
    }

    private void recover()
    {
        letters.clear();
        final long last = appender.lastSequence();
        if (last == 0)
        {
            return;
        }
        final LetterRecord end = reader.record(last);
        final long from = end == null ? 1 : end.firstOpen() == 0 ? last + 1 : end.firstOpen();
        try (LetterScan scan = new LetterScan(directory, KeyProvider.NONE))
        {
            scan.pass(from, last, (record, event) -> letters.apply(record, event.sequence(), event.journalTime()));
        }
    }

    private int startRefill()
    {
        if (appender == null || !letters.hasRoom())
        {
            return 0;
        }
        collected = letters.collector();
        refillEnd = appender.lastSequence();
        refill = new LetterScan(directory, KeyProvider.NONE);
        refill.start(
            letters.firstBeyond(),
            refillEnd,
            (record, event) -> collected.apply(record, event.sequence(), event.journalTime()));
        return 1;
    }

    private void endRefill()
    {
        CloseHelper.quietClose(refill);
        refill = null;
        collected = null;
    }

    /** Let go of an appender that can't be trusted; the next call opens another one and finds out what there is. */
    private void release()
    {
        endRefill();
        CloseHelper.quietClose(appender);
        appender = null;
    }

    private void ensureOpen()
    {
        if (isClosed)
        {
            throw new EventStorageException("the journal of dead letters in " + directory + " is closed");
        }
    }
}
