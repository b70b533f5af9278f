package io.sluice.perf.peers;

import io.sluice.engine.Durability;

/** What an acknowledged event survives. Only peers of one class are compared. */
enum DurabilityClass
{
    /** Nothing: it is gone with the process, or the peer acknowledges before it writes. */
    NONE("none", Durability.NONE),
    /** The end of the process that keeps it, {@code kill -9} included: it is in the page cache. */
    PROCESS("process-crash", Durability.JOURNALED),
    /** Power loss: it was forced to the device. */
    POWER("power-loss", Durability.SYNCED);

    private final String label;
    private final Durability level;

    DurabilityClass(final String label, final Durability level)
    {
        this.label = label;
        this.level = level;
    }

    /** @return name in figures. */
    String label()
    {
        return label;
    }

    /** @return what an engine needs to be in this class. */
    Durability level()
    {
        return level;
    }
}
