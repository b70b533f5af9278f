package io.sluice.engine;

import java.util.Locale;

/** A thread of the engine. Names fit into the 15 characters that the kernel keeps. */
public enum EngineRole
{
    /** All stages, in {@link ThreadingMode#SHARED}. */
    ENGINE("sluice-engine"),
    /** Dedup, sequence, journal. */
    SEQUENCING("sluice-seq"),
    /** Finds the subscriptions of an event. */
    ROUTING("sluice-route"),
    /** Calls handlers. */
    HANDLING("sluice-handle"),
    /** Calls handlers of CRITICAL events, in {@link ThreadingMode#DEDICATED}. */
    CRITICAL("sluice-crit"),
    /** Reads the journal for subscriptions that the rings do not serve. */
    DELIVERY("sluice-deliver"),
    /** Finds handlers that do not return; not on the path of events. */
    WATCH("sluice-watch"),
    /** Makes checkpoints of the positions; not on the path of events. */
    MARK("sluice-mark"),
    /** Publishes counters and histograms; not on the path of events. */
    TELEMETRY("sluice-telem");

    private final String threadName;

    EngineRole(final String threadName)
    {
        this.threadName = threadName;
    }

    /** @return whether events pass the thread on their way from the ring to a handler. */
    boolean isOnPath()
    {
        return ordinal() < DELIVERY.ordinal();
    }

    /** @return name of the thread. */
    public String threadName()
    {
        return threadName;
    }

    /**
     * Role of a name.
     *
     * @param name of the role in any case, or of its thread.
     * @return the role.
     * @throws IllegalArgumentException if there is none.
     */
    public static EngineRole parse(final String name)
    {
        final String wanted = name.trim().toLowerCase(Locale.ROOT);
        for (final EngineRole role : values())
        {
            if (role.name().toLowerCase(Locale.ROOT).equals(wanted) || role.threadName.equals(wanted))
            {
                return role;
            }
        }
        throw new IllegalArgumentException(
            "role '" + name +
            "' is not known: use engine, sequencing, routing, handling, critical, delivery, watch, mark or telemetry");
    }
}
