package io.sluice.tools.letters;

import io.sluice.engine.deadletter.DeadLetters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Where a repaired payload comes from. Stateless. */
public final class RepairedPayload
{
    private RepairedPayload()
    {
    }

    /**
     * @param text as it was typed.
     * @return the payload.
     */
    public static byte[] ofText(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * @param file to read, or {@code -}.
     * @param in   standard input.
     * @return the payload.
     * @throws IllegalArgumentException if it can't be read.
     */
    public static byte[] ofFile(final String file, final InputStream in)
    {
        try
        {
            return "-".equals(file) ? in.readAllBytes() : Files.readAllBytes(Path.of(file));
        }
        catch (final IOException ex)
        {
            throw new IllegalArgumentException("it can't be read: " + ex, ex);
        }
    }

    /**
     * Have a person edit the payload of a dead letter, in a file that is deleted afterwards.
     *
     * @param directory of the data.
     * @param letter    number of it.
     * @param editor    command that gets the name of the file as its last argument, and ends when it is done.
     * @return the payload.
     * @throws IllegalArgumentException if there is no such letter, the editor failed, or nothing was changed.
     */
    public static byte[] edited(final Path directory, final long letter, final String editor)
    {
        final byte[][] before = {null};
        try (DeadLetters letters = DeadLetters.open(directory))
        {
            letters.event(letter, event -> before[0] = event.payload());
        }
        if (before[0] == null)
        {
            throw new IllegalArgumentException(
                "there is no dead letter " + letter + "; 'dead-letters list --state all' names those that there are");
        }
        try
        {
            // Only this user may read it, as with the journal.
            final Path file = Files.createTempFile("dead-letter-" + letter + "-", ".payload");
            try
            {
                Files.write(file, before[0]);
                run(editor, file);
                final byte[] after = Files.readAllBytes(file);
                if (Arrays.equals(before[0], after))
                {
                    throw new IllegalArgumentException("nothing was changed, so nothing is repaired");
                }
                return after;
            }
            finally
            {
                Files.deleteIfExists(file);
            }
        }
        catch (final IOException ex)
        {
            throw new IllegalArgumentException("the editor can't be started: " + ex, ex);
        }
    }

    private static void run(final String editor, final Path file) throws IOException
    {
        // By a shell, as the command may have options of its own.
        final Process process =
            new ProcessBuilder("sh", "-c", editor + " \"$1\"", "sh", file.toString()).inheritIO().start();
        try
        {
            final int exitCode = process.waitFor();
            if (exitCode != 0)
            {
                throw new IllegalArgumentException("the editor ended with " + exitCode + ", so nothing is repaired");
            }
        }
        catch (final InterruptedException ex)
        {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException("the editor was interrupted, so nothing is repaired", ex);
        }
    }
}
