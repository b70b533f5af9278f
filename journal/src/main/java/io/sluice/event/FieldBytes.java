package io.sluice.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The bytes of one variable field while an event is built; grows to the largest value that it ever held. Empty is
 * absent.
 */
final class FieldBytes
{
    private static final int INITIAL_CAPACITY = 64;

    private final EventField field;
    private final UnsafeBuffer buffer;
    private byte[] bytes;
    private int length;
    private String lastText;
    private int lastLength;

    FieldBytes(final EventField field)
    {
        this.field = field;
        bytes = new byte[INITIAL_CAPACITY];
        buffer = new UnsafeBuffer(bytes);
    }

    /** Keep a text; null is absent. The old value stays when the new one is refused. */
    void set(final CharSequence text)
    {
        if (text == null)
        {
            length = 0;
            return;
        }
        if (isLast(text))
        {
            length = lastLength;
            return;
        }
        final int needed = validate(text);
        ensureCapacity(needed);
        Utf8.put(text, bytes, 0);
        length = needed;
        lastText = text instanceof String string ? string : null;
        lastLength = needed;
    }

    /**
     * Is it the very text that was set last? Most publishers set the same constants for each event, and need not pay
     * for three passes over each. A text that equals it but is another object is not worth the comparison.
     *
     * @return true if {@link #set(CharSequence)} with it checks and copies nothing.
     */
    @SuppressWarnings("ReferenceEquality")
    boolean isLast(final CharSequence text)
    {
        return text != null && text == lastText;
    }

    /** @return bytes that a text takes. */
    int validate(final CharSequence text)
    {
        final int needed = Utf8.length(text, field.label());
        field.validateLength(needed, text);
        return needed;
    }

    void set(final DirectBuffer source, final int index, final int count)
    {
        field.validateLength(count, null);
        source.boundsCheck(index, count);
        lastText = null;
        ensureCapacity(count);
        source.getBytes(index, bytes, 0, count);
        length = count;
    }

    void set(final byte[] source, final int index, final int count)
    {
        field.validateLength(count, null);
        lastText = null;
        ensureCapacity(count);
        System.arraycopy(source, index, bytes, 0, count);
        length = count;
    }

    void clear()
    {
        length = 0;
    }

    boolean isEmpty()
    {
        return length == 0;
    }

    int length()
    {
        return length;
    }

    DirectBuffer buffer()
    {
        return buffer;
    }

    byte[] copy()
    {
        return Arrays.copyOf(bytes, length);
    }

    String text()
    {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private void ensureCapacity(final int needed)
    {
        if (needed > bytes.length)
        {
            bytes = new byte[Math.max(needed, (int)Math.min(2L * bytes.length, Integer.MAX_VALUE - 8))];
            buffer.wrap(bytes);
        }
    }
}
