package io.sluice.engine.ring;

import io.sluice.event.Priority;
import java.util.Arrays;

/**
 * Decides which priority is served next: CRITICAL first, but every other priority has a guaranteed share from the
 * start.
 *
 * <p>The wheel has as many places as the rarest share needs (32 by default) and moves by one with each served unit.
 *
 * <pre>
 *   place   0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 …
 *           H  ·  A  ·  N  ·  A  ·  H  ·  A  ·  L  ·  A  ·  H  …
 *
 *   ·        strict: the most urgent priority that has an event
 *   H N L    reserved: HIGH 1/8, NORMAL 1/16, LOW 1/32; strict if that priority has none
 *   A        aged: the priority whose oldest event has used most of its budget, if half or more; else strict
 * </pre>
 *
 * <p><b>The bound.</b> Each place serves one unit, and two places that are not strict never follow each other. Where a
 * CRITICAL unit came while another priority was served and the next place is not strict, that place changes with the
 * strict one after it. Hence, whatever the load,
 * <ul>
 *   <li>a CRITICAL unit at the head of its ring waits for at most one unit of another priority, the one in progress
 *       when it came included;</li>
 *   <li>a LOW unit at depth d (the head has depth 1) is served after at most 32·d units of others, a NORMAL one
 *       after at most 16·d, a HIGH one after at most 8·d, or as the shares are configured.</li>
 * </ul>
 *
 * <p>Not thread-safe: one per stage. Allocates nothing.
 */
public final class PriorityWheel
{
    /** Gives the part of its budget that the oldest event of a priority has used. */
    @FunctionalInterface
    public interface Ageing
    {
        /**
         * @param priorityCode of a priority that has an event.
         * @return used part of the budget in 1/1024; 512 is half.
         */
        int usedBudget(int priorityCode);
    }

    private static final int CRITICAL = Priority.CRITICAL.code();
    private static final int NOTHING = -3;
    private static final int STRICT = -1;
    private static final int AGED = -2;
    private static final int HALF = 512;

    private final int[] places;
    private final Ageing ageing;
    private int place;
    private int owed = NOTHING;
    private int last = CRITICAL;

    /**
     * @param shares per priority code: at least one in so many units, a power of two of at least 4; 0 for none, as for
     *               CRITICAL, which needs none.
     * @param ageing for the places that are neither strict nor reserved.
     * @throws IllegalArgumentException if the shares do not fit.
     */
    public PriorityWheel(final int[] shares, final Ageing ageing)
    {
        this.ageing = ageing;
        places = layOut(shares);
    }

    /**
     * Check shares without making a wheel.
     *
     * @param shares as for the constructor.
     * @throws IllegalArgumentException if they do not fit.
     */
    public static void check(final int[] shares)
    {
        layOut(shares);
    }

    /**
     * Pick the priority to serve and move on by one place.
     *
     * @param ready bit p is set if priority p has an event; not 0.
     * @return code of the priority.
     */
    public int next(final int ready)
    {
        final int wanted = owed == NOTHING ? placed(ready) : owed;
        place = place + 1 == places.length ? 0 : place + 1;
        final int urgent = Integer.numberOfTrailingZeros(ready);
        int served = wanted >= 0 && (ready & (1 << wanted)) != 0 ? wanted : urgent;
        owed = NOTHING;
        if (served != urgent && urgent == CRITICAL && last != CRITICAL)
        {
            // CRITICAL came while the last unit was served. It goes first and gives its next place for this one.
            owed = served;
            served = urgent;
        }
        last = served;
        return served;
    }

    /** @return the priority that the present place is for, or a negative value if it is strict just now. */
    private int placed(final int ready)
    {
        final int wanted = places[place];
        return wanted == AGED && (ready & (ready - 1)) != 0 ? mostAged(ready) : wanted;
    }

    private int mostAged(final int ready)
    {
        int best = -1;
        int bestUsed = HALF - 1;
        for (int rest = ready; rest != 0; rest &= rest - 1)
        {
            final int code = Integer.numberOfTrailingZeros(rest);
            final int used = ageing.usedBudget(code);
            if (used > bestUsed)
            {
                bestUsed = used;
                best = code;
            }
        }
        return best;
    }

    private static int[] layOut(final int[] shares)
    {
        int length = 4;
        for (final int share : shares)
        {
            if (share != 0 && (share < 4 || Integer.bitCount(share) != 1))
            {
                throw new IllegalArgumentException("share 1/" + share + ": use a power of two of at least 4");
            }
            length = Math.max(length, share);
        }
        final int[] places = new int[length];
        for (int i = 0; i < length; i++)
        {
            places[i] = (i & 1) == 0 ? AGED : STRICT;
        }
        final Integer[] byShare = {0, 1, 2, 3};
        Arrays.sort(byShare, (a, b) -> Integer.compare(shares[a], shares[b]));
        for (final int code : byShare)
        {
            if (shares[code] != 0)
            {
                reserve(places, code, shares[code]);
            }
        }
        return places;
    }

    private static void reserve(final int[] places, final int code, final int share)
    {
        for (int first = 0; first < share; first += 2)
        {
            if (isFree(places, first, share))
            {
                for (int i = first; i < places.length; i += share)
                {
                    places[i] = code;
                }
                return;
            }
        }
        throw new IllegalArgumentException(
            "share 1/" + share + " of " + Priority.of(code).label() +
            ": the shares of all priorities together may not exceed one half");
    }

    private static boolean isFree(final int[] places, final int first, final int share)
    {
        for (int i = first; i < places.length; i += share)
        {
            if (places[i] != AGED)
            {
                return false;
            }
        }
        return true;
    }
}
