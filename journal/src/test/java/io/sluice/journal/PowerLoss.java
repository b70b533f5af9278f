package io.sluice.journal;

import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Makes single traces of a power loss, by hand. */
final class PowerLoss
{
    /** Place of the first entry of the index, in every journal file. */
    static final long INDEX_ENTRY = 0x4110;

    private PowerLoss()
    {
    }

    /** Take the last line out of the run log, which says that the run ended in order. */
    static void loseStop(final Path directory) throws IOException
    {
        final Path runs = new DataDirectory(directory).runs();
        final List<String> lines = Files.readAllLines(runs);
        if (!lines.get(lines.size() - 1).startsWith("stop "))
        {
            throw new AssertionError("no stop at the end of " + lines);
        }
        Files.write(runs, lines.subList(0, lines.size() - 1));
    }

    /** Let the synced watermark be what it was some records ago. */
    static void sync(final Path directory, final long sequence, final int cycle) throws IOException
    {
        final DataDirectory data = new DataDirectory(directory);
        final SyncedMark before = SyncedMark.read(data);
        Files.delete(data.synced());
        try (SyncedFile file = SyncedFile.open(data, new DeviceForce(ForceListener.NONE)))
        {
            file.save(before.runId(), sequence, cycle, 0, before.journalTime());
        }
    }

    static void zero(final Path file, final long offset, final int length) throws IOException
    {
        overwrite(file, offset, new byte[length]);
    }

    static void overwrite(final Path file, final long offset, final byte[] bytes) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.write(ByteBuffer.wrap(bytes), offset);
        }
    }

    /** @return where in a file the excerpt with a record lies. */
    static long offsetOf(final Path file, final long sequence) throws IOException
    {
        final long[] found = {-1};
        new CycleScan(new CycleScan.Listener()
        {
            @Override
            public void onRecord(final EventFlyweight event, final long excerptPosition)
            {
                if (event.sequence() == sequence)
                {
                    found[0] = excerptPosition;
                }
            }

            @Override
            public void onDamage(final Path path, final long offset, final long last, final String text)
            {
                throw new AssertionError(path + " offset " + offset + ": " + text);
            }

            @Override
            public void onGap(final Path path, final long offset, final long first, final long last)
            {
                throw new AssertionError(path + " offset " + offset + ": gap");
            }
        }, false).scan(file);
        return found[0];
    }
}
