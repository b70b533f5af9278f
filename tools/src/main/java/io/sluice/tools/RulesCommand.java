package io.sluice.tools;

import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Groups what can be done with routing rules. */
@CommandLine.Command(
    name = "rules",
    description = "Look at the routing rules of an engine that runs in another process, and add, replace, remove, " +
        "enable or disable them. A change holds from the next event on.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class,
    synopsisSubcommandLabel = "list|add|replace|remove|enable|disable",
    footer = {
        "",
        "Exit codes: 0 done; 1 the engine refused, or did not answer in time; 2 what was",
        "given is no rule; 3 no engine runs there ('list' then reads the file), or its",
        "control channel can't be trusted."})
final class RulesCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private RulesCommand(final CommandIo io)
    {
        this.io = io;
    }

    static CommandLine create(final CommandIo io)
    {
        return new CommandLine(new RulesCommand(io))
            .addSubcommand("list", new RulesListCommand(io))
            .addSubcommand("add", describe(new RulePutCommand(io, "added"), "Add a rule."))
            .addSubcommand("replace", describe(
                new RulePutCommand(io, "replaced"), "Put a rule in the place of the one of the same name."))
            .addSubcommand("remove", describe(new RuleChangeCommand(io, "removed"), "Remove a rule."))
            .addSubcommand("enable", describe(new RuleChangeCommand(io, "enabled"), "Have a rule match again."))
            .addSubcommand("disable", describe(
                new RuleChangeCommand(io, "disabled"), "Have a rule match nothing for the time being."));
    }

    private static CommandLine describe(final Callable<Integer> change, final String description)
    {
        final CommandLine command = new CommandLine(change);
        command.getCommandSpec().usageMessage().description(description);
        return command;
    }

    @Override
    public Integer call()
    {
        spec.commandLine().usage(io.err());
        return ExitCode.WRONG_USAGE;
    }
}
