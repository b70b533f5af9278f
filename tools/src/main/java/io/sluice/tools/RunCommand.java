package io.sluice.tools;

import io.sluice.engine.Durability;
import io.sluice.engine.EngineContext;
import io.sluice.handlers.source.EventRate;
import io.sluice.tools.config.EngineSettings;
import io.sluice.tools.run.RunAction;
import io.sluice.tools.run.RunOptions;
import io.sluice.tools.text.UnitText;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link RunAction}. */
@CommandLine.Command(
    name = "run",
    description = "Start an engine, feed it from sources, then check that nothing was lost.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class,
    footer = {
        "",
        "Sources:",
        "  git:PATH     history of a repository: git.commit, file.created, .modified,",
        "               .deleted",
        "  ndjson:FILE  one JSON event a line; ndjson:- reads the standard input",
        "  watch:PATH   changes of files below PATH, until stopped",
        "  load:RATE    generated events of mixed priorities until stopped, RATE a second",
        "",
        "Stops when the sources end, after --for, or on Ctrl-C; then shows the summary."})
final class RunCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Parameters(paramLabel = "SOURCE", arity = "1..*", description = "Where events come from; see below.")
    private List<String> sources;

    @CommandLine.Option(
        names = "--rate",
        paramLabel = "N",
        description = "At most so many events a second from each source: 250, 10k, 1.5M.")
    private String rate;

    @CommandLine.Option(
        names = "--durability",
        paramLabel = "LEVEL",
        description = "journaled (default): survives the death of the process; " +
            "synced: forced to the device, survives power loss; none: no journal.")
    private String durability;

    @CommandLine.Option(
        names = "--threading",
        paramLabel = "MODE",
        description = "invoker, shared, paired or dedicated (default: shared on up to 2 cores, else paired).")
    private String threading;

    @CommandLine.Option(names = "--for", paramLabel = "TIME", description = "Feed for so long: 30s, 5m, 1h.")
    private String limit;

    @CommandLine.Option(
        names = "--config",
        paramLabel = "FILE",
        description = "Settings of the engine, YAML or properties, by the names of EngineContext. Options win over it.")
    private Path config;

    @CommandLine.Option(
        names = "--dir",
        paramLabel = "DIR",
        description = "Data directory (default: ./" + DirectoryOption.DEFAULT + ").")
    private Path directory;

    @CommandLine.Mixin
    private JsonOption json;

    RunCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        final EngineContext context = new EngineContext();
        if (config != null)
        {
            EngineSettings.apply(config, context);
        }
        if (durability != null)
        {
            context.durability(OptionValue.read("--durability", durability, EngineSettings::durability));
        }
        if (threading != null)
        {
            context.threadingMode(OptionValue.read("--threading", threading, EngineSettings::threadingMode));
        }
        if (context.durability() == Durability.NONE)
        {
            if (directory != null)
            {
                throw new UsageException(
                    "--dir does not go with --durability none, which keeps nothing: leave one out");
            }
        }
        else if (directory != null || context.directory() == null)
        {
            context.directory(directory != null ? directory : Path.of(DirectoryOption.DEFAULT));
        }
        return new RunAction(new RunOptions(
            List.copyOf(sources),
            rate == null ? null : OptionValue.read("--rate", rate, EventRate::parse),
            limit == null ? Long.MAX_VALUE : OptionValue.read("--for", limit, UnitText::durationNs),
            json.isWanted(),
            context)).run(io);
    }
}
