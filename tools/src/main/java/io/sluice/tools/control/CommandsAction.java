package io.sluice.tools.control;

import io.sluice.engine.control.ControlAnswer;
import io.sluice.engine.control.ControlClient;
import io.sluice.engine.control.ControlJson;
import io.sluice.engine.control.ControlObject;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.PlainText;
import java.nio.file.Path;

/** Lists what an engine can be asked for. */
public final class CommandsAction
{
    private final Path directory;
    private final long timeoutNs;
    private final boolean isJson;

    /**
     * @param directory of the data.
     * @param timeoutNs to wait at most.
     * @param isJson    true for programs.
     */
    public CommandsAction(final Path directory, final long timeoutNs, final boolean isJson)
    {
        this.directory = directory;
        this.timeoutNs = timeoutNs;
        this.isJson = isJson;
    }

    /**
     * @param io streams.
     * @return {@link ExitCode#DONE}.
     * @throws io.sluice.engine.control.ControlException if no engine answers.
     */
    public int run(final CommandIo io)
    {
        try (ControlClient client = ControlClient.open(directory))
        {
            final ControlAnswer answer = client.request("commands", new ControlJson(), timeoutNs);
            final int width = answer.items().stream().mapToInt(item -> item.text("name").length()).max().orElse(0);
            for (final ControlObject item : answer.items())
            {
                final String name = item.text("name");
                final String help = item.text("help");
                io.out().println(isJson ?
                    new JsonLine().add("name", name).add("help", help).toString() :
                    PlainText.printable(name) + " ".repeat(width - name.length()) + "  " + PlainText.printable(help));
            }
            if (isJson)
            {
                io.out().println(new JsonLine().add("count", answer.items().size()));
            }
            return ExitCode.DONE;
        }
    }
}
