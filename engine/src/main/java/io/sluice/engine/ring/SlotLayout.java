package io.sluice.engine.ring;

/**
 * Layout of a ring slot.
 *
 * <pre>
 *   0        4           8                16               24       32
 *   +--------+-----------+----------------+----------------+--------+---------------
 *   | length | publisher |  publish time  |  arena handle  | unused |  record …
 *   +--------+-----------+----------------+----------------+--------+---------------
 * </pre>
 *
 * A length of 0 says that the slot is void: its filler failed, every stage skips it. With an arena handle of 0 or more
 * the record lies in the arena and not in the slot.
 */
final class SlotLayout
{
    static final int LENGTH_OFFSET = 0;
    static final int PUBLISHER_OFFSET = 4;
    static final int TIME_OFFSET = 8;
    static final int ARENA_OFFSET = 16;
    static final int RECORD_OFFSET = 32;

    static final long NOT_IN_ARENA = -1L;

    private SlotLayout()
    {
    }
}
