package io.sluice.handlers.exchange;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.CloseHelper;

/** An export to a stream. Not thread-safe. */
final class ExportStream implements ExportTarget
{
    private final ExportState state;
    private final ChannelOutput output;
    private FileChannel scratch;

    ExportStream(final ExportContext context, final ExportState state)
    {
        this.state = state;
        output = new ChannelOutput(Channels.newChannel(context.stream()), 0);
    }

    @Override
    public boolean isResumed()
    {
        return false;
    }

    @Override
    public void begin()
    {
        // There is nothing to make.
    }

    @Override
    public boolean isResumable()
    {
        return false;
    }

    @Override
    public ChannelOutput stream()
    {
        return output;
    }

    @Override
    public long position()
    {
        return output.position();
    }

    @Override
    public String state()
    {
        return "";
    }

    @Override
    public FileChannel scratch() throws IOException
    {
        if (scratch == null)
        {
            final Path file = Files.createTempFile("sluice-export", ".scratch");
            scratch = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        }
        return scratch;
    }

    @Override
    public void checkpoint()
    {
        throw new IllegalStateException("an export to a stream has no checkpoints");
    }

    @Override
    public void complete() throws IOException
    {
        output.flush();
        state.position = output.position();
    }

    @Override
    public void close()
    {
        CloseHelper.close(scratch);
    }
}
