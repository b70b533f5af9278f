package io.sluice.archive;

import java.nio.charset.StandardCharsets;

/** Limits of the format. */
final class ArchiveFormat
{
    static final int MAX_BLOCK_RECORDS = 1 << 16;
    static final int MAX_BLOCK_LENGTH = 1 << 28;
    static final int MAX_NAME_LENGTH = 255;

    private ArchiveFormat()
    {
    }

    static byte[] utf8(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
