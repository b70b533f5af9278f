package io.sluice.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CompletionSetTest
{
    private final CompletionSet set = new CompletionSet();

    @Test
    void shouldHoldExactlyWhatWasAdded()
    {
        for (long sequence = 1; sequence < 3_000_000; sequence += 3)
        {
            set.add(sequence);
        }

        assertEquals(1_000_000, set.count());
        assertTrue(set.contains(1));
        assertFalse(set.contains(2));
        assertFalse(set.contains(0));
        assertFalse(set.contains(64 + 1));
        assertTrue(set.contains(2_999_998));
        assertFalse(set.contains(5_000_000));
        assertFalse(set.contains(-1));
        assertFalse(set.contains(Long.MAX_VALUE));
    }

    @Test
    void shouldCountASequenceOnce()
    {
        set.add(1L << 40 >> 10);
        set.add(1L << 30);

        assertEquals(1, set.count());
    }
}
