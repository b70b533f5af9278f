package io.sluice.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What lies in a file behind the end of the journal.
 *
 * @param file that holds it.
 * @param from end of the journal.
 * @param to   behind the last byte that is not zero.
 */
record TornRest(Path file, long from, long to)
{
    private static final int CLEAR_LENGTH = 1 << 16;

    long length()
    {
        return to - from;
    }

    /**
     * Make it zero, and force that: whatever a later power loss leaves of what is appended then, none of this appears
     * again.
     */
    void clear(final DeviceForce force) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            final ByteBuffer zeros = ByteBuffer.allocateDirect(CLEAR_LENGTH);
            // From the back, so that a crash in between leaves what looks like a shorter cut write.
            long end = to;
            while (end > from)
            {
                final int length = (int)Math.min(CLEAR_LENGTH, end - from);
                zeros.clear().limit(length);
                while (zeros.hasRemaining())
                {
                    channel.write(zeros, end - length + zeros.position());
                }
                end -= length;
            }
            force.data(file, channel);
        }
    }
}
