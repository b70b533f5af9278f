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

    void add(final long sequence)
    {
        final AtomicLongArray piece = piece((int)(sequence >>> PIECE_SHIFT));
        final int word = (int)(sequence >>> WORD_SHIFT) & ((1 << (PIECE_SHIFT - WORD_SHIFT)) - 1);
        final long bit = 1L << sequence;
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
        if (sequence < 0 || sequence >>> PIECE_SHIFT >= PIECES)
        {
            return false;
        }
        final AtomicLongArray piece = pieces.get((int)(sequence >>> PIECE_SHIFT));
        final int word = (int)(sequence >>> WORD_SHIFT) & ((1 << (PIECE_SHIFT - WORD_SHIFT)) - 1);
        return piece != null && (piece.get(word) & 1L << sequence) != 0;
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
