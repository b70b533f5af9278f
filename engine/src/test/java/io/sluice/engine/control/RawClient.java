package io.sluice.engine.control;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;

/** Touches the file of a channel in ways that a good client does not. */
final class RawClient implements AutoCloseable
{
    static final long CLIENT = 99;

    private final MappedByteBuffer mapped;
    private final UnsafeBuffer all;
    private final UnsafeBuffer replies;
    private final ManyToOneRingBuffer ring;

    RawClient(final Path file) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, ControlLayout.FILE_LENGTH);
        }
        all = new UnsafeBuffer(mapped);
        replies = new UnsafeBuffer(mapped, ControlLayout.REPLIES_OFFSET, ControlLayout.REPLIES_LENGTH);
        ring = new ManyToOneRingBuffer(
            new UnsafeBuffer(mapped, ControlLayout.RING_OFFSET, ControlLayout.RING_LENGTH));
    }

    UnsafeBuffer all()
    {
        return all;
    }

    UnsafeBuffer replies()
    {
        return replies;
    }

    ManyToOneRingBuffer ring()
    {
        return ring;
    }

    byte[] command(final long correlation, final String name, final String arguments)
    {
        return CommandMessage.command(
            new ReplyKey(CLIENT, correlation),
            ProcessHandle.current().pid(),
            TimeUnit.SECONDS.toNanos(5),
            name.getBytes(StandardCharsets.UTF_8),
            new byte[0],
            arguments.getBytes(StandardCharsets.UTF_8));
    }

    boolean write(final int typeId, final byte[] message)
    {
        return ring.write(typeId, new UnsafeBuffer(message), 0, message.length);
    }

    /** The answer to a command of this client, which has been sent already. */
    ControlAnswer read(final long correlation)
    {
        final ReplyReader reader = ReplyReader.fromStart(replies);
        final ReplyAssembly assembly = new ReplyAssembly(new ReplyKey(CLIENT, correlation));
        int length = reader.poll();
        while (length != ReplyReader.NOTHING && !assembly.isEnded())
        {
            if (length > 0)
            {
                assembly.add(reader.message(), length);
            }
            length = reader.poll();
        }
        if (!assembly.isEnded())
        {
            throw new IllegalStateException("there is no answer to " + correlation);
        }
        return assembly.answer();
    }

    @Override
    public void close()
    {
        BufferUtil.free(mapped);
    }
}
