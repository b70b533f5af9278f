package io.sluice.engine.failure;

import io.sluice.event.EventHash;
import java.nio.charset.StandardCharsets;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Bytes of an entry. It has a whole number of units of 64 bytes.
 *
 * <pre>
 *   0        8        16       24       32       40       48       56       64       72   76 77  78 80
 *   +--------+--------+--------+--------+--------+--------+--------+--------+--------+----+--+---+--+-----------
 *   | commit |checksum| origin |subscr. |sequence| key    | due    | first  | last   |atte|ca|   |le| text …
 *   |        |        |        |        |        | hash   |        | failure| failure|mpt |us|   |ng|
 *   +--------+--------+--------+--------+--------+--------+--------+--------+--------+----+--+---+--+-----------
 *                                                         | behind |                       FAILED; HELD below it;
 *                                                         +--------+                       others end at 48
 *   commit   state (32) | flags (8) | kind (8) | units (16)
 *   origin   position of the entry that this one is a copy of; its own if it is none
 * </pre>
 *
 * The checksum covers commit word, place and everything behind it, so that an entry at another place is none.
 */
final class RetryEntryCodec
{
    static final int UNIT = 64;
    static final int MAX_LENGTH = 512;

    /** Far from each other, so that no flipped bit makes one out of another. */
    static final int CLAIMED = 0x3A96_C50F;
    static final int COMMITTED = 0xC569_3AF3;
    static final int VOID = 0x0FF0_A55C;

    private static final int CHECKSUM = 8;
    private static final int ORIGIN = 16;
    private static final int SUBSCRIPTION = 24;
    private static final int SEQUENCE = 32;
    private static final int KEY_HASH = 40;
    private static final int SHORT_END = 48;
    private static final int BEHIND = 48;
    private static final int HELD_END = 56;
    private static final int DUE = 48;
    private static final int FIRST_FAILURE = 56;
    private static final int LAST_FAILURE = 64;
    private static final int ATTEMPT = 72;
    private static final int CAUSE = 76;
    private static final int TEXT_LENGTH = 78;
    private static final int TEXT = 80;

    private static final int KIND_SHIFT = 16;
    private static final int FLAGS_SHIFT = 24;
    private static final int CARRIED = 1;
    private static final int BYTE_MASK = 0xFF;
    private static final int UNITS_MASK = 0xFFFF;
    private static final long MIX_1 = 0xBF58_476D_1CE4_E5B9L;
    private static final long MIX_2 = 0x94D0_49BB_1331_11EBL;

    private RetryEntryCodec()
    {
    }

    /** @return UTF-8 of the text, for the calls below. */
    static byte[] textOf(final RetryEntry entry)
    {
        return entry.text().getBytes(StandardCharsets.UTF_8);
    }

    /** @return bytes that an entry takes, whole units. */
    static int length(final RetryEntryKind kind, final int textLength)
    {
        return BitUtil.align(end(kind, textLength), UNIT);
    }

    /** @return commit word of something that is no entry, or not yet one. */
    static long word(final int state, final int length)
    {
        return (long)state << Integer.SIZE | length / UNIT;
    }

    static long committedWord(final RetryEntry entry, final boolean isCarried, final int length)
    {
        return word(COMMITTED, length) | (long)entry.kind().code() << KIND_SHIFT |
            (isCarried ? (long)CARRIED << FLAGS_SHIFT : 0);
    }

    static int state(final long word)
    {
        return (int)(word >>> Integer.SIZE);
    }

    /** @return bytes that something takes, going by its commit word. */
    static int length(final long word)
    {
        return ((int)word & UNITS_MASK) * UNIT;
    }

    static boolean isCarried(final long word)
    {
        return ((int)word >>> FLAGS_SHIFT & CARRIED) != 0;
    }

    /** Write everything but the commit word. */
    static void encode(
        final MutableDirectBuffer buffer,
        final int at,
        final RetryEntry entry,
        final byte[] text,
        final long word,
        final long position,
        final long origin)
    {
        buffer.putLong(at + ORIGIN, origin);
        buffer.putLong(at + SUBSCRIPTION, entry.subscription());
        buffer.putLong(at + SEQUENCE, entry.sequence());
        buffer.putLong(at + KEY_HASH, entry.keyHash());
        if (entry.kind() == RetryEntryKind.HELD)
        {
            buffer.putLong(at + BEHIND, entry.behind());
        }
        else if (entry.kind() == RetryEntryKind.FAILED)
        {
            buffer.putLong(at + DUE, entry.dueNs());
            buffer.putLong(at + FIRST_FAILURE, entry.firstFailureNs());
            buffer.putLong(at + LAST_FAILURE, entry.lastFailureNs());
            buffer.putInt(at + ATTEMPT, entry.attempt());
            buffer.putByte(at + CAUSE, (byte)entry.cause().code());
            buffer.putByte(at + CAUSE + 1, (byte)0);
            buffer.putShort(at + TEXT_LENGTH, (short)text.length);
            buffer.putBytes(at + TEXT, text);
        }
        buffer.putLong(at + CHECKSUM, checksum(buffer, at, end(entry.kind(), text.length), word, position));
    }

    /**
     * @param word     commit word that was read with acquire order.
     * @param capacity end of what may be read.
     * @return true if there is an entry, sound in every byte.
     */
    static boolean isSound(
        final DirectBuffer buffer, final int at, final long word, final long position, final int capacity)
    {
        final RetryEntryKind kind = kind(word);
        final int length = length(word);
        if (state(word) != COMMITTED || kind == null || length == 0 || length > capacity - at)
        {
            return false;
        }
        final boolean isFailed = kind == RetryEntryKind.FAILED;
        if (isFailed && length <= UNIT)
        {
            return false;
        }
        final int textLength = isFailed ? buffer.getShort(at + TEXT_LENGTH) : 0;
        if (textLength < 0 || textLength > RetryEntry.MAX_TEXT_LENGTH || length(kind, textLength) != length)
        {
            return false;
        }
        return buffer.getLong(at + CHECKSUM) == checksum(buffer, at, end(kind, textLength), word, position);
    }

    /** @return the entry; only where it is sound. */
    static RetryEntry decode(final DirectBuffer buffer, final int at, final long word)
    {
        final long subscription = buffer.getLong(at + SUBSCRIPTION);
        final long sequence = buffer.getLong(at + SEQUENCE);
        final long keyHash = buffer.getLong(at + KEY_HASH);
        switch (kind(word))
        {
            case CLOSED:
                return RetryEntry.closed(subscription, sequence);
            case FORGOTTEN:
                return RetryEntry.forgotten(subscription);
            case HELD:
                return RetryEntry.held(subscription, sequence, keyHash, buffer.getLong(at + BEHIND));
            default:
                final byte[] text = new byte[buffer.getShort(at + TEXT_LENGTH)];
                buffer.getBytes(at + TEXT, text);
                return RetryEntry.failed(
                    subscription,
                    sequence,
                    keyHash,
                    buffer.getInt(at + ATTEMPT),
                    buffer.getLong(at + DUE),
                    buffer.getLong(at + FIRST_FAILURE),
                    buffer.getLong(at + LAST_FAILURE),
                    FailureCause.of(buffer.getByte(at + CAUSE)),
                    new String(text, StandardCharsets.UTF_8));
        }
    }

    static long origin(final DirectBuffer buffer, final int at)
    {
        return buffer.getLong(at + ORIGIN);
    }

    private static RetryEntryKind kind(final long word)
    {
        return RetryEntryKind.of((int)word >>> KIND_SHIFT & BYTE_MASK);
    }

    private static int end(final RetryEntryKind kind, final int textLength)
    {
        switch (kind)
        {
            case FAILED:
                return TEXT + textLength;
            case HELD:
                return HELD_END;
            default:
                return SHORT_END;
        }
    }

    private static long checksum(
        final DirectBuffer buffer, final int at, final int end, final long word, final long position)
    {
        return EventHash.hash64(buffer, at + ORIGIN, end - ORIGIN) ^ mix(word + mix(position));
    }

    static long mix(final long value)
    {
        long mixed = (value ^ value >>> 30) * MIX_1;
        mixed = (mixed ^ mixed >>> 27) * MIX_2;
        return mixed ^ mixed >>> 31;
    }
}
