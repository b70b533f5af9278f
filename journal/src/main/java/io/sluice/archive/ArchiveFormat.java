package io.sluice.archive;

import java.nio.charset.StandardCharsets;

/**
 * Layout of an archive file, little-endian.
 *
 * <pre>
 *   0       header, 64 bytes:   magic (8) │ version (4) │ flags (4) │ file id (16) │ start of blocks (8) │ 0 (16) │
 *                               XXH3-64 of the header (8)
 *   4096    key place 0 ┐       only if encrypted; a page each, so that one write can't tear both
 *   8192    key place 1 ┘
 *   64, or  block 0, block 1, …
 *   12288   a block:            header, 72 bytes: magic (4) │ number (4) │ stored length (4) │ length of records (4) │
 *                               records (4) │ 0 (4) │ first, last sequence (16) │ first, last journal time (16) │
 *                               XXH3-64 of what is stored (8) │ XXH3-64 of the header (8)
 *                               stored: the packed block, or its AES-256-GCM cipher text and tag
 *           directory:          varints: coverage │ totals │ bytes of each part │ blocks
 *                               if encrypted: a GCM tag (16) for it
 *   end−64  trailer:            place (8) and length (4) of the directory │ magic (4) │ XXH3-64 of the directory (8) │
 *                               SHA-256 of the file without key places and trailer (32) │ XXH3-64 of the trailer (8)
 *
 *   a key place, 512 bytes:     generation (8) │ length (4) and bytes (128) of the key's name │ nonce (12) │
 *                               wrapped key (48) │ 0 … │ XXH3-64 of the place (8)
 * </pre>
 *
 * Names, ranges of sequences and times, lengths and counts stand in the clear; the content of events never does. The
 * header and the number of a block go into its tag: a block can't be moved or be taken from another file.
 */
final class ArchiveFormat
{
    static final int VERSION = 1;
    /** "SLUICEAR" */
    static final long MAGIC = 0x52414543_49554C53L;
    /** "BLCK" */
    static final int BLOCK_MAGIC = 0x4B434C42;
    /** "ENDS" */
    static final int TRAILER_MAGIC = 0x53444E45;

    static final int HEADER_LENGTH = 64;
    static final int BLOCK_HEADER_LENGTH = 72;
    static final int TRAILER_LENGTH = 64;
    static final int DIGEST_LENGTH = 32;
    static final int KEY_PLACE_LENGTH = 512;
    static final int KEY_PLACES = 2;
    static final int PAGE_LENGTH = 4096;
    static final int TAG_LENGTH = 16;

    static final int FLAG_ENCRYPTED = 1;

    static final int MAX_BLOCK_RECORDS = 1 << 16;
    static final int MAX_BLOCK_LENGTH = 1 << 28;
    /** A block of one record may be as long as the longest record. */
    static final int MAX_RECORD_LENGTH = 1 << 28;
    static final int MAX_NAME_LENGTH = 255;
    static final int MAX_KEY_ID_LENGTH = 128;
    static final int KEY_LENGTH = 32;

    private ArchiveFormat()
    {
    }

    static int keyPlaceOffset(final int place)
    {
        return PAGE_LENGTH * (place + 1);
    }

    static int blocksOffset(final boolean isEncrypted)
    {
        return isEncrypted ? PAGE_LENGTH * (KEY_PLACES + 1) : HEADER_LENGTH;
    }

    static byte[] utf8(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
