package io.sluice.event.filter;

import io.sluice.event.EventFlyweight;
import java.util.Arrays;

/**
 * Many filters that look at the same events and share the work: the JSON of an event is read once for all of them, and
 * what type and priority decide is remembered for each type, so that filters which can't match are not asked and those
 * which look at nothing else cost nothing at all.
 *
 * <pre>{@code
 * int count = filters.match(event);
 * for (int i = 0; i < count; i++)
 * {
 *     readers[filters.matched(i)].onRecord(event);
 * }
 * }</pre>
 *
 * <p>Whoever needs a few answers only, one after the other, calls {@link #look} and then {@link #matches} for each.
 *
 * <p>Each filter gives the same answer as {@link EventFilter#matches} alone. Not thread-safe. Matching allocates what
 * the filters that are asked allocate, and a little for each type that is new; about a thousand types and priorities
 * are remembered at a time.
 */
public final class EventFilterSet
{
    private static final int MIN_STALE = 16;

    private FilterInput input = new FilterInput();
    private final SelectionTable table = new SelectionTable();
    private FilterPlan[] plans = new FilterPlan[8];
    private int[] matched = new int[8];
    private final Value scratch = new Value();
    private long generation;
    private int size;
    private int stale;

    /** A set without filters: nothing matches. */
    public EventFilterSet()
    {
    }

    /**
     * Add a filter. Allocates.
     *
     * @param filter to add; it is compiled again here, so it may go on being used elsewhere.
     * @return its id, from 0, below the greatest number of filters that the set had at a time.
     */
    public int add(final EventFilter filter)
    {
        int id = 0;
        while (id < plans.length && plans[id] != null)
        {
            id++;
        }
        if (id == plans.length)
        {
            plans = Arrays.copyOf(plans, 2 * id);
            matched = Arrays.copyOf(matched, 2 * id);
        }
        plans[id] = new FilterPlan(filter, input);
        size++;
        generation++;
        return id;
    }

    /**
     * Take a filter out; its id may be given to another one.
     *
     * @param id that {@link #add} gave.
     * @throws IllegalArgumentException if there is no such filter.
     */
    public void remove(final int id)
    {
        if (id < 0 || id >= plans.length || plans[id] == null)
        {
            throw new IllegalArgumentException("id=" + id + " is of no filter in this set");
        }
        stale += plans[id].hasPaths() ? 1 : 0;
        plans[id] = null;
        size--;
        generation++;
        if (stale > MIN_STALE + size)
        {
            forgetPaths();
        }
    }

    /** @return filters in the set. */
    public int size()
    {
        return size;
    }

    /**
     * Ask all filters.
     *
     * @param event to look at.
     * @return how many match, see {@link #matched}.
     */
    public int match(final EventFlyweight event)
    {
        if (size == 0)
        {
            return 0;
        }
        input.wrap(event);
        final FilterSelection selection = table.find(event);
        if (!selection.isOf(generation))
        {
            selection.make(generation, plans, input, scratch);
        }
        return selection.match(matched, plans, input, scratch);
    }

    /**
     * @param index from 0, below what {@link #match} returned.
     * @return id of a filter that matches; valid until the next {@link #match} or {@link #add}.
     */
    public int matched(final int index)
    {
        return matched[index];
    }

    /**
     * Turn to an event whose filters are then asked one at a time, in any order, and only those that are needed.
     *
     * @param event to look at.
     */
    public void look(final EventFlyweight event)
    {
        input.wrap(event);
    }

    /**
     * Ask one filter about the event that the set looks at.
     *
     * @param id that {@link #add} gave; the last {@link #look} must be later than the last change of the set.
     * @return true if it matches.
     */
    public boolean matches(final int id)
    {
        final FilterPlan plan = plans[id];
        return plan.headerHolds(input, scratch) && plan.restHolds(input, scratch);
    }

    // Places of filters that have gone would be looked for in every document from now on.
    private void forgetPaths()
    {
        input = new FilterInput();
        for (int id = 0; id < plans.length; id++)
        {
            if (plans[id] != null)
            {
                plans[id] = new FilterPlan(plans[id].filter(), input);
            }
        }
        stale = 0;
    }
}
