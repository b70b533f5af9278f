package io.sluice.perf.crash;

import io.sluice.event.Priority;
import java.util.Arrays;

/**
 * Events that can be told by number: an id key decides the id, a content key decides type, source and every byte of the
 * payload. So whoever reads an event knows what it must look like, without having kept it.
 */
final class CrashEvent
{
    /** Key of something that the harness never made. */
    static final long UNKNOWN = -1;

    static final String SOURCE = "crash-harness";

    private static final String TEXT_ID_PREFIX = "crash-";
    private static final String UUID_PREFIX = "01234567-89ab-7cde-8";
    private static final int TYPES = 7;
    private static final int LARGE_PAYLOAD_LENGTH = 4096;
    private static final int LARGE_ONE_IN = 8;
    private static final int MIN_PAYLOAD_LENGTH = 8;

    // CRITICAL, HIGH, NORMAL, LOW as 1:3:6:6.
    private static final int[] PRIORITY_OF_SIXTEENTH = {0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3};

    private CrashEvent()
    {
    }

    /** Even keys are UUIDs, odd ones are texts. */
    static String id(final long idKey)
    {
        return (idKey & 1) == 0 ?
            UUID_PREFIX + String.format("%03x-%012x", (idKey >>> 48) & 0xFFF, idKey & 0xFFFF_FFFF_FFFFL) :
            TEXT_ID_PREFIX + idKey;
    }

    static long idKey(final String id)
    {
        final long key;
        try
        {
            if (id.startsWith(TEXT_ID_PREFIX))
            {
                key = Long.parseLong(id.substring(TEXT_ID_PREFIX.length()));
            }
            else if (id.startsWith(UUID_PREFIX))
            {
                key = Long.parseLong(id.substring(UUID_PREFIX.length()).replace("-", ""), 16);
            }
            else
            {
                return UNKNOWN;
            }
        }
        catch (final NumberFormatException e)
        {
            return UNKNOWN;
        }
        return id.equals(id(key)) ? key : UNKNOWN;
    }

    static String type(final long contentKey)
    {
        return "crash.type" + contentKey % TYPES;
    }

    static byte[] payload(final long contentKey)
    {
        final int length = contentKey % LARGE_ONE_IN == 0 ?
            LARGE_PAYLOAD_LENGTH : MIN_PAYLOAD_LENGTH + (int)(mix(contentKey) & 0xFF);
        final byte[] payload = new byte[length];
        for (int i = 0; i < length; i++)
        {
            payload[i] = (byte)(i < 8 ? contentKey >>> (8 * i) : mix(contentKey + (i >>> 3)) >>> (8 * (i & 7)));
        }
        return payload;
    }

    /**
     * Recognise a content; a single wrong byte makes it unknown.
     */
    static long contentKey(final String type, final String source, final byte[] payload)
    {
        if (payload.length < MIN_PAYLOAD_LENGTH)
        {
            return UNKNOWN;
        }
        long key = 0;
        for (int i = 7; i >= 0; i--)
        {
            key = (key << 8) | (payload[i] & 0xFF);
        }
        return key >= 0 && SOURCE.equals(source) && type(key).equals(type) && Arrays.equals(payload(key), payload) ?
            key : UNKNOWN;
    }

    static Priority priority(final long attempt)
    {
        return Priority.of(PRIORITY_OF_SIXTEENTH[(int)(mix(~attempt) & 15)]);
    }

    private static long mix(final long key)
    {
        long z = key + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
