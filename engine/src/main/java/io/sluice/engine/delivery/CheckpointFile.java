package io.sluice.engine.delivery;

import io.sluice.event.EventStorageException;
import io.sluice.journal.ForceListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The last two checkpoints, in {@code positions/checkpoint}: two slots that are written in turn and forced, so that a
 * power loss at any moment leaves one of them. It is written and never mapped: a force of it holds up nobody who
 * writes a position.
 *
 * <p>One thread at a time. Calls block for the device.
 */
public final class CheckpointFile
{
    /** Name of the file in {@code positions/}. */
    public static final String NAME = "checkpoint";
    /** Bytes of a slot; there are two. */
    public static final int SLOT_LENGTH = 1 << 15;

    private static final int SLOTS = 2;

    private final Path file;
    private final ForceListener listener;
    private long number;
    private int slot;
    private Checkpoint last;
    private boolean isNamed;

    private CheckpointFile(final Path file, final ForceListener listener)
    {
        this.file = file;
        this.listener = listener;
    }

    /**
     * Read what is there, if there is a file.
     *
     * @param file     of the checkpoints.
     * @param listener told of each force.
     * @return the file.
     * @throws EventStorageException if it can't be read.
     */
    public static CheckpointFile open(final Path file, final ForceListener listener)
    {
        final CheckpointFile opened = new CheckpointFile(file, listener);
        try
        {
            opened.read();
            return opened;
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(
                "checkpoint " + file + " can't be read: " + ex + "; check permissions and the device", ex);
        }
    }

    /**
     * @param file of an engine that may be running.
     * @return sequence up to which nothing comes again after a power loss; the greatest value where nothing is written.
     * @throws EventStorageException if the file can't be read.
     */
    public static long lowest(final Path file)
    {
        final Checkpoint newest = open(file, ForceListener.NONE).last();
        return newest == null ? Long.MAX_VALUE : newest.lowest();
    }

    /** @return the newest sound checkpoint, or null if there is none. */
    public Checkpoint last()
    {
        return last;
    }

    /**
     * @param checkpoint that could be written.
     * @return false if the newest one says the same, and is on the device.
     */
    public boolean isNews(final Checkpoint checkpoint)
    {
        return !isNamed || !checkpoint.isSame(last);
    }

    /**
     * Put a checkpoint into the older slot, and force it.
     *
     * @param checkpoint to write.
     * @throws EventStorageException if it is not on the device for sure; then the one before is.
     */
    public void write(final Checkpoint checkpoint)
    {
        final int next = (slot + 1) % SLOTS;
        try
        {
            try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE))
            {
                // In full length: later writes need no blocks, and the force no change of the file's length.
                put(channel, ByteBuffer.allocate((int)Math.max(0, SLOTS * SLOT_LENGTH - channel.size())),
                    channel.size());
                put(channel, ByteBuffer.wrap(checkpoint.encode(number + 1)), (long)next * SLOT_LENGTH);
                // Once it has its length, no more of it than its contents: a force that commits the file system's own
                // journal makes those wait who append.
                channel.force(!isNamed);
            }
            listener.onForced(file, false);
            forceName();
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(
                "checkpoint " + file + " can't be written: " + ex + "; after a power loss events may be delivered " +
                "again from an earlier one; check space and the device", ex);
        }
        // Only now: what failed on the way is written to the same slot again.
        number++;
        slot = next;
        last = checkpoint;
    }

    private void read() throws IOException
    {
        if (!Files.exists(file))
        {
            return;
        }
        final byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < SLOTS; i++)
        {
            final int from = Math.min(bytes.length, i * SLOT_LENGTH);
            final byte[] one = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + SLOT_LENGTH));
            final long found = Checkpoint.number(one);
            if (found > number)
            {
                number = found;
                slot = i;
                last = Checkpoint.decode(one);
            }
        }
    }

    private void forceName() throws IOException
    {
        if (!isNamed)
        {
            final Path directory = file.getParent();
            for (final Path one : new Path[] {directory, directory.getParent()})
            {
                try (FileChannel names = FileChannel.open(one, StandardOpenOption.READ))
                {
                    names.force(true);
                }
                listener.onForced(one, true);
            }
            isNamed = true;
        }
    }

    private static void put(final FileChannel channel, final ByteBuffer bytes, final long offset) throws IOException
    {
        long at = offset;
        while (bytes.hasRemaining())
        {
            at += channel.write(bytes, at);
        }
    }
}
