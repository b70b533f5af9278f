package io.sluice.index;

import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The texts of a segment that grows, in the order in which they came, each with its length before it. Bounded: texts
 * for which there is no room, or that share a hash with another one, have no number. Not thread-safe; allocates for new
 * texts only.
 */
final class TextDictionary
{
    private static final int INITIAL_LENGTH = 1 << 12;

    private final IndexText text;
    private final Long2LongHashMap places = new Long2LongHashMap(-1L);
    private byte[] bytes = new byte[INITIAL_LENGTH];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private int length;
    private int count;

    TextDictionary(final IndexText text)
    {
        this.text = text;
    }

    /** @return number of the text of an event. */
    int code(final EventFlyweight event)
    {
        final int textLength = event.fieldLength(text.field());
        if (textLength == 0)
        {
            return IndexText.NONE;
        }
        final int at = event.fieldOffset(text.field());
        final long hash = EventHash.hash64(event.buffer(), at, textLength);
        final long known = places.get(hash);
        if (known < 0)
        {
            return add(event, at, textLength, hash);
        }
        final int offset = (int)known;
        final int knownLength = buffer.getInt(offset);
        final boolean isSame = knownLength == textLength && isEqual(event, at, offset + IndexLayout.TEXT_HEADER_LENGTH,
            textLength);
        return isSame ? (int)(known >>> Integer.SIZE) : IndexText.OTHER;
    }

    /** @return length, as an int, and bytes of each text, one after the other. */
    UnsafeBuffer buffer()
    {
        return buffer;
    }

    /** @return bytes of all texts with their lengths. */
    int length()
    {
        return length;
    }

    void clear()
    {
        places.clear();
        length = 0;
        count = 0;
    }

    private int add(final EventFlyweight event, final int at, final int textLength, final long hash)
    {
        final int end = length + IndexLayout.TEXT_HEADER_LENGTH + textLength;
        if (count + 1 >= IndexText.OTHER || end > IndexLayout.MAX_TEXTS_LENGTH)
        {
            return IndexText.OTHER;
        }
        if (end > bytes.length)
        {
            bytes = java.util.Arrays.copyOf(bytes, Math.max(end, bytes.length << 1));
            buffer.wrap(bytes);
        }
        buffer.putInt(length, textLength);
        event.buffer().getBytes(at, buffer, length + IndexLayout.TEXT_HEADER_LENGTH, textLength);
        count++;
        places.put(hash, ((long)count << Integer.SIZE) | length);
        length = end;
        return count;
    }

    private boolean isEqual(final EventFlyweight event, final int at, final int offset, final int textLength)
    {
        for (int i = 0; i < textLength; i++)
        {
            if (event.buffer().getByte(at + i) != buffer.getByte(offset + i))
            {
                return false;
            }
        }
        return true;
    }
}
