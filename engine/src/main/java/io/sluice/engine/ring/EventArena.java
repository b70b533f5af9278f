package io.sluice.engine.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Room for the events that do not fit into a slot: a fixed number of bytes, handed out in units of 1 KiB.
 *
 * <pre>
 *   bitmap word w  ─── 64 units ───►  64 KiB of memory, 64 words to a chunk of 4 MiB, allocated when first needed
 * </pre>
 *
 * An event of up to 64 KiB takes a run of units within one word, a larger one takes whole words of one chunk.
 *
 * <p>Thread-safe and lock-free: any thread allocates, any thread frees. Only when a chunk is first used, objects are
 * allocated, and threads that need it wait for each other.
 */
public final class EventArena
{
    /** Bytes of a unit. */
    public static final int UNIT = 1024;

    private static final int UNITS_PER_WORD = 64;
    private static final int WORD_LENGTH = UNIT * UNITS_PER_WORD;
    private static final int WORDS_PER_CHUNK = 64;
    private static final int CHUNK_LENGTH = WORD_LENGTH * WORDS_PER_CHUNK;
    private static final long NONE = -1L;
    private static final int HANDLE_UNITS_SHIFT = 32;
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle CHUNKS = MethodHandles.arrayElementVarHandle(UnsafeBuffer[].class);

    private final long[] words;
    private final UnsafeBuffer[] chunks;
    private final boolean[] wasEmpty;
    private final LongPredicate reserve;
    private final LongConsumer release;

    /**
     * @param length in bytes, rounded up to whole chunks of 4 MiB; 0 for none.
     */
    public EventArena(final int length)
    {
        this(length, (bytes) -> true, (bytes) ->
        {
        });
    }

    /**
     * An arena that asks before it takes memory, but for its first chunk: who makes it sees to it that there is room
     * for that one, whatever others take.
     *
     * @param length  in bytes, rounded up to whole chunks of 4 MiB; 0 for none.
     * @param reserve asked for the bytes of a further chunk before it is allocated; any thread, must not block.
     * @param release told of bytes that were given back.
     */
    public EventArena(final int length, final LongPredicate reserve, final LongConsumer release)
    {
        this.reserve = reserve;
        this.release = release;
        final int chunkCount = (int)((length + (long)CHUNK_LENGTH - 1) / CHUNK_LENGTH);
        chunks = new UnsafeBuffer[chunkCount];
        words = new long[chunkCount * WORDS_PER_CHUNK];
        wasEmpty = new boolean[chunkCount];
    }

    /** @return bytes that it takes at a time. */
    public static int chunkLength()
    {
        return CHUNK_LENGTH;
    }

    /** @return the largest event that can ever be stored. */
    public int maxLength()
    {
        return chunks.length == 0 ? 0 : CHUNK_LENGTH;
    }

    /**
     * Take room.
     *
     * @param length in bytes.
     * @return a handle of 0 or more, or -1 if there is no room.
     */
    public long allocate(final int length)
    {
        final int units = (length + UNIT - 1) / UNIT;
        final int wordCount = words.length;
        if (wordCount == 0 || length > CHUNK_LENGTH)
        {
            return NONE;
        }
        final long handle = units <= UNITS_PER_WORD ? allocateInWord(units, wordCount) : allocateWords(units);
        if (handle != NONE && CHUNKS.getAcquire(chunks, chunkOf(handle)) == null && !addChunk(handle))
        {
            return NONE;
        }
        return handle;
    }

    /**
     * Give room back.
     *
     * @param handle from {@link #allocate}.
     */
    public void free(final long handle)
    {
        final int first = (int)handle;
        final int units = (int)(handle >>> HANDLE_UNITS_SHIFT);
        final int word = first / UNITS_PER_WORD;
        if (units <= UNITS_PER_WORD)
        {
            WORDS.getAndBitwiseAndRelease(words, word, ~run(units, first % UNITS_PER_WORD));
        }
        else
        {
            for (int i = word, end = word + wordsFor(units); i < end; i++)
            {
                WORDS.setRelease(words, i, 0L);
            }
        }
    }

    /**
     * @param handle from {@link #allocate}.
     * @return the buffer that holds the room.
     */
    public UnsafeBuffer buffer(final long handle)
    {
        return (UnsafeBuffer)CHUNKS.getAcquire(chunks, chunkOf(handle));
    }

    /**
     * @param handle from {@link #allocate}.
     * @return where the room starts in {@link #buffer}.
     */
    public int offset(final long handle)
    {
        return (int)handle % (UNITS_PER_WORD * WORDS_PER_CHUNK) * UNIT;
    }

    /** @return bytes in use, in whole units; a snapshot. */
    public long usedLength()
    {
        long units = 0;
        for (int i = 0; i < words.length; i++)
        {
            units += Long.bitCount((long)WORDS.getOpaque(words, i));
        }
        return units * UNIT;
    }

    /** @return bytes of memory allocated so far; a snapshot. */
    public long allocatedLength()
    {
        long length = 0;
        for (int i = 0; i < chunks.length; i++)
        {
            length += CHUNKS.getAcquire(chunks, i) == null ? 0 : CHUNK_LENGTH;
        }
        return length;
    }

    /**
     * Give chunks back that are empty and were so at the last call; the first one stays. The JVM has their memory after
     * its next collection, as long as that nobody may still look at it.
     *
     * @return bytes given back.
     */
    public synchronized long trim()
    {
        long length = 0;
        for (int i = 1; i < chunks.length; i++)
        {
            final boolean isEmpty = CHUNKS.getAcquire(chunks, i) != null && isEmpty(i);
            if (isEmpty && wasEmpty[i] && takeWords(i * WORDS_PER_CHUNK, WORDS_PER_CHUNK) == WORDS_PER_CHUNK)
            {
                // All units are taken: nobody has a handle of it, and nobody gets one before it is gone.
                CHUNKS.setRelease(chunks, i, (UnsafeBuffer)null);
                length += CHUNK_LENGTH;
                for (int word = i * WORDS_PER_CHUNK; word < (i + 1) * WORDS_PER_CHUNK; word++)
                {
                    WORDS.setRelease(words, word, 0L);
                }
            }
            wasEmpty[i] = isEmpty;
        }
        if (length > 0)
        {
            release.accept(length);
        }
        return length;
    }

    private boolean isEmpty(final int chunk)
    {
        for (int word = chunk * WORDS_PER_CHUNK; word < (chunk + 1) * WORDS_PER_CHUNK; word++)
        {
            if ((long)WORDS.getOpaque(words, word) != 0)
            {
                return false;
            }
        }
        return true;
    }

    private long allocateInWord(final int units, final int wordCount)
    {
        // Lowest words first keeps the number of chunks in use, and so the footprint, as small as the load allows.
        for (int word = 0; word < wordCount; word++)
        {
            long used = (long)WORDS.getAcquire(words, word);
            while (true)
            {
                final int bit = freeRun(used, units);
                if (bit < 0)
                {
                    break;
                }
                final long witness = (long)WORDS.compareAndExchange(words, word, used, used | run(units, bit));
                if (witness == used)
                {
                    return handle(word * UNITS_PER_WORD + bit, units);
                }
                used = witness;
            }
        }
        return NONE;
    }

    private long allocateWords(final int units)
    {
        final int needed = wordsFor(units);
        for (int chunkStart = 0; chunkStart < words.length; chunkStart += WORDS_PER_CHUNK)
        {
            int first = chunkStart;
            while (first + needed <= chunkStart + WORDS_PER_CHUNK)
            {
                final int taken = takeWords(first, needed);
                if (taken == needed)
                {
                    return handle(first * UNITS_PER_WORD, units);
                }
                first += taken + 1;
            }
        }
        return NONE;
    }

    private int takeWords(final int first, final int needed)
    {
        for (int i = 0; i < needed; i++)
        {
            if (!WORDS.compareAndSet(words, first + i, 0L, -1L))
            {
                for (int j = 0; j < i; j++)
                {
                    WORDS.setRelease(words, first + j, 0L);
                }
                return i;
            }
        }
        return needed;
    }

    // One at a time: threads that all find the same chunk missing must not reserve memory for one each.
    private synchronized boolean addChunk(final long handle)
    {
        if (CHUNKS.getAcquire(chunks, chunkOf(handle)) != null)
        {
            return true;
        }
        final boolean isFirst = chunkOf(handle) == 0;
        if (!isFirst && !reserve.test(CHUNK_LENGTH))
        {
            free(handle);
            return false;
        }
        boolean isAdded = false;
        try
        {
            CHUNKS.setRelease(
                chunks,
                chunkOf(handle),
                new UnsafeBuffer(ByteBuffer.allocateDirect(CHUNK_LENGTH).order(ByteOrder.nativeOrder())));
            isAdded = true;
            return true;
        }
        finally
        {
            if (!isAdded)
            {
                if (!isFirst)
                {
                    release.accept(CHUNK_LENGTH);
                }
                free(handle);
            }
        }
    }

    private static int chunkOf(final long handle)
    {
        return (int)handle / (UNITS_PER_WORD * WORDS_PER_CHUNK);
    }

    private static long handle(final int firstUnit, final int units)
    {
        return (long)units << HANDLE_UNITS_SHIFT | firstUnit;
    }

    private static int wordsFor(final int units)
    {
        return BitUtil.align(units, UNITS_PER_WORD) / UNITS_PER_WORD;
    }

    private static long run(final int units, final int bit)
    {
        return (units == UNITS_PER_WORD ? -1L : (1L << units) - 1) << bit;
    }

    /** Lowest bit at which {@code units} zero bits start, or -1: free bits are narrowed by doubling steps. */
    private static int freeRun(final long used, final int units)
    {
        long starts = ~used;
        int have = 1;
        while (have < units && starts != 0)
        {
            final int step = Math.min(have, units - have);
            starts &= starts >>> step;
            have += step;
        }
        // The unsigned shift brings zeros in at the top, so a run never leaves the word.
        return starts == 0 ? -1 : Long.numberOfTrailingZeros(starts);
    }
}
