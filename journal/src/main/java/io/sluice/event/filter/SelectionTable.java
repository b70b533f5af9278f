package io.sluice.event.filter;

import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import org.agrona.DirectBuffer;

/**
 * Remembers selections by type and priority, in fixed places: four for each hash, of which the one that was made first
 * is made anew for a type that none has. A place keeps its arrays, so that types without end allocate nothing either
 * once it has grown. Not thread-safe.
 */
final class SelectionTable
{
    private static final int SETS = 256;
    private static final int WAYS = 4;

    private final FilterSelection[] selections = new FilterSelection[SETS * WAYS];
    private final byte[] oldest = new byte[SETS];

    /**
     * @param event to look at.
     * @return the place of its type and priority; what it holds is to be made if it is not {@link
     * FilterSelection#isOf} the present filters.
     */
    FilterSelection find(final EventFlyweight event)
    {
        final DirectBuffer buffer = event.buffer();
        final int length = event.fieldLength(EventField.TYPE);
        final int offset = event.fieldOffset(EventField.TYPE);
        final int priority = event.priorityCode();
        final long hash = EventHash.hash64(buffer, offset, length) + priority;
        final int set = (int)hash & (SETS - 1);
        final int first = set * WAYS;
        for (int i = first; i < first + WAYS; i++)
        {
            final FilterSelection selection = selections[i];
            if (selection != null && selection.isFor(hash, priority, buffer, offset, length))
            {
                return selection;
            }
        }
        final int place = first + oldest[set];
        oldest[set] = (byte)((oldest[set] + 1) % WAYS);
        if (selections[place] == null)
        {
            selections[place] = new FilterSelection();
        }
        selections[place].begin(hash, priority, buffer, offset, length);
        return selections[place];
    }
}
