package io.sluice.perf.archive;

import io.sluice.archive.ArchiveContext;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.HostFacts;
import io.sluice.perf.report.OutputOptions;
import io.sluice.perf.report.RawOutput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perf archive}: the ratio of row J3. */
@Command(
    name = "archive",
    mixinStandardHelpOptions = true,
    description = "How small closed journal files become in the archive, against the JSON of requirement 004 (J3), " +
        "per file and per field: the history of a git repository, and generated traffic of hooks with random ids.")
public final class ArchiveCommand implements Callable<Integer>
{
    private static final long BYTES_PER_MB = 1_000_000L;
    private static final int MAX_ROLL_MB = 1073;
    private static final int MAX_LEVEL = 22;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--git", paramLabel = "PATH",
        description = "Repository whose history is archived, changed in nothing. Default: none.")
    private Path git;

    @Option(names = "--git-events", paramLabel = "N", defaultValue = "2000000",
        description = "Events of the history to take, from its beginning. Default: ${DEFAULT-VALUE}.")
    private int gitEvents;

    @Option(names = "--hook-events", paramLabel = "N", defaultValue = "500000",
        description = "Generated events, 0 for none. Default: ${DEFAULT-VALUE}.")
    private int hookEvents;

    @Option(names = "--seed", paramLabel = "SEED", defaultValue = "1",
        description = "Of the generated events. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--roll-size", paramLabel = "MB", defaultValue = "100",
        description = "Size of a journal file, 10^6 bytes. Default: ${DEFAULT-VALUE}.")
    private int rollSize;

    @Option(names = "--level", paramLabel = "N", defaultValue = "" + ArchiveContext.DEFAULT_LEVEL,
        description = "Level of compression, 1 (fast) to 22 (small). Default: ${DEFAULT-VALUE}.")
    private int level;

    /** For picocli. */
    public ArchiveCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (git == null && hookEvents == 0 || hookEvents < 0 || gitEvents < 1 || rollSize < 1 ||
            rollSize > MAX_ROLL_MB || level < 1 || level > MAX_LEVEL)
        {
            throw new ParameterException(
                spec.commandLine(),
                "use --git or --hook-events above 0, --git-events of at least 1, --roll-size of 1 to " + MAX_ROLL_MB +
                    ", --level of 1 to " + MAX_LEVEL);
        }
        final List<Supplier<EventFeed>> feeds = new ArrayList<>();
        if (git != null)
        {
            feeds.add(() -> new GitFeed(git, gitEvents));
        }
        if (hookEvents > 0)
        {
            feeds.add(() -> new HookTraffic(seed, hookEvents));
        }
        final RawOutput output = options.open("archive");
        final HostFacts host = HostFacts.gather(output.directory(), 1, "none", "INVOKER");
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        new ArchiveRun(output, options.progress(), rollSize * BYTES_PER_MB, level).run(report, feeds);
        return options.finish("archive", report, output);
    }
}
