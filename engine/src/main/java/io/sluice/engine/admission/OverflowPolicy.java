package io.sluice.engine.admission;

/** What becomes of an event for which its priority has no room, of slots or of bytes. Once accepted, none is lost. */
public enum OverflowPolicy
{
    /** Refused at once, and the publisher is told why (the default): it may try again. */
    REJECT,
    /**
     * The publishing thread is parked until there is room, first come first served for each publisher, at most as long
     * as the time-out says; then refused. Threads of the engine, handlers, hosts that drive the engine themselves, and
     * claims never wait: to them it is REJECT. An interrupt ends the waiting and stays set.
     */
    BLOCK,
    /** Dropped before acceptance, and counted as that; the publisher need not try again. */
    DROP_NEWEST,
    /**
     * Handling goes on from the journal: the ring is emptied as fast as the journal takes events, and the handlers read
     * from there until they have caught up, in the same order. The publishing thread waits for that as with BLOCK.
     * Needs a journal. The latency of such events counts from when they were journaled.
     */
    SPILL
}
