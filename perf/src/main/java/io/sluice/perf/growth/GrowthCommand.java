package io.sluice.perf.growth;

import io.sluice.engine.EngineContext;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.HostFacts;
import io.sluice.perf.report.OutputOptions;
import io.sluice.perf.report.RawOutput;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perf growth}: F11. */
@Command(
    name = "growth",
    mixinStandardHelpOptions = true,
    description = "Throughput with 1 to 1000 rules, 1 to 100 subscriptions, over an empty to a long journal, with " +
        "restart times (F11); and, without a target, by publishers and by the size of events.")
public final class GrowthCommand implements Callable<Integer>
{
    private static final double BYTES_PER_GB = 1e9;
    private static final int LEAST_PAYLOAD = 8;
    private static final int LEAST_EVENTS = 100;
    private static final int LEAST_JOURNAL = 64;
    private static final long MOST_JOURNAL = 100_000_000L;
    private static final int MOST_RULES = 10_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--only", paramLabel = "NAME", split = ",",
        defaultValue = "publishers,subscriptions,rules,sizes,journal",
        description = "Curves to measure. Default: ${DEFAULT-VALUE}.")
    private List<String> only;

    @Option(names = "--publishers", paramLabel = "N", split = ",", defaultValue = "1,2,4,8",
        description = "Publishing threads. Default: ${DEFAULT-VALUE}.")
    private List<Integer> publishers;

    @Option(names = "--subscriptions", paramLabel = "N", split = ",", defaultValue = "1,10,100",
        description = "Subscriptions, of which one matches, and from 10 on also with ten. Default: ${DEFAULT-VALUE}.")
    private List<Integer> subscriptions;

    @Option(names = "--rules", paramLabel = "N", split = ",", defaultValue = "1,10,100,1000",
        description = "Rules, of which a tenth matches each event. Default: ${DEFAULT-VALUE}.")
    private List<Integer> rules;

    @Option(names = "--sizes", paramLabel = "BYTES", split = ",", defaultValue = "64,256,1024,4096,16384,65536",
        description = "Payload lengths. Default: ${DEFAULT-VALUE}.")
    private List<Integer> sizes;

    @Option(names = "--journal-events", paramLabel = "N", defaultValue = "10000000",
        description = "Events of the longest journal, up to 100000000; an eighth and a 64th of it are measured, too. " +
            "Default: ${DEFAULT-VALUE}.")
    private long journalEvents;

    @Option(names = "--events", paramLabel = "N", defaultValue = "300000",
        description = "Events per round; fewer of large ones. Default: ${DEFAULT-VALUE}.")
    private int events;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "13",
        description = "Rounds; in each, all points of a curve take their turn. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "2",
        description = "Rounds before that do not count. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    /** For picocli. */
    public GrowthCommand()
    {
    }

    @Override
    public Integer call()
    {
        check();
        final RawOutput output = options.open("growth");
        final Set<String> picked = new TreeSet<>(only);
        checkDisk(output, picked.contains(GrowthDimension.JOURNAL.label()));
        final HostFacts host =
            HostFacts.gather(output.directory(), 2, "default", new EngineContext().threadingMode().name());
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        new GrowthRun(output, options.progress(), new GrowthSetting(
            publishers, subscriptions, rules, sizes, journalEvents, events, warmUp, rounds)).run(report, picked);
        return options.finish("growth", report, output);
    }

    private void check()
    {
        final List<String> names =
            Arrays.stream(GrowthDimension.values()).map(GrowthDimension::label).collect(Collectors.toList());
        if (only.isEmpty() || !names.containsAll(only))
        {
            throw wrong("--only: use some of " + String.join(",", names));
        }
        if (!isAscending(publishers, 1, 256) || !isAscending(subscriptions, 1, 1000) ||
            !isAscending(rules, 1, MOST_RULES) || !isAscending(sizes, LEAST_PAYLOAD, 1_000_000))
        {
            throw wrong("use ascending --publishers of 1 to 256, --subscriptions of 1 to 1000, --rules of 1 to " +
                MOST_RULES + ", --sizes of " + LEAST_PAYLOAD + " to 1000000");
        }
        if (events < LEAST_EVENTS || rounds < 1 || warmUp < 0 || journalEvents < LEAST_JOURNAL ||
            journalEvents > MOST_JOURNAL)
        {
            throw wrong("use --events of at least " + LEAST_EVENTS + ", --rounds of at least 1, --warm-up of at " +
                "least 0, --journal-events of " + LEAST_JOURNAL + " to " + MOST_JOURNAL);
        }
    }

    // Before anything is measured: a full disk after half an hour helps nobody.
    private void checkDisk(final RawOutput output, final boolean isJournalPicked)
    {
        if (!isJournalPicked)
        {
            return;
        }
        final long needed = JournalCurve.bytesNeeded(
            JournalCurve.lengthsTo(journalEvents), events, warmUp + rounds, GrowthRun.PAYLOAD_LENGTH);
        final long free = output.directory().toFile().getUsableSpace();
        options.progress().printf("journals of up to %,d events need about %.1f GB below %s, %.1f GB are free%n",
            journalEvents, needed / BYTES_PER_GB, output.directory(), free / BYTES_PER_GB);
        if (needed > free)
        {
            throw wrong(String.format("--journal-events %d needs about %.1f GB below %s, and only %.1f GB are free: " +
                "use fewer, another --out, or --only without journal",
                journalEvents, needed / BYTES_PER_GB, output.directory(), free / BYTES_PER_GB));
        }
    }

    private ParameterException wrong(final String text)
    {
        return new ParameterException(spec.commandLine(), text);
    }

    private static boolean isAscending(final List<Integer> values, final int least, final int most)
    {
        int last = least - 1;
        for (final int value : values)
        {
            if (value <= last || value > most)
            {
                return false;
            }
            last = value;
        }
        return !values.isEmpty();
    }
}
