package io.sluice.handlers.exchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import org.agrona.CloseHelper;

/** Keeps the bad records of an import, so that somebody can put them right. Not thread-safe. */
final class RejectsFile implements AutoCloseable
{
    private static final JsonFactory JSON = new JsonFactory();

    private final FileChannel channel;
    private final ChannelOutput output;

    private RejectsFile(final FileChannel channel, final long position)
    {
        this.channel = channel;
        output = new ChannelOutput(channel, position);
    }

    /** Open a file, cut to what was in it at a checkpoint; null for none. */
    static RejectsFile open(final Path file, final long position, final boolean isResumed)
    {
        if (file == null)
        {
            return null;
        }
        FileChannel channel = null;
        try
        {
            if (!isResumed && Files.exists(file) && Files.size(file) > 0)
            {
                throw new ExchangeRefusedException(
                    file + " is there already: name another file for what is rejected, or remove it");
            }
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.size() < position)
            {
                channel.close();
                throw new ExchangeRefusedException(
                    file + " has " + channel.size() + " bytes, fewer than the " + position +
                    " of the interrupted import: bring it back, or start again with restart (--restart)");
            }
            channel.truncate(position);
            channel.position(position);
            return new RejectsFile(channel, position);
        }
        catch (final IOException ex)
        {
            CloseHelper.quietClose(channel);
            throw new ExchangeRefusedException(
                file + " can't be written: " + ExportFile.describe(ex) + "; name a file that can be", ex);
        }
    }

    void add(final InputRecord record) throws IOException
    {
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(line))
        {
            json.writeStartObject();
            json.writeNumberField(record.unit(), record.number());
            json.writeStringField("error", record.error());
            writeText(json, record.text());
            json.writeEndObject();
        }
        line.write('\n');
        output.write(line.toByteArray(), 0, line.size());
    }

    long position()
    {
        return output.position();
    }

    void force() throws IOException
    {
        output.flush();
        channel.force(true);
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(output, channel);
    }

    private static void writeText(final JsonGenerator json, final byte[] text) throws IOException
    {
        if (text.length == 0)
        {
            return;
        }
        try
        {
            json.writeStringField("text", StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(text)).toString());
        }
        catch (final CharacterCodingException ex)
        {
            json.writeStringField("text_base64", Base64.getEncoder().encodeToString(text));
        }
    }
}
