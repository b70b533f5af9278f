package io.sluice.engine.deadletter;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The letters of which something may still become, oldest first. Thread rule: the delivery thread only.
 *
 * <p>Its memory is bounded: at most {@code limit} letters are held, the oldest ones. Of those beyond it are known how
 * many there are, the number of the first, and between which sequences their events lie. When room has come free,
 * {@link DeadLetterJournal#doWork} brings them in from the journal.
 *
 * <pre>
 *   letter 7  9  12 … 4711 │ 4712 …
 *   held, at most limit    │ beyond: count, first number, least and greatest sequence
 * </pre>
 *
 * Once a letter lies beyond, all later ones do, until they are brought in: so a number tells where a letter is.
 */
public final class OpenLetters
{
    private record Key(String subscription, long sequence)
    {
    }

    private final int limit;
    private final Map<Long, LetterStatus> byLetter = new LinkedHashMap<>();
    private final Map<Key, Long> byEvent = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private long beyondCount;
    private long firstBeyond;
    private long leastSequence = Long.MAX_VALUE;
    private long greatestSequence;
    private int generation;

    /**
     * @param limit of the letters held, 1 or more.
     */
    OpenLetters(final int limit)
    {
        this.limit = limit;
    }

    /** @return letters that are open, held and beyond. */
    public long count()
    {
        return byLetter.size() + beyondCount;
    }

    /**
     * @param subscription name of it.
     * @return letters of the subscription that are open, held and beyond.
     */
    public int count(final String subscription)
    {
        return counts.getOrDefault(subscription, 0);
    }

    /**
     * @param letter number of it.
     * @return how it stands; null if it is not open, or lies beyond those that are held.
     */
    public LetterStatus get(final long letter)
    {
        return byLetter.get(letter);
    }

    /**
     * @param subscription name of it.
     * @param sequence     of an event in the journal of events.
     * @return the open letter of the event; null if there is none, or it lies beyond those that are held.
     */
    public LetterStatus find(final String subscription, final long sequence)
    {
        final Long letter = byEvent.get(new Key(subscription, sequence));
        return letter == null ? null : byLetter.get(letter);
    }

    /** @return the letters that are held, oldest first; a view that can't be changed. */
    public Collection<LetterStatus> held()
    {
        return Collections.unmodifiableCollection(byLetter.values());
    }

    /** @return letters that are open and not held. */
    public long beyond()
    {
        return beyondCount;
    }

    /** @return another number whenever letters are held that were not added one by one. */
    int generation()
    {
        return generation;
    }

    /** @return number of the first open letter, 0 if there is none. */
    long first()
    {
        return byLetter.isEmpty() ? firstBeyond : byLetter.keySet().iterator().next();
    }

    /** @return number of the first open letter that is not held, 0 if there is none. */
    long firstBeyond()
    {
        return firstBeyond;
    }

    /** May the event have an open letter that is not held? */
    boolean mayBeBeyond(final long sequence)
    {
        return beyondCount > 0 && sequence >= leastSequence && sequence <= greatestSequence;
    }

    /** Is this the number of a letter that is open only if it lies beyond? */
    boolean isNumberBeyond(final long letter)
    {
        return beyondCount > 0 && letter >= firstBeyond;
    }

    /** Is it time to bring in letters from beyond? */
    boolean hasRoom()
    {
        return beyondCount > 0 && byLetter.size() <= limit / 2;
    }

    /** Forget everything. */
    void clear()
    {
        generation++;
        byLetter.clear();
        byEvent.clear();
        counts.clear();
        clearBeyond();
    }

    /** What would come of a record, without taking it over. */
    long firstAfter(final LetterRecord record, final long recordSequence)
    {
        final boolean isEnd = record.action() == LetterAction.DELIVERED || record.action() == LetterAction.DROPPED;
        if (record.isFirst(recordSequence))
        {
            return count() == 0 ? recordSequence : first();
        }
        if (!isEnd || record.letter() != first())
        {
            return first();
        }
        return byLetter.keySet().stream().skip(1).findFirst().orElse(firstBeyond);
    }

    /** Take a record of the journal over, in the order of their sequences. */
    void apply(final LetterRecord record, final long recordSequence, final long timeNs)
    {
        if (record.isFirst(recordSequence))
        {
            counts.merge(record.subscription(), 1, Integer::sum);
            add(LetterStatus.first(record, recordSequence, timeNs));
            return;
        }
        final LetterStatus known = byLetter.get(record.letter());
        if (known != null)
        {
            put(known.after(record, recordSequence, timeNs));
        }
        else if (isNumberBeyond(record.letter()) && isEnd(record))
        {
            countDown(record.subscription());
            beyondCount--;
            if (beyondCount == 0)
            {
                clearBeyond();
            }
        }
    }

    /** Bring in what was collected, from the journal, of the letters beyond. */
    void bringIn(final OpenLetters collected)
    {
        generation++;
        clearBeyond();
        collected.byLetter.values().forEach(this::add);
        if (collected.beyondCount > 0)
        {
            firstBeyond = beyondCount == 0 ? collected.firstBeyond : firstBeyond;
            beyondCount += collected.beyondCount;
            leastSequence = Math.min(leastSequence, collected.leastSequence);
            greatestSequence = Math.max(greatestSequence, collected.greatestSequence);
        }
    }

    /** @return an empty one to collect letters in: more than there is room for, as some may come to their end. */
    OpenLetters collector()
    {
        return new OpenLetters(limit);
    }

    private void add(final LetterStatus letter)
    {
        if (beyondCount == 0 && byLetter.size() < limit)
        {
            byLetter.put(letter.letter(), letter);
            byEvent.put(new Key(letter.subscription(), letter.sequence()), letter.letter());
            return;
        }
        if (beyondCount++ == 0)
        {
            firstBeyond = letter.letter();
        }
        leastSequence = Math.min(leastSequence, letter.sequence());
        greatestSequence = Math.max(greatestSequence, letter.sequence());
    }

    private void put(final LetterStatus letter)
    {
        if (letter.state().isOpen())
        {
            byLetter.put(letter.letter(), letter);
            return;
        }
        byLetter.remove(letter.letter());
        byEvent.remove(new Key(letter.subscription(), letter.sequence()));
        countDown(letter.subscription());
    }

    private void countDown(final String subscription)
    {
        counts.computeIfPresent(subscription, (name, count) -> count == 1 ? null : count - 1);
    }

    private void clearBeyond()
    {
        beyondCount = 0;
        firstBeyond = 0;
        leastSequence = Long.MAX_VALUE;
        greatestSequence = 0;
    }

    private static boolean isEnd(final LetterRecord record)
    {
        return record.action() == LetterAction.DELIVERED || record.action() == LetterAction.DROPPED;
    }
}
