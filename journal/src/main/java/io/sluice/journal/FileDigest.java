package io.sluice.journal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Digest of the used part of a file. SHA-256: any host can check it with what it has, {@code head -c LENGTH FILE |
 * sha256sum}, and who keeps the digests elsewhere can prove that nothing was exchanged on purpose.
 */
final class FileDigest
{
    private static final int PIECE = 1 << 18;

    private FileDigest()
    {
    }

    /** @return the digest of the first bytes of a file, in hexadecimal. */
    static String of(final Path file, final long length, final ArchivePace pace) throws IOException
    {
        final MessageDigest digest = sha256();
        final ByteBuffer piece = ByteBuffer.allocate(PIECE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ))
        {
            long at = 0;
            while (at < length)
            {
                piece.clear().limit((int)Math.min(PIECE, length - at));
                final int read = channel.read(piece, at);
                if (read <= 0)
                {
                    throw new EOFException(file + " ends at " + at + " instead of " + length);
                }
                digest.update(piece.array(), 0, read);
                at += read;
                pace.onBytes(read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256()
    {
        try
        {
            return MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every JVM has SHA-256", ex);
        }
    }
}
