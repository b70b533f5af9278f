package io.sluice.archive;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.util.Native;
import io.sluice.event.EventStorageException;

/**
 * The compressor. Frames are written without magic number, size and checksum: a block has its own. Not thread-safe;
 * holds native memory until it is closed.
 */
final class Zstandard implements AutoCloseable
{
    private ZstdCompressCtx compressor;
    private ZstdDecompressCtx decompressor;

    private Zstandard(final ZstdCompressCtx compressor, final ZstdDecompressCtx decompressor)
    {
        this.compressor = compressor;
        this.decompressor = decompressor;
    }

    static Zstandard compressor(final int level)
    {
        load();
        return new Zstandard(
            new ZstdCompressCtx().setLevel(level).setMagicless(true).setContentSize(false).setChecksum(false)
                .setDictID(false),
            null);
    }

    static Zstandard decompressor()
    {
        load();
        return new Zstandard(null, new ZstdDecompressCtx().setMagicless(true));
    }

    /** Append a frame to a sink. */
    int compress(final byte[] source, final int offset, final int length, final ByteSink target)
    {
        final int most = (int)Math.min(Zstd.compressBound(length), Integer.MAX_VALUE - 8);
        target.ensureRoom(most);
        final int stored = compressor.compressByteArray(
            target.array(), target.length(), target.array().length - target.length(), source, offset, length);
        target.length(target.length() + stored);
        return stored;
    }

    /** Decompress a frame that must have a certain length. */
    void decompress(
        final byte[] source, final int offset, final int length, final byte[] target, final int plainLength)
    {
        final int plain;
        try
        {
            plain = decompressor.decompressByteArray(target, 0, plainLength, source, offset, length);
        }
        catch (final ZstdException ex)
        {
            throw new MalformedException("zstd: " + ex.getMessage());
        }
        if (plain != plainLength)
        {
            throw new MalformedException("zstd: " + plain + " bytes instead of " + plainLength);
        }
    }

    @Override
    public void close()
    {
        if (compressor != null)
        {
            compressor.close();
            compressor = null;
        }
        if (decompressor != null)
        {
            decompressor.close();
            decompressor = null;
        }
    }

    private static void load()
    {
        try
        {
            Native.load();
        }
        catch (final LinkageError ex)
        {
            throw new EventStorageException(
                "the native library of zstd can't be loaded: " + ex.getMessage() + ". It is unpacked into " +
                System.getProperty("java.io.tmpdir") + ", which must be writable and not mounted noexec: name another" +
                " directory with -DZstdTempFolder=DIR, or an installed library with -DZstdNativePath=FILE", ex);
        }
    }
}
