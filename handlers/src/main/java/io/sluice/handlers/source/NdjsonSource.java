package io.sluice.handlers.source;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventException;
import io.sluice.event.EventJson;
import io.sluice.event.EventStreamException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file with one JSON event a line. A line that is no event is reported with its number and passed over; blank lines
 * are nothing. Reads as it goes: a pipe works as well as a file of any size.
 */
final class NdjsonSource implements EventSource
{
    private static final String STANDARD_INPUT = "-";

    private final EventJson json = new EventJson();
    private final String name;
    private final ReadableByteChannel channel;
    private final LineReader lines;
    private final MalformedInputListener listener;
    private volatile boolean isClosed;

    private NdjsonSource(final String name, final ReadableByteChannel channel, final EventSourceContext context)
    {
        this.name = name;
        this.channel = channel;
        listener = context.malformedInputListener();
        lines = new LineReader(channel, context.maxLineLength());
    }

    /**
     * Open a file.
     *
     * @param spec    for messages.
     * @param file    its path, or {@code -} for the standard input.
     * @param context with the listener and the limit of a line.
     * @return the source.
     * @throws EventSourceException if it can't be read.
     */
    static NdjsonSource open(final String spec, final String file, final EventSourceContext context)
    {
        if (file.isEmpty())
        {
            throw new EventSourceException("source '" + spec + "' names no file: use ndjson:FILE or ndjson:-");
        }
        if (STANDARD_INPUT.equals(file))
        {
            return new NdjsonSource("ndjson:-", standardInput(context.standardInput()), context);
        }
        final Path path = Path.of(file);
        if (Files.isDirectory(path))
        {
            throw new EventSourceException(spec + ": " + path.toAbsolutePath() + " is a directory: name a file");
        }
        try
        {
            return new NdjsonSource(
                "ndjson:" + path.getFileName(), FileChannel.open(path, StandardOpenOption.READ), context);
        }
        catch (final IOException ex)
        {
            throw new EventSourceException(
                spec + ": " + path.toAbsolutePath() + (Files.exists(path) ? " can't be read" : " does not exist") +
                ": name a readable file", ex);
        }
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public String position()
    {
        return "line " + lines.number();
    }

    @Override
    public boolean next(final EventBuilder event)
    {
        try
        {
            while (!isClosed && lines.next())
            {
                if (!lines.isBlank() && isRead(event))
                {
                    return true;
                }
            }
            return false;
        }
        catch (final IOException ex)
        {
            if (isClosed)
            {
                return false;
            }
            throw new EventStreamException(
                name + ": can't be read beyond line " + lines.number() + ": " + ex.getMessage(), ex);
        }
    }

    @Override
    public void close()
    {
        isClosed = true;
        try
        {
            channel.close();
        }
        catch (final IOException ex)
        {
            throw new EventStreamException(name + ": closing failed: " + ex.getMessage(), ex);
        }
    }

    private boolean isRead(final EventBuilder event)
    {
        if (lines.isTooLong())
        {
            listener.onMalformed(
                name, lines.number(), "the line has " + lines.fullLength() + " bytes, too many for an event");
            return false;
        }
        try
        {
            json.read(lines.bytes(), 0, lines.length(), event);
            return true;
        }
        catch (final EventException ex)
        {
            listener.onMalformed(name, lines.number(), ex.getMessage());
            return false;
        }
    }

    // Only the channel of a file ends a read that waits when it is closed.
    private static ReadableByteChannel standardInput(final InputStream in)
    {
        return in == System.in ? new FileInputStream(FileDescriptor.in).getChannel() : Channels.newChannel(in);
    }
}
