package io.sluice.engine.ring;

/**
 * Layout of a ring slot.
 *
 * <pre>
 *   0        4           8                16               24      28       32
 *   +--------+-----------+----------------+----------------+-------+--------+---------------
 *   | length | publisher |  publish time  |  arena handle  | batch | unused |  record …
 *   +--------+-----------+----------------+----------------+-------+--------+---------------
 * </pre>
 *
 * A length of 0 says that the slot is void: its filler failed, every stage skips it. With an arena handle of 0 or more
 * the record lies in the arena and not in the slot. Batch is how many slots from here on belong together, 1 for an
 * event on its own; it says so in the first slot of a batch only.
 */
final class SlotLayout
{
    static final int LENGTH_OFFSET = 0;
    static final int PUBLISHER_OFFSET = 4;
    static final int TIME_OFFSET = 8;
    static final int ARENA_OFFSET = 16;
    static final int BATCH_OFFSET = 24;
    static final int RECORD_OFFSET = 32;

    static final long NOT_IN_ARENA = -1L;

    private SlotLayout()
    {
    }
}
