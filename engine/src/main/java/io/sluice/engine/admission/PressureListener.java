package io.sluice.engine.admission;

import io.sluice.event.Priority;

/** Told when room for events of a priority gets tight, and when it is no longer. */
@FunctionalInterface
public interface PressureListener
{
    /** Does nothing. */
    PressureListener NONE = (priority, isHigh, level) ->
    {
    };

    /**
     * The level has passed the upper mark, or has fallen below the lower one. Called on the telemetry thread, or by
     * {@code invoke()} of the host, up to ten milliseconds late; it must not block. What it throws is reported.
     *
     * @param priority of events.
     * @param isHigh   true if room is tight from now on, false if it is no longer.
     * @param level    used part of the ring, or of the bytes for large events, whichever is greater; 0 to 1 and a
     *                 little more where handlers publish.
     */
    void onPressure(Priority priority, boolean isHigh, double level);
}
