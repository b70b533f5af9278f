package io.sluice.engine.rule;

import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.Priority;
import java.util.Arrays;
import java.util.Objects;
import org.agrona.DirectBuffer;

/**
 * Which rules of an index are asked about events of a type, and what becomes of these where the rules look at nothing
 * else, remembered for each type up to a bound; beyond it the index and the rules are asked each time. Not thread-safe.
 * A look-up of what is known allocates nothing.
 */
final class PreparedTypes
{
    static final int MAX_TYPES = 4096;
    /** Of all outcomes together. */
    static final int MAX_RULES_OF_OUTCOMES = 1 << 16;

    private static final int INITIAL_BUCKETS = 64;

    private final RuleIndex index;
    private final PreparedRules rules;
    private final int[] places;
    private final PreparedRule[] found;
    private Entry[] table = new Entry[INITIAL_BUCKETS];
    private int known;
    private int count;
    private PreparedRule[] matching;
    private Entry present;
    private int rulesOfOutcomes;

    PreparedTypes(final RuleIndex index, final PreparedRules rules)
    {
        this.index = index;
        this.rules = rules;
        places = new int[index.size()];
        found = new PreparedRule[index.size()];
    }

    /** @return true if no rule would ever be found. */
    boolean isEmpty()
    {
        return places.length == 0;
    }

    /**
     * Find the rules for an event, see {@link #matching}.
     *
     * @return how many there are.
     */
    int find(final EventFlyweight event)
    {
        final DirectBuffer buffer = event.buffer();
        final int offset = event.fieldOffset(EventField.TYPE);
        final int length = event.fieldLength(EventField.TYPE);
        final long hash = EventHash.hash64(buffer, offset, length);
        int bucket = (int)hash & (table.length - 1);
        while (table[bucket] != null)
        {
            final Entry entry = table[bucket];
            if (entry.hash == hash && entry.isFor(buffer, offset, length))
            {
                present = entry;
                matching = entry.matching;
                return matching.length;
            }
            bucket = (bucket + 1) & (table.length - 1);
        }
        present = null;
        ask(buffer, offset, length);
        if (known < MAX_TYPES)
        {
            remember(hash, buffer, offset, length);
        }
        return count;
    }

    /** @return the rules that were found, in their order, from 0; valid until the next {@link #find}. */
    PreparedRule[] matching()
    {
        return matching;
    }

    /**
     * What becomes of the event that was looked for, if its type and its priority tell; known from then on.
     *
     * @param event that was looked for.
     * @param draft to work it out with.
     * @return null if they don't, or too many are known.
     */
    SteadyOutcome outcome(final EventFlyweight event, final RuleDraft draft)
    {
        if (present == null || present.outcomes == null)
        {
            return null;
        }
        final SteadyOutcome known = present.outcomes[event.priorityCode()];
        if (known != null || rulesOfOutcomes + matching.length > MAX_RULES_OF_OUTCOMES)
        {
            return known;
        }
        final SteadyOutcome made = SteadyOutcome.open(matching, matching.length, event, draft);
        rulesOfOutcomes += matching.length;
        present.outcomes[event.priorityCode()] = made;
        return made;
    }

    /** Nothing is looked for any more. */
    void close()
    {
        for (final Entry entry : table)
        {
            if (entry != null && entry.outcomes != null)
            {
                Arrays.stream(entry.outcomes).filter(Objects::nonNull).forEach(SteadyOutcome::close);
            }
        }
    }

    private void ask(final DirectBuffer buffer, final int offset, final int length)
    {
        count = index.find(buffer, offset, length, places);
        for (int i = 0; i < count; i++)
        {
            found[i] = rules.prepare(index.rule(places[i]));
        }
        matching = found;
    }

    private void remember(final long hash, final DirectBuffer buffer, final int offset, final int length)
    {
        if (2 * known >= table.length)
        {
            final Entry[] old = table;
            table = new Entry[2 * old.length];
            for (final Entry entry : old)
            {
                if (entry != null)
                {
                    insert(entry);
                }
            }
        }
        final PreparedRule[] copy = new PreparedRule[count];
        System.arraycopy(found, 0, copy, 0, count);
        final byte[] type = new byte[length];
        buffer.getBytes(offset, type);
        insert(new Entry(hash, type, copy));
        known++;
    }

    private void insert(final Entry entry)
    {
        int bucket = (int)entry.hash & (table.length - 1);
        while (table[bucket] != null)
        {
            bucket = (bucket + 1) & (table.length - 1);
        }
        table[bucket] = entry;
    }

    private static final class Entry
    {
        private final long hash;
        private final byte[] type;
        private final PreparedRule[] matching;
        /** By priority; null if other things count. */
        private final SteadyOutcome[] outcomes;

        private Entry(final long hash, final byte[] type, final PreparedRule[] matching)
        {
            this.hash = hash;
            this.type = type;
            this.matching = matching;
            outcomes = Arrays.stream(matching).allMatch((rule) -> rule.isSteady) ?
                new SteadyOutcome[Priority.COUNT] : null;
        }

        private boolean isFor(final DirectBuffer buffer, final int offset, final int length)
        {
            if (length != type.length)
            {
                return false;
            }
            for (int i = 0; i < length; i++)
            {
                if (buffer.getByte(offset + i) != type[i])
                {
                    return false;
                }
            }
            return true;
        }
    }
}
