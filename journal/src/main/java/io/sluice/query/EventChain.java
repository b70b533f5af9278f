package io.sluice.query;

import io.sluice.event.EventException;
import io.sluice.event.EventField;
import io.sluice.event.filter.EventFilterBuilder;
import io.sluice.event.filter.FilterDemand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What led to an event and what it led to, as trees: causation ids lead up to the first cause that is in the journal,
 * and from there down to everything that was caused, of whatever correlation; events of the same correlation that
 * nothing in the journal caused are trees of their own. Duplicates are left out. Immutable.
 */
public final class EventChain
{
    /** Most events of a chain. */
    public static final int MAX_EVENTS = 10_000;
    static final String ORIGINALS = "NOT EXISTS originalsequence";

    private final ChainEvent event;
    private final List<ChainEvent> roots;
    private final int size;

    private EventChain(final ChainEvent event, final List<ChainEvent> roots, final int size)
    {
        this.event = event;
        this.roots = List.copyOf(roots);
        this.size = size;
    }

    /** @return the event that was asked for. */
    public ChainEvent event()
    {
        return event;
    }

    /** @return the trees, by the sequence of their first event. */
    public List<ChainEvent> roots()
    {
        return roots;
    }

    /** @return number of events in all trees. */
    public int size()
    {
        return size;
    }

    static EventChain find(final JournalQuery journal, final String id)
    {
        final Members members = new Members(journal);
        final ChainEvent event = members.find(id);
        if (event == null)
        {
            return null;
        }
        members.addCauses(event);
        if (!event.correlationId().isEmpty())
        {
            journal.eventsByCorrelation(event.correlationId(), (member) -> members.add(new ChainEvent(member)));
        }
        members.addEffects();
        return members.join(event);
    }

    private static final class Members
    {
        private final JournalQuery journal;
        private final Map<String, ChainEvent> byId = new HashMap<>();

        Members(final JournalQuery journal)
        {
            this.journal = journal;
        }

        ChainEvent find(final String id)
        {
            final List<ChainEvent> found = new ArrayList<>(1);
            journal.run(
                EventQuery.of(new EventFilterBuilder().id(id).where(ORIGINALS).build()).limit(1),
                (event) -> found.add(new ChainEvent(event)));
            found.forEach(this::add);
            return found.isEmpty() ? null : found.get(0);
        }

        boolean add(final ChainEvent event)
        {
            if (byId.containsKey(event.id()))
            {
                return false;
            }
            if (byId.size() == MAX_EVENTS)
            {
                throw new EventException("the chain has more than " + MAX_EVENTS + " events; query for parts of it");
            }
            byId.put(event.id(), event);
            return true;
        }

        // Up to the first cause that is there; a loop ends where it closes.
        void addCauses(final ChainEvent event)
        {
            ChainEvent effect = event;
            while (effect != null && !effect.causationId().isEmpty() && !byId.containsKey(effect.causationId()))
            {
                effect = find(effect.causationId());
            }
        }

        void addEffects()
        {
            if (journal.isIndexed())
            {
                addEffectsByIndex();
            }
            else
            {
                addEffectsByScan();
            }
        }

        // Generation by generation: the events that those of the last one caused.
        private void addEffectsByIndex()
        {
            Set<String> causes = Set.copyOf(byId.keySet());
            while (!causes.isEmpty())
            {
                final Set<String> generation = causes;
                final List<ChainEvent> effects = new ArrayList<>();
                journal.run(
                    EventQuery.of("EXISTS causationid"),
                    new FilterDemand.OneOf(EventField.CAUSATION_ID, List.copyOf(generation)),
                    (event) -> event.originalSequence() == 0 &&
                        generation.contains(event.text(EventField.CAUSATION_ID)),
                    (event) -> effects.add(new ChainEvent(event)));
                causes = effects.stream().filter(this::add).map(ChainEvent::id).collect(Collectors.toSet());
            }
        }

        // An effect mostly follows its cause, so that one pass finds whole branches; another one sees that it is all.
        private void addEffectsByScan()
        {
            boolean isGrowing = true;
            while (isGrowing)
            {
                final int before = byId.size();
                journal.run(EventQuery.of("EXISTS causationid AND " + ORIGINALS), (candidate) ->
                {
                    if (byId.containsKey(candidate.text(EventField.CAUSATION_ID)))
                    {
                        add(new ChainEvent(candidate));
                    }
                });
                isGrowing = byId.size() > before;
            }
        }

        EventChain join(final ChainEvent event)
        {
            final List<ChainEvent> all = new ArrayList<>(byId.values());
            all.sort(Comparator.comparingLong(ChainEvent::sequence));
            final List<ChainEvent> roots = new ArrayList<>();
            for (final ChainEvent member : all)
            {
                final ChainEvent cause = byId.get(member.causationId());
                if (cause == null || isFirstOfLoop(member))
                {
                    roots.add(member);
                }
                else
                {
                    cause.addEffect(member);
                }
            }
            return new EventChain(event, roots, all.size());
        }

        // Publishers can give any id: of events that cause each other in a circle, the least sequence starts.
        private boolean isFirstOfLoop(final ChainEvent member)
        {
            final Set<ChainEvent> seen = new HashSet<>();
            ChainEvent cause = byId.get(member.causationId());
            while (cause != null && cause != member && cause.sequence() > member.sequence() && seen.add(cause))
            {
                cause = byId.get(cause.causationId());
            }
            return cause == member;
        }
    }
}
