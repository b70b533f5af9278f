package io.sluice.tools;

import io.sluice.engine.control.ControlJson;
import io.sluice.journal.StartPosition;
import io.sluice.tools.delivery.ChangeAction;
import io.sluice.tools.tail.StartText;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of the command that moves a subscription. */
@CommandLine.Command(
    name = "seek",
    description = "Have a durable subscription go on from another place: back, so that it gets events again, or " +
        "ahead, so that it does without those in between. Attempts that wait for events from there on are given up, " +
        "as these come again; dead letters stay. Also where no engine runs.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class SubscriptionsSeekCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private TimeoutOption timeout;

    @CommandLine.Mixin
    private JsonOption json;

    @CommandLine.Parameters(paramLabel = "NAME", description = "Name of the subscription, as 'list' prints it.")
    private String name;

    @CommandLine.Option(
        names = "--to",
        paramLabel = "SEQ|TIME|start|end",
        required = true,
        description = "The first event that it gets: a sequence, the first one that was journaled then or later, the " +
            "first of the journal, or the next one.")
    private String to;

    SubscriptionsSeekCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        final StartPosition place = StartText.parse("--to", to);
        final ControlJson arguments = new ControlJson().add("name", name);
        StartText.addTo(to, arguments);
        return new ChangeAction(directory.directory(), timeout.timeoutNs(), json.isWanted()).run(
            io,
            "subscriptions.seek",
            arguments,
            "subscription '" + name + "' goes on from " + to.trim(),
            (files, outcome) ->
            {
                final long next = OptionValue.read("--to", to, text -> files.seek(name, place));
                outcome.add("name", name).add("next", next);
                return next > 0;
            },
            SubscriptionsCommand.missing(name));
    }
}
