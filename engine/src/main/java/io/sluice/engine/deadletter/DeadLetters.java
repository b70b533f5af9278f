package io.sluice.engine.deadletter;

import io.sluice.archive.KeyProvider;
import io.sluice.event.EventFlyweight;
import io.sluice.event.filter.EventFilter;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.DataDirectoryException;
import io.sluice.journal.DirectoryState;
import io.sluice.journal.JournalRecords;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.RecordHandler;
import io.sluice.journal.TailerContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.agrona.CloseHelper;

/**
 * Reads dead letters with what has become of them, in the process that writes them or in another one. Writes nothing,
 * takes no lock. What was recorded when a call begins is what it sees.
 *
 * <p>A letter is what its records make of it, and these lie anywhere behind its first one. So letters are taken in
 * windows of {@value #WINDOW} records: the rest of the journal is read for each window, with no more than that many
 * letters in memory, however many there are.
 *
 * <p>Not thread-safe. Calls run on the calling thread, read files, and allocate.
 */
public final class DeadLetters implements AutoCloseable
{
    /** Records whose letters are in memory at a time. */
    static final int WINDOW = 1 << 16;

    private final Path directory;
    private final KeyProvider keys;
    private final int window;
    private LetterScan scan;
    private JournalRecords records;
    private LetterEvents events;
    private long strangers;
    private boolean isClosed;

    DeadLetters(final Path directory, final KeyProvider keys, final int window)
    {
        this.directory = directory;
        this.keys = keys;
        this.window = window;
    }

    /**
     * Open the dead letters of a data directory.
     *
     * @param directory of the engine, not {@code dead-letters} itself.
     * @return to be asked, and closed. There are no letters where the engine never wrote one.
     * @throws DataDirectoryException if there is no journal or the directory can't be read.
     */
    public static DeadLetters open(final Path directory)
    {
        return open(directory, KeyProvider.NONE);
    }

    /**
     * Open the dead letters of a data directory.
     *
     * @param directory of the engine, not {@code dead-letters} itself.
     * @param keys      of archived files of dead letters.
     * @return to be asked, and closed. There are no letters where the engine never wrote one.
     * @throws DataDirectoryException if there is no journal or the directory can't be read.
     */
    public static DeadLetters open(final Path directory, final KeyProvider keys)
    {
        final Path letters = new DataDirectory(directory).deadLetters();
        if (!Files.exists(letters))
        {
            // Says what is wrong if this is no data directory at all.
            JournalTailer.open(new TailerContext().directory(directory)).close();
        }
        final DeadLetters opened = new DeadLetters(letters, keys, WINDOW);
        try
        {
            opened.isAttached();
            return opened;
        }
        catch (final Throwable ex)
        {
            CloseHelper.quietClose(opened);
            throw ex;
        }
    }

    /**
     * Hand out letters.
     *
     * @param query   which ones.
     * @param handler of them.
     * @return letters handed out.
     * @throws io.sluice.event.EventStorageException if the journal of dead letters is damaged.
     */
    public long forEach(final DeadLetterQuery query, final DeadLetterHandler handler)
    {
        final EventFilter filter = query.where();
        final long[] handed = {0};
        forEachStatus(query, (letter) ->
        {
            final EventFlyweight record = records.read(letter.copySequence(), JournalRecords.NO_PLACE);
            if (record == null || filter != null && !filter.matches(record))
            {
                return true;
            }
            final LetterRecord text = LetterEvents.parse(record);
            handler.onLetter(new DeadLetter(letter, text.exception(), text.message()), record);
            return ++handed[0] < query.limit();
        });
        return handed[0];
    }

    /**
     * @param letter number of it.
     * @return how it stands; null if there is no letter of that number.
     * @throws io.sluice.event.EventStorageException if the journal of dead letters is damaged.
     */
    public DeadLetter find(final long letter)
    {
        final LetterStatus status = status(letter);
        final EventFlyweight record =
            status == null ? null : records.read(status.copySequence(), JournalRecords.NO_PLACE);
        if (record == null)
        {
            return null;
        }
        final LetterRecord text = LetterEvents.parse(record);
        return new DeadLetter(status, text.exception(), text.message());
    }

    /**
     * Tell what was done about a letter, in order.
     *
     * @param letter number of it.
     * @param reader of the steps.
     * @return steps handed out; 0 if there is no letter of that number.
     * @throws io.sluice.event.EventStorageException if the journal of dead letters is damaged.
     */
    public long history(final long letter, final Consumer<LetterStep> reader)
    {
        final long[] steps = {0};
        if (letter > 0 && isAttached())
        {
            scan.pass(letter, last(), (record, event) ->
            {
                final boolean isPart = record.letter() == letter && record.action() != LetterAction.METADATA;
                if (isPart && (steps[0] > 0 || record.isFirst(event.sequence())))
                {
                    steps[0]++;
                    reader.accept(LetterStep.of(record, event.sequence(), event.journalTime()));
                }
            });
        }
        return steps[0];
    }

    /**
     * Show the event of a letter as it was repaired last, or as it was if nobody repaired it: with the sequence, run
     * and journal time that it has in the journal of events, and without {@code metadata.deadLetter}. A repaired event
     * is flagged as a correction.
     *
     * @param letter  number of it.
     * @param handler of the event; its view is valid until the handler returns.
     * @return false if there is no letter of that number.
     * @throws io.sluice.event.EventStorageException if the journal of dead letters is damaged.
     */
    public boolean event(final long letter, final RecordHandler handler)
    {
        final LetterStatus status = status(letter);
        final EventFlyweight event = status == null ? null : events.read(status.copySequence());
        if (event == null)
        {
            return false;
        }
        handler.onRecord(event);
        return true;
    }

    /**
     * @return how many letters there are, by subscription and kind.
     * @throws io.sluice.event.EventStorageException if the journal of dead letters is damaged.
     */
    public List<LetterCount> counts()
    {
        final Map<List<Object>, LetterCount> counts = new HashMap<>();
        forEachStatus(new DeadLetterQuery(), (letter) ->
        {
            counts.merge(
                List.of(letter.subscription(), letter.kind()),
                new LetterCount(letter.subscription(), letter.kind(), 0, 0, 0, 0).plus(letter.state()),
                (known, more) -> known.plus(letter.state()));
            return true;
        });
        final List<LetterCount> sorted = new ArrayList<>(counts.values());
        sorted.sort(Comparator.comparing(LetterCount::subscription).thenComparing(LetterCount::kind));
        return sorted;
    }

    /**
     * @return records in the last call that are none of dead letters, or of a later version; they were passed over.
     */
    public long strangers()
    {
        return strangers;
    }

    /** Release everything. Idempotent. */
    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            CloseHelper.closeAll(scan, records);
        }
    }

    /** @return the event of a record that is a copy, as it was; null if there is no such record. */
    EventFlyweight read(final long copySequence)
    {
        return isAttached() ? events.read(copySequence) : null;
    }

    /** @return what a record says; null if there is none. */
    LetterRecord record(final long sequence)
    {
        final EventFlyweight record =
            isAttached() && sequence > 0 ? records.read(sequence, JournalRecords.NO_PLACE) : null;
        return record == null ? null : LetterEvents.parse(record);
    }

    /** @return the open letter of an event, of the letters from a number on; null if there is none. */
    LetterStatus findOpen(final String subscription, final long sequence, final long fromLetter)
    {
        final LetterStatus[] found = {null};
        if (isAttached())
        {
            scan.pass(fromLetter, last(), (record, event) ->
            {
                if (record.sequence() == sequence && record.subscription().equals(subscription))
                {
                    found[0] = after(found[0], record, event);
                }
            });
        }
        return found[0] != null && found[0].state().isOpen() ? found[0] : null;
    }

    /** @return how a letter stands; null if there is none of that number. */
    LetterStatus status(final long letter)
    {
        final LetterStatus[] status = {null};
        if (letter > 0 && isAttached())
        {
            scan.pass(letter, last(), (record, event) ->
            {
                if (record.letter() == letter)
                {
                    status[0] = after(status[0], record, event);
                }
            });
            strangers = scan.strangers();
        }
        return status[0];
    }

    private void forEachStatus(final DeadLetterQuery query, final StatusVisitor visitor)
    {
        strangers = 0;
        if (!isAttached())
        {
            return;
        }
        final long first = Math.max(1, records.firstSequence());
        final long last = last();
        final boolean isBackwards = query.newestFirst();
        final long windows = last < first ? 0 : (last - first) / window + 1;
        for (long i = 0; i < windows; i++)
        {
            final long start = first + (isBackwards ? windows - 1 - i : i) * window;
            final LetterStatus[] letters = fold(start, Math.min(start + window - 1, last), last);
            if (start == first)
            {
                // Only a pass over everything sees each of them once.
                strangers = scan.strangers();
            }
            for (int j = 0; j < letters.length; j++)
            {
                final LetterStatus letter = letters[isBackwards ? letters.length - 1 - j : j];
                if (letter != null && query.isWanted(letter) && !visitor.isGoingOn(letter))
                {
                    return;
                }
            }
        }
    }

    private LetterStatus[] fold(final long from, final long to, final long last)
    {
        final LetterStatus[] letters = new LetterStatus[(int)(to - from + 1)];
        scan.pass(from, last, (record, event) ->
        {
            if (record.letter() >= from && record.letter() <= to)
            {
                final int i = (int)(record.letter() - from);
                letters[i] = after(letters[i], record, event);
            }
        });
        return letters;
    }

    private static LetterStatus after(final LetterStatus before, final LetterRecord record, final EventFlyweight event)
    {
        if (record.isFirst(event.sequence()))
        {
            return LetterStatus.first(record, event.sequence(), event.journalTime());
        }
        return before == null || before.letter() != record.letter() ?
            before : before.after(record, event.sequence(), event.journalTime());
    }

    private long last()
    {
        return records.lastSequence();
    }

    /** @return false as long as there is no journal of dead letters. */
    private boolean isAttached()
    {
        if (isClosed)
        {
            throw new IllegalStateException("the dead letters of " + directory + " are closed");
        }
        if (scan == null)
        {
            try
            {
                records = JournalRecords.open(LetterScan.context(directory, keys));
                scan = new LetterScan(directory, keys);
                events = new LetterEvents(records);
            }
            catch (final DataDirectoryException ex)
            {
                CloseHelper.quietClose(records);
                records = null;
                if (ex.state() != DirectoryState.NO_JOURNAL)
                {
                    throw ex;
                }
                return false;
            }
        }
        records.refresh();
        return true;
    }

    /** Receives letters until it has seen enough. */
    @FunctionalInterface
    private interface StatusVisitor
    {
        boolean isGoingOn(LetterStatus letter);
    }
}
