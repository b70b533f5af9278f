package io.sluice.archive;

import static io.sluice.archive.ArchiveFormat.*;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventException;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.EventJson;
import java.nio.file.Path;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes one archive file, front to back. The file is not to be read before {@link #finish} has returned; put it under
 * a temporary name, rename it afterwards and force the directory.
 *
 * <p>Not thread-safe. Holds one block of records in memory. Every block is decoded again and compared before it is
 * written.
 */
public final class ArchiveWriter implements AutoCloseable
{
    private static final int INITIAL_CAPACITY = 1 << 16;

    private final EventFlyweight event = new EventFlyweight();
    private final EventJson json = new EventJson();
    private final Directory directory = new Directory();
    private final BlockHeader blockHeader = new BlockHeader();
    private final ByteSink region = new ByteSink(INITIAL_CAPACITY);
    private final ByteSink packed = new ByteSink(INITIAL_CAPACITY);
    private final ByteSink sealed = new ByteSink(0);
    private final IntColumn lengths = new IntColumn();
    private final UnsafeBuffer view = new UnsafeBuffer(new byte[0]);
    private final FileHeader header;
    private final String keyId;
    private final BlockEncoder encoder;
    private final FileCipher cipher;
    private final FileOutput output;
    private final int blockRecords;
    private final int blockLength;
    private long records;
    private long recordBytes;
    private long jsonBytes;
    private long firstSequence;
    private long lastSequence = -1;
    private long firstTime;
    private long lastTime = Long.MIN_VALUE;
    private boolean isFinished;
    private boolean isWhole;
    private boolean isClosed;

    private ArchiveWriter(
        final ArchiveContext context,
        final String keyId,
        final FileHeader header,
        final FileCipher cipher,
        final BlockEncoder encoder,
        final FileOutput output)
    {
        this.keyId = keyId;
        this.header = header;
        this.cipher = cipher;
        this.encoder = encoder;
        this.output = output;
        blockRecords = context.blockRecords();
        blockLength = context.blockLength();
    }

    /**
     * Start a file.
     *
     * @param file    to make; must not exist.
     * @param context concluded here.
     * @return the writer.
     * @throws io.sluice.event.EventStorageException if the file can't be made.
     * @throws ArchiveKeyException                   if the current key is missing or no key.
     */
    public static ArchiveWriter create(final Path file, final ArchiveContext context)
    {
        context.conclude();
        final String keyId = context.keys().currentKeyId();
        final FileHeader header = FileHeader.create(keyId != null);
        final byte[] hostKey = keyId == null ? null : KeyPlaces.currentKey(file, context.keys(), keyId);
        FileCipher cipher = null;
        BlockEncoder encoder = null;
        FileOutput output = null;
        ArchiveWriter writer = null;
        try
        {
            cipher = hostKey == null ? null : new FileCipher(FileCipher.newKey(), header.bytes());
            encoder = new BlockEncoder(context.level());
            output = FileOutput.create(file, context.forceListener());
            writer = new ArchiveWriter(context, keyId == null ? "" : keyId, header, cipher, encoder, output);
            writer.writeHeader(hostKey);
            return writer;
        }
        catch (final RuntimeException ex)
        {
            release(cipher, encoder);
            if (output != null)
            {
                output.delete();
            }
            throw ex;
        }
        finally
        {
            if (hostKey != null)
            {
                Arrays.fill(hostKey, (byte)0);
            }
        }
    }

    /**
     * Add a record, exactly as it lies in the journal.
     *
     * @param buffer holds it.
     * @param offset of its first byte.
     * @param length of the record, without padding.
     * @throws IllegalArgumentException              if its sequence is not greater than the last one, or it is no event
     *                                               record. Its hashes are not checked here: whatever they are, they
     *                                               come back.
     * @throws io.sluice.event.EventStorageException if a block can't be written; the file is then worthless.
     */
    public void append(final DirectBuffer buffer, final int offset, final int length)
    {
        ensureOpen();
        event.wrap(buffer, offset);
        final String damage = length > MAX_RECORD_LENGTH ? "it is longer than " + MAX_RECORD_LENGTH + " bytes" :
            event.findStructuralDamage(length);
        if (damage != null || event.recordLength() != length)
        {
            throw new IllegalArgumentException(
                "no event record of " + length + " bytes: " + (damage == null ? "it says otherwise" : damage));
        }
        final long sequence = event.sequence();
        if (sequence <= lastSequence)
        {
            throw new IllegalArgumentException("sequence " + sequence + " does not come after " + lastSequence);
        }
        final int alignedLength = EventDescriptor.alignedLength(length);
        if (lengths.count() == blockRecords || lengths.count() > 0 && region.length() > blockLength - alignedLength)
        {
            writeBlock();
        }
        final int at = region.length();
        region.length(at + alignedLength);
        buffer.getBytes(offset, region.array(), at, length);
        Arrays.fill(region.array(), at + length, at + alignedLength, (byte)0);
        if (lengths.count() == 0)
        {
            firstSequence = sequence;
            firstTime = event.journalTime();
        }
        lengths.add(length);
        lastSequence = sequence;
        // Journal time never decreases; where it does, the search by time must still find what comes after.
        lastTime = Math.max(lastTime, event.journalTime());
        records++;
        recordBytes += length;
        jsonBytes += jsonLength(length);
    }

    /** @return number of records so far. */
    public long records()
    {
        return records;
    }

    /**
     * Write the directory and the digest, and force the file to the device. A file without records is allowed.
     *
     * @param coverage what the file stands for; its range holds every record.
     * @return what was written.
     * @throws IllegalArgumentException              if a record lies outside of the coverage.
     * @throws io.sluice.event.EventStorageException if the file can't be written or forced.
     */
    public ArchiveSummary finish(final ArchiveCoverage coverage)
    {
        ensureOpen();
        if (lengths.count() > 0)
        {
            writeBlock();
        }
        if (records > 0 && !(coverage.covers(directory.firstSequence(0)) && coverage.covers(lastSequence)))
        {
            throw new IllegalArgumentException(
                "the coverage " + coverage.first() + " to " + coverage.last() + " leaves out records from " +
                directory.firstSequence(0) + " to " + lastSequence);
        }
        isFinished = true;
        directory.totals(coverage, recordBytes, jsonBytes);
        packed.clear();
        directory.write(packed);
        final long offset = output.position();
        final int length = packed.length();
        output.write(packed.array(), 0, length);
        if (cipher != null)
        {
            sealed.clear();
            cipher.seal(FileCipher.DIRECTORY, packed.array(), length, packed.array(), 0, sealed);
            output.write(sealed.array(), 0, sealed.length());
        }
        view.wrap(packed.array(), 0, length);
        final Trailer trailer = Trailer.create(offset, length, EventHash.hash64(view, 0, length), output.digest());
        output.writeApart(trailer.bytes(), 0, TRAILER_LENGTH);
        output.force();
        isWhole = true;
        return directory.summary(output.position(), keyId);
    }

    /** Release everything. Without a {@link #finish} that returned, the file is worthless and is deleted. */
    @Override
    public void close()
    {
        if (isClosed)
        {
            return;
        }
        isClosed = true;
        release(cipher, encoder);
        if (isWhole)
        {
            output.close();
        }
        else
        {
            output.delete();
        }
    }

    /** @return number of blocks that were stored without columns because these did not give them back. */
    int fallbacks()
    {
        return encoder.fallbacks();
    }

    private void writeHeader(final byte[] hostKey)
    {
        output.write(header.bytes(), 0, HEADER_LENGTH);
        if (hostKey != null)
        {
            final byte[] page = new byte[PAGE_LENGTH];
            output.write(page, 0, PAGE_LENGTH - HEADER_LENGTH);
            final KeyPlace place = KeyPlace.wrap(1, keyId, hostKey, cipher.key(), header);
            System.arraycopy(place.bytes(), 0, page, 0, KEY_PLACE_LENGTH);
            for (int i = 0; i < KEY_PLACES; i++)
            {
                output.writeApart(page, 0, PAGE_LENGTH);
            }
        }
    }

    private void writeBlock()
    {
        encoder.encode(region.array(), region.length(), lengths, packed);
        directory.addBytes(encoder.parts());
        blockHeader.describe(directory.blocks(), region.length(), lengths.count());
        blockHeader.range(firstSequence, lastSequence, firstTime, lastTime);
        ByteSink stored = packed;
        blockHeader.storedLength(packed.length() + (cipher == null ? 0 : TAG_LENGTH));
        if (cipher != null)
        {
            sealed.clear();
            cipher.seal(
                directory.blocks(), blockHeader.bytes(), BlockHeader.LABEL_LENGTH, packed.array(), packed.length(),
                sealed);
            stored = sealed;
        }
        view.wrap(stored.array(), 0, stored.length());
        blockHeader.seal(EventHash.hash64(view, 0, stored.length()));
        directory.add(blockHeader, output.position());
        output.write(blockHeader.bytes(), 0, BLOCK_HEADER_LENGTH);
        output.write(stored.array(), 0, stored.length());
        region.clear();
        lengths.clear();
    }

    /** Odd codes have no JSON; such a record counts with its length. */
    private int jsonLength(final int recordLength)
    {
        try
        {
            return json.write(event) + 1;
        }
        catch (final EventException ex)
        {
            return recordLength;
        }
    }

    private void ensureOpen()
    {
        if (isClosed || isFinished)
        {
            throw new IllegalStateException("the archive file is finished: make a new writer for another one");
        }
    }

    private static void release(final FileCipher cipher, final BlockEncoder encoder)
    {
        if (cipher != null)
        {
            cipher.close();
        }
        if (encoder != null)
        {
            encoder.close();
        }
    }
}
