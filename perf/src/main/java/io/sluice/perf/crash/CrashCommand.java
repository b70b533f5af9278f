package io.sluice.perf.crash;

import io.sluice.perf.report.HostFacts;
import io.sluice.perf.report.OutputOptions;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perf crash}: kill engines with SIGKILL and prove that nothing acknowledged is lost. */
@Command(
    name = "crash",
    mixinStandardHelpOptions = true,
    description = "Kill engines with SIGKILL at random points and check that nothing acknowledged is lost, " +
        "no sequence is missing, everything is handled and no verdict is wrong.")
public final class CrashCommand implements Callable<Integer>
{
    private static final int MIN_ROUNDS = CrashPhase.values().length;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "200",
        description = "Kills, at least 6; each phase gets a sixth of them. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--seed", paramLabel = "SEED",
        description = "Of everything random. Default: the time; it is printed.")
    private Long seed;

    /** For picocli. */
    public CrashCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (rounds < MIN_ROUNDS)
        {
            throw new ParameterException(
                spec.commandLine(), "--rounds " + rounds + ": use at least " + MIN_ROUNDS + ", one for each phase");
        }
        final PrintStream progress = options.progress();
        final RawOutput output = options.open("crash");
        HostFacts.gather(output.directory(), 2, "default", "SHARED, PAIRED and DEDICATED by turns").print(progress);
        final long usedSeed = seed == null ? System.nanoTime() : seed;
        progress.println("seed: " + usedSeed);
        final CrashResult result = CrashRun.play(output, progress, rounds, usedSeed);
        final String json = result.toJson();
        output.writeText("crash.json", json);
        if (!result.isCovered())
        {
            progress.println("a phase got too few kills");
        }
        if (options.isJson())
        {
            System.out.println(json);
        }
        else
        {
            progress.println(json);
        }
        return result.isOk() ? 0 : 1;
    }
}
