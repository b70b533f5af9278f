package io.sluice.engine.control;

import io.sluice.event.EventException;
import io.sluice.journal.DataDirectory;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Main class of child processes: asks an engine, or dies in the middle of doing so. */
public final class ChildControlClient
{
    /** Instead of a command: claim a place in the ring and end without writing. */
    static final String DIE = "die";

    private static final PrintStream OUTPUT =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private ChildControlClient()
    {
    }

    /**
     * Run.
     *
     * @param arguments directory, command, how often to ask.
     * @throws IOException if the file can't be mapped.
     */
    public static void main(final String[] arguments) throws IOException
    {
        final Path directory = Path.of(arguments[0]);
        if (arguments[1].equals(DIE))
        {
            final RawClient client = new RawClient(ControlLayout.file(new DataDirectory(directory).telemetry()));
            OUTPUT.println("claimed " + (client.ring().tryClaim(CommandMessage.TYPE_COMMAND, 5000) > 0));
            Runtime.getRuntime().halt(9);
        }
        try (ControlClient client = ControlClient.open(directory))
        {
            for (int i = 0; i < Integer.parseInt(arguments[2]); i++)
            {
                final ControlJson number = new ControlJson();
                if (arguments[1].equals("echo"))
                {
                    number.add("pid", ProcessHandle.current().pid()).add("n", i);
                }
                OUTPUT.println(client.request(arguments[1], number, TimeUnit.SECONDS.toNanos(30)).result());
            }
        }
        catch (final EventException ex)
        {
            OUTPUT.println(ex);
        }
    }
}
