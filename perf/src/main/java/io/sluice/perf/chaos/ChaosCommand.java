package io.sluice.perf.chaos;

import io.sluice.perf.report.HostFacts;
import io.sluice.perf.report.OutputOptions;
import io.sluice.perf.report.RawOutput;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perf chaos}: delivery under kills, failing handlers and changing subscriptions. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    description = "Kills engines whose handlers fail, dawdle and hang while subscriptions come and go, and checks " +
        "that every journaled event reached every durable subscription that wants it, in the promised order.")
public final class ChaosCommand implements Callable<Integer>
{
    private static final double MOST_MINUTES = 24 * 60;
    private static final int MOST_HANG_MS = 10_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--minutes", paramLabel = "N", defaultValue = "5",
        description = "How long children are killed; what was begun is brought to an end. Default: ${DEFAULT-VALUE}.")
    private double minutes;

    @Option(names = "--seed", paramLabel = "SEED",
        description = "Of everything random but the threads. Default: the time; it is printed.")
    private Long seed;

    @Option(names = "--hang-ms", paramLabel = "MS", defaultValue = "1500",
        description = "How long a hanging call hangs, milliseconds. Default: ${DEFAULT-VALUE}.")
    private int hangMs;

    @Option(names = "--life-ms", paramLabel = "MS", defaultValue = "2500",
        description = "Longest time that a child runs before it is killed, milliseconds. Default: ${DEFAULT-VALUE}.")
    private int lifeMs;

    @Option(names = "--summary", paramLabel = "FILE",
        description = "Write the result as Markdown, too.")
    private Path summary;

    /** For picocli. */
    public ChaosCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (minutes <= 0 || minutes > MOST_MINUTES || hangMs < 1 || hangMs > MOST_HANG_MS || lifeMs < 1)
        {
            throw new ParameterException(
                spec.commandLine(), "use --minutes above 0 and up to " + (int)MOST_MINUTES + ", --hang-ms of 1 to " +
                MOST_HANG_MS + ", --life-ms of at least 1");
        }
        final PrintStream progress = options.progress();
        final RawOutput output = options.open("chaos");
        HostFacts.gather(output.directory(), 2, "default", "PAIRED and DEDICATED at random").print(progress);
        final long usedSeed = seed == null ? System.nanoTime() : seed;
        progress.println("seed: " + usedSeed);
        final ChaosResult result = new ChaosRun(output, progress, usedSeed, hangMs, lifeMs)
            .play((long)(minutes * TimeUnit.MINUTES.toNanos(1)));
        final String json = result.toJson();
        output.writeText("chaos.json", json);
        if (summary != null)
        {
            write(result.toMarkdown());
        }
        progress.print(options.isJson() ? "" : result.toMarkdown());
        System.out.println(json);
        return result.isOk() ? 0 : 1;
    }

    private void write(final String text)
    {
        try
        {
            Files.writeString(summary, text);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("can't write the summary to " + summary + ": " + e.getMessage(), e);
        }
    }
}
