package io.sluice.tools.run;

import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Which ids were accepted, and which of them were found again: exact, for any number of events, in bounded memory.
 *
 * <p>For every id it keeps how often it was accepted minus how often it was found. In memory up to a number of ids;
 * then all go, by hash, to one of many files, and at the end each file is added up on its own:
 *
 * <pre>
 *   accepted, found ──► IdBalances ──full──► 256 files of (id, balance) ──► IdBalances, file by file ──► totals
 * </pre>
 *
 * Ids are the 128 bits of a record: a UUID, or the hash of a text. Thread-safe.
 */
final class AcceptedLedger implements AutoCloseable
{
    /** Ids that are kept in memory by default, about 48 MB. */
    static final int DEFAULT_MAX_IN_MEMORY = 1 << 20;

    private static final int FILES = 256;
    private static final int FILE_SHIFT = Long.SIZE - 8;
    private static final int ENTRY_LENGTH = 3 * Long.BYTES;
    private static final int BUFFER_LENGTH = 256 * ENTRY_LENGTH;

    private final IdBalances balances = new IdBalances();
    private final int maxInMemory;
    private Path directory;
    private FileChannel[] channels;
    private ByteBuffer[] buffers;
    private long missing;
    private long unexpected;

    AcceptedLedger(final int maxInMemory)
    {
        this.maxInMemory = maxInMemory;
    }

    /** Note that an event with this id was accepted. */
    synchronized void accepted(final long high, final long low)
    {
        add(high, low, 1);
    }

    /** Note that a record with this id was found. */
    synchronized void found(final long high, final long low)
    {
        add(high, low, -1);
    }

    /** Add everything up; nothing may be noted afterwards. */
    synchronized void conclude()
    {
        missing = 0;
        unexpected = 0;
        if (channels == null)
        {
            count();
            return;
        }
        spill();
        try
        {
            for (int i = 0; i < FILES; i++)
            {
                writeOut(i);
                readBack(channels[i]);
                count();
                balances.clear();
            }
        }
        catch (final IOException ex)
        {
            throw notUsable(ex);
        }
    }

    /** @return events accepted and not found. */
    synchronized long missing()
    {
        return missing;
    }

    /** @return records found that were not accepted. */
    synchronized long unexpected()
    {
        return unexpected;
    }

    @Override
    public synchronized void close()
    {
        if (channels == null)
        {
            return;
        }
        try
        {
            for (int i = 0; i < FILES; i++)
            {
                channels[i].close();
                Files.deleteIfExists(file(i));
            }
            Files.deleteIfExists(directory);
            channels = null;
        }
        catch (final IOException ex)
        {
            throw notUsable(ex);
        }
    }

    private void add(final long high, final long low, final long change)
    {
        balances.add(high, low, change);
        if (balances.size() >= maxInMemory)
        {
            spill();
        }
    }

    private void count()
    {
        balances.forEach((high, low, balance) ->
        {
            missing += Math.max(0, balance);
            unexpected += Math.max(0, -balance);
        });
    }

    private void spill()
    {
        if (channels == null)
        {
            openFiles();
        }
        balances.forEach((high, low, balance) ->
        {
            if (balance != 0)
            {
                final int file = (int)(IdBalances.hash(high, low) >>> FILE_SHIFT);
                if (buffers[file].remaining() < ENTRY_LENGTH)
                {
                    writeOut(file);
                }
                buffers[file].putLong(high).putLong(low).putLong(balance);
            }
        });
        balances.clear();
    }

    private void openFiles()
    {
        try
        {
            directory = Files.createTempDirectory("sluice-ledger");
            final FileChannel[] opened = new FileChannel[FILES];
            buffers = new ByteBuffer[FILES];
            for (int i = 0; i < FILES; i++)
            {
                opened[i] = FileChannel.open(
                    file(i), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
                buffers[i] = ByteBuffer.allocate(BUFFER_LENGTH);
            }
            channels = opened;
        }
        catch (final IOException ex)
        {
            throw notUsable(ex);
        }
    }

    private Path file(final int index)
    {
        return directory.resolve("ids-" + index);
    }

    private void writeOut(final int file)
    {
        try
        {
            final ByteBuffer buffer = buffers[file].flip();
            while (buffer.hasRemaining())
            {
                channels[file].write(buffer);
            }
            buffer.clear();
        }
        catch (final IOException ex)
        {
            throw notUsable(ex);
        }
    }

    private void readBack(final FileChannel channel) throws IOException
    {
        final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_LENGTH);
        channel.position(0);
        while (channel.read(buffer) >= 0)
        {
            buffer.flip();
            while (buffer.remaining() >= ENTRY_LENGTH)
            {
                balances.add(buffer.getLong(), buffer.getLong(), buffer.getLong());
            }
            buffer.compact();
        }
    }

    private EventStorageException notUsable(final IOException cause)
    {
        return new EventStorageException(
            "the ledger of accepted ids in " + directory + " can't be kept: " + cause.getMessage() +
            "; free space there or set -Djava.io.tmpdir", cause);
    }
}
