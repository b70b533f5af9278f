package io.sluice.journal;

import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Folds records into one value, to compare what was written with what is read back: XXH3 of what came before and of the
 * record. Not thread-safe. Allocates nothing after construction.
 */
final class RecordDigest
{
    private final EventHash hash = new EventHash();
    private final UnsafeBuffer state = new UnsafeBuffer(new byte[4 * Long.BYTES]);

    void add(final EventFlyweight event)
    {
        hash.hash128(event.buffer(), event.offset(), event.recordLength());
        state.putLong(2 * Long.BYTES, hash.high());
        state.putLong(3 * Long.BYTES, hash.low());
        hash.hash128(state, 0, state.capacity());
        state.putLong(0, hash.high());
        state.putLong(Long.BYTES, hash.low());
    }

    boolean isSame(final RecordDigest other)
    {
        return state.getLong(0) == other.state.getLong(0) &&
            state.getLong(Long.BYTES) == other.state.getLong(Long.BYTES);
    }
}
