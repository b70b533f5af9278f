package io.sluice.tools.run;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The sequences that a run has handled, one bit each, in pieces that are made when they are needed. Thread-safe; adding
 * allocates one piece for a million sequences.
 */
final class CompletionSet
{
    private static final int PIECE_SHIFT = 20;
    private static final int PIECES = 1 << 16;
    private static final int WORD_SHIFT = 6;

    private final AtomicReferenceArray<AtomicLongArray> pieces = new AtomicReferenceArray<>(PIECES);
    private final AtomicLong count = new AtomicLong();
    private final long firstSequence;

    /**
     * @param firstSequence least sequence that can be added.
     */
    CompletionSet(final long firstSequence)
    {
        this.firstSequence = firstSequence;
    }

    void add(final long sequence)
    {
        final long index = sequence - firstSequence;
        final AtomicLongArray piece = piece((int)(index >>> PIECE_SHIFT));
        final int word = (int)(index >>> WORD_SHIFT) & ((1 << (PIECE_SHIFT - WORD_SHIFT)) - 1);
        final long bit = 1L << index;
        long old = piece.get(word);
        while ((old & bit) == 0 && !piece.compareAndSet(word, old, old | bit))
        {
            old = piece.get(word);
        }
        if ((old & bit) == 0)
        {
            count.incrementAndGet();
        }
    }

    boolean contains(final long sequence)
    {
        final long index = sequence - firstSequence;
        if (index < 0 || index >>> PIECE_SHIFT >= PIECES)
        {
            return false;
        }
        final AtomicLongArray piece = pieces.get((int)(index >>> PIECE_SHIFT));
        final int word = (int)(index >>> WORD_SHIFT) & ((1 << (PIECE_SHIFT - WORD_SHIFT)) - 1);
        return piece != null && (piece.get(word) & 1L << index) != 0;
    }

    /** @return different sequences added. */
    long count()
    {
        return count.get();
    }

    private AtomicLongArray piece(final int index)
    {
        final AtomicLongArray piece = pieces.get(index);
        if (piece != null)
        {
            return piece;
        }
        final AtomicLongArray made = new AtomicLongArray(1 << (PIECE_SHIFT - WORD_SHIFT));
        return pieces.compareAndSet(index, null, made) ? made : pieces.get(index);
    }
}
