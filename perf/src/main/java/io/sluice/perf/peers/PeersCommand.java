package io.sluice.perf.peers;

import io.sluice.engine.EngineContext;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.HostFacts;
import io.sluice.perf.report.OutputOptions;
import io.sluice.perf.report.RawOutput;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perf peers}: F12. */
@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    description = "Throughput and latency beside other ways to move the same events, each at the same durability as " +
        "Sluice in the same run (F12): brokers, Aeron Archive, what one wires by hand, event buses. Servers are " +
        "started on loopback and stopped; what is not installed is skipped.")
public final class PeersCommand implements Callable<Integer>
{
    private static final double NS_PER_S = 1e9;
    private static final double LEAST_LOAD = 0.05;
    private static final double MOST_LOAD = 0.5;
    private static final int BUSY_THREADS = 4;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--only", paramLabel = "NAME", split = ",", description = "Peers to measure. Default: all.")
    private List<String> only = List.of();

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "3",
        description = "Recorded seconds of each latency, and at most of each throughput. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--events", paramLabel = "N", defaultValue = "200000",
        description = "Events of each throughput at most. Default: ${DEFAULT-VALUE}.")
    private int events;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3",
        description = "Rounds; in each, all peers take their turn. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--load", paramLabel = "PART", defaultValue = "0.25",
        description = "Part of its unbatched throughput at which the latency of a peer is measured, 0.05 to 0.5. " +
            "Default: ${DEFAULT-VALUE}.")
    private double load;

    /** For picocli. */
    public PeersCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (seconds <= 0 || events < 100 || rounds < 1 || load < LEAST_LOAD || load > MOST_LOAD)
        {
            throw new ParameterException(spec.commandLine(), "use --seconds above 0, --events of at least 100, " +
                "--rounds of at least 1, --load of 0.05 to 0.5");
        }
        final List<Supplier<Peer>> peers = PeerCatalogue.all();
        final Set<String> names = new LinkedHashSet<>();
        peers.forEach((maker) -> names.add(maker.get().name()));
        if (!names.containsAll(only))
        {
            throw new ParameterException(spec.commandLine(), "--only knows " + String.join(", ", names));
        }
        final RawOutput output = options.open("peers");
        final HostFacts host = HostFacts.gather(
            output.directory(), BUSY_THREADS, "default", new EngineContext().threadingMode().name());
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        final PeersRun run = new PeersRun(
            output,
            options.progress(),
            new PeersSetting(events, (long)(seconds * NS_PER_S), rounds, load, Set.copyOf(only)),
            peers);
        final List<PeerComparison> comparisons = run.run();
        run.explain(report);
        new PeersTable(comparisons).print(options.progress());
        PeersJudgement.judge(comparisons, report);
        return options.finish("peers", report, output);
    }
}
