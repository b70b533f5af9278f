package io.sluice.handlers.source;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Ids that follow from names, so that the same thing read twice gets the same id and the second is known as a
 * duplicate: a UUID of version 8 (RFC 9562 section 5.8) whose other 122 bits are the first of a SHA-256 over a
 * namespace and the parts of the name, each with its length before it.
 *
 * <p>Not thread-safe.
 */
final class NameBasedId
{
    private final MessageDigest digest;
    private final byte[] namespace;
    private final byte[] length = new byte[Integer.BYTES];

    NameBasedId(final String namespace)
    {
        try
        {
            digest = MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every Java platform has SHA-256", ex);
        }
        this.namespace = namespace.getBytes(StandardCharsets.UTF_8);
    }

    UUID of(final byte[]... parts)
    {
        update(namespace);
        for (final byte[] part : parts)
        {
            update(part);
        }
        final byte[] hash = digest.digest();
        final long high = (bigEndian(hash, 0) & 0xFFFF_FFFF_FFFF_0FFFL) | 0x8000L;
        final long low = (bigEndian(hash, Long.BYTES) & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    private void update(final byte[] part)
    {
        length[0] = (byte)(part.length >>> 24);
        length[1] = (byte)(part.length >>> 16);
        length[2] = (byte)(part.length >>> 8);
        length[3] = (byte)part.length;
        digest.update(length);
        digest.update(part);
    }

    private static long bigEndian(final byte[] bytes, final int from)
    {
        long value = 0;
        for (int i = from; i < from + Long.BYTES; i++)
        {
            value = (value << Byte.SIZE) | (bytes[i] & 0xFF);
        }
        return value;
    }
}
