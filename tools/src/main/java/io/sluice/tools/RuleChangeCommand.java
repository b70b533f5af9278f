package io.sluice.tools;

import io.sluice.engine.control.ControlJson;
import io.sluice.tools.delivery.RuleChangeAction;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of the commands that change a rule which is there. */
@CommandLine.Command(mixinStandardHelpOptions = true, versionProvider = SluiceVersion.class)
final class RuleChangeCommand implements Callable<Integer>
{
    private final CommandIo io;
    private final String done;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private TimeoutOption timeout;

    @CommandLine.Mixin
    private JsonOption json;

    @CommandLine.Parameters(paramLabel = "NAME", description = "Name of the rule, as 'list' prints it.")
    private String name;

    /**
     * @param io   streams.
     * @param done what then has happened to the rule.
     */
    RuleChangeCommand(final CommandIo io, final String done)
    {
        this.io = io;
        this.done = done;
    }

    @Override
    public Integer call()
    {
        return new RuleChangeAction(directory.directory(), timeout.timeoutNs(), json.isWanted()).run(
            io, "rules." + spec.name(), new ControlJson().add("name", name), "rule '" + name + "' " + done);
    }
}
