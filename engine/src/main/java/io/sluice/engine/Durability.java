package io.sluice.engine;

/** What an acknowledgement means. Each level includes the ones before it. */
public enum Durability
{
    /**
     * The engine keeps no journal; an event is in a ring and is gone with the process. Only as the level of a whole
     * engine.
     */
    NONE,
    /** The event is in a ring: gone with the process. */
    ACCEPTED,
    /** The event is in the journal's page cache: survives the end of the process, {@code kill -9} included. */
    JOURNALED,
    /** The event is forced to the device: survives power loss. */
    SYNCED
}
