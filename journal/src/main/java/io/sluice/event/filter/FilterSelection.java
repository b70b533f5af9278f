package io.sluice.event.filter;

import io.sluice.event.EventField;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/** Which filters of a set events of one type and priority may match. Not thread-safe. */
final class FilterSelection
{
    private static final long NEVER = -1;

    private byte[] type = new byte[EventField.TYPE.maxLength()];
    private int typeLength;
    private int[] certain = new int[4];
    private int[] candidates = new int[4];
    private long hash;
    private long generation = NEVER;
    private int priority;
    private int certainCount;
    private int candidateCount;

    boolean isFor(
        final long typeHash, final int code, final DirectBuffer buffer, final int offset, final int length)
    {
        if (hash != typeHash || priority != code || typeLength != length)
        {
            return false;
        }
        for (int i = 0; i < length; i++)
        {
            if (type[i] != buffer.getByte(offset + i))
            {
                return false;
            }
        }
        return true;
    }

    /** Be for another type and priority from now on. */
    void begin(final long typeHash, final int code, final DirectBuffer buffer, final int offset, final int length)
    {
        hash = typeHash;
        priority = code;
        // Longer than a type can be only in a record that was not verified, or of a later version.
        type = length <= type.length ? type : new byte[length];
        buffer.getBytes(offset, type, 0, length);
        typeLength = length;
        generation = NEVER;
    }

    boolean isOf(final long presentGeneration)
    {
        return generation == presentGeneration;
    }

    /** Choose among the filters there are. */
    void make(final long presentGeneration, final FilterPlan[] plans, final FilterInput input, final Value scratch)
    {
        certainCount = 0;
        candidateCount = 0;
        for (int id = 0; id < plans.length; id++)
        {
            final FilterPlan plan = plans[id];
            if (plan != null && plan.headerHolds(input, scratch))
            {
                if (plan.isHeaderOnly())
                {
                    certain = withRoom(certain, certainCount);
                    certain[certainCount++] = id;
                }
                else
                {
                    candidates = withRoom(candidates, candidateCount);
                    candidates[candidateCount++] = id;
                }
            }
        }
        generation = presentGeneration;
    }

    /** @return how many filters match; their ids are in the target from its start. */
    int match(final int[] target, final FilterPlan[] plans, final FilterInput input, final Value scratch)
    {
        System.arraycopy(certain, 0, target, 0, certainCount);
        int count = certainCount;
        for (int i = 0; i < candidateCount; i++)
        {
            final int id = candidates[i];
            if (plans[id].restHolds(input, scratch))
            {
                target[count++] = id;
            }
        }
        return count;
    }

    private static int[] withRoom(final int[] ids, final int count)
    {
        return count < ids.length ? ids : Arrays.copyOf(ids, 2 * ids.length);
    }
}
