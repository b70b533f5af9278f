package io.sluice.tools;

import io.sluice.engine.control.ControlJson;
import io.sluice.engine.rule.RoutingRule;
import io.sluice.event.EventException;
import io.sluice.tools.delivery.RuleChangeAction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of the commands that take a whole rule. */
@CommandLine.Command(mixinStandardHelpOptions = true, versionProvider = SluiceVersion.class)
final class RulePutCommand implements Callable<Integer>
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

    @CommandLine.Parameters(
        paramLabel = "RULE",
        arity = "0..1",
        description = "The rule as JSON, such as {\"name\":\"noise\",\"pattern\":\"debug.*\",\"actions\":" +
            "[\"discard\"]}.")
    private String rule;

    @CommandLine.Option(names = "--file", paramLabel = "FILE", description = "Read the rule from a file instead.")
    private Path file;

    /**
     * @param io   streams.
     * @param done what then has happened to the rule.
     */
    RulePutCommand(final CommandIo io, final String done)
    {
        this.io = io;
        this.done = done;
    }

    @Override
    public Integer call()
    {
        if ((rule == null) == (file == null))
        {
            throw new UsageException("give the rule either as JSON or with --file");
        }
        final RoutingRule parsed = parse(rule == null ? read(file) : rule);
        return new RuleChangeAction(directory.directory(), timeout.timeoutNs(), json.isWanted()).run(
            io,
            "rules." + spec.name(),
            new ControlJson().addJson("rule", parsed.toJson()),
            "rule '" + parsed.name() + "' " + done);
    }

    private static RoutingRule parse(final String text)
    {
        try
        {
            return RoutingRule.ofJson(text);
        }
        catch (final EventException ex)
        {
            throw new UsageException(ex.getMessage(), ex);
        }
    }

    private static String read(final Path file)
    {
        try
        {
            return Files.readString(file);
        }
        catch (final IOException ex)
        {
            throw new UsageException("--file: " + file + " can't be read: " + ex, ex);
        }
    }
}
