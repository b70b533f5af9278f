package io.sluice.replay;

import io.sluice.event.filter.EventFilter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Replays under a checkpoint and appends the sequence of each event to a file. Arguments: directory, file, filter, 0 to
 * write each event at once or else how many of them together, and then to save the place on request; -1 to stand still
 * once it has the checkpoint.
 */
final class ChildReplay
{
    private static final int POLL_LIMIT = 20;

    private ChildReplay()
    {
    }

    public static void main(final String[] args) throws IOException
    {
        final int together = Integer.parseInt(args[3]);
        final ReplayContext context = new ReplayContext()
            .directory(Path.of(args[0]))
            .filter(EventFilter.of(args[2]))
            .speed(ReplayContext.UNTHROTTLED)
            .checkpoint("child")
            .saveOnRequest(together > 0);
        try (FileChannel file = FileChannel.open(
                Path.of(args[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            JournalReplay replay = JournalReplay.open(context))
        {
            if (together < 0)
            {
                System.out.println("at work");
                System.in.read();
            }
            final ByteBuffer sequences = ByteBuffer.allocate(Math.max(1, together) * Long.BYTES);
            boolean isTold = false;
            while (!replay.isEnded())
            {
                replay.poll((event) ->
                {
                    sequences.putLong(event.sequence());
                    if (together == 0)
                    {
                        write(file, sequences);
                    }
                }, together == 0 ? POLL_LIMIT : sequences.remaining() / Long.BYTES);
                if (!isTold)
                {
                    System.out.println("at work");
                    isTold = true;
                }
                if (together > 0 && (replay.isEnded() || !sequences.hasRemaining()))
                {
                    write(file, sequences);
                    replay.savePlace();
                }
            }
        }
    }

    private static void write(final FileChannel file, final ByteBuffer sequences)
    {
        try
        {
            sequences.flip();
            while (sequences.hasRemaining())
            {
                file.write(sequences);
            }
            sequences.clear();
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException(ex);
        }
    }
}
