package io.sluice.engine.admission;

import io.sluice.engine.ring.EventArena;
import io.sluice.engine.ring.PriorityRing;
import io.sluice.event.Priority;
import org.agrona.ErrorHandler;

/**
 * How full the rings are, looked at beside the path of events.
 *
 * <pre>
 *   level  1 ┤            ╭─╮
 *       high ┤┄┄┄┄┄┄┄┄┄┄┄╱┄┄┄╲┄┄┄┄┄┄
 *        low ┤┄┄┄┄┄┄┄┄┄╱┄┄┄┄┄┄╲┄┄┄┄
 *          0 └───────────●──────●───►  pressed from ● to ●
 * </pre>
 *
 * <p>Thread rule: one thread samples, any thread reads. Allocates nothing.
 */
public final class PressureMonitor
{
    private final PriorityRing[] rings;
    private final EventArena arena;
    private final long arenaLength;
    private final double high;
    private final double low;
    private final PressureListener listener;
    private final ErrorHandler errors;
    private volatile int pressed;
    private volatile double load;

    /**
     * @param rings       to look at.
     * @param arena       to look at.
     * @param arenaLength bytes that it may hold, 0 for none.
     * @param high        upper mark, as a part of the limit.
     * @param low         lower mark.
     * @param listener    told of changes.
     * @param errors      told of what the listener throws.
     */
    public PressureMonitor(
        final PriorityRing[] rings,
        final EventArena arena,
        final long arenaLength,
        final double high,
        final double low,
        final PressureListener listener,
        final ErrorHandler errors)
    {
        this.rings = rings;
        this.arena = arena;
        this.arenaLength = arenaLength;
        this.high = high;
        this.low = low;
        this.listener = listener;
        this.errors = errors;
    }

    /** Look once; telemetry only. */
    public void sample()
    {
        final double bytes = arenaLength == 0 ? 0 : (double)arena.usedLength() / arenaLength;
        double greatest = bytes;
        for (int code = 0; code < Priority.COUNT; code++)
        {
            final PriorityRing ring = rings[code];
            final double slots = (double)ring.depth() / ring.limit();
            greatest = Math.max(greatest, slots);
            look(ring.priority(), Math.max(slots, bytes));
        }
        load = Math.min(1.0, greatest);
    }

    /**
     * @param code of a priority.
     * @return true if room for its events is tight.
     */
    public boolean isPressed(final int code)
    {
        return (pressed & 1 << code) != 0;
    }

    /** @return used part of the fullest ring, or of the bytes for large events, 0 to 1, as last sampled. */
    public double load()
    {
        return load;
    }

    private void look(final Priority priority, final double level)
    {
        final int bit = 1 << priority.code();
        final int before = pressed;
        final boolean wasPressed = (before & bit) != 0;
        if (wasPressed ? level < low : level > high)
        {
            pressed = before ^ bit;
            try
            {
                listener.onPressure(priority, !wasPressed, level);
            }
            catch (final RuntimeException ex)
            {
                errors.onError(ex);
            }
        }
    }
}
