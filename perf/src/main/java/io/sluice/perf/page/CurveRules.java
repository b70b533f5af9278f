package io.sluice.perf.page;

import io.sluice.perf.plot.PercentileChart;
import io.sluice.perf.plot.Style;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/**
 * Which histograms of a file belong into one plot, what they are called there, and which figure they explain. Files
 * that no rule knows become one plot each.
 */
final class CurveRules
{
    private static final String MACHINE = "hiccup";
    private static final String OTHER = "other";
    private static final int MOST_CURVES = 8;
    // Priorities and threading modes, which tags write small.
    private static final Pattern NAMES = Pattern.compile("\\b(critical|high|normal|low|shared|paired|dedicated)\\b");

    /**
     * @param file     name of the log.
     * @param tag      of a histogram, whole.
     * @param figure   that it explains; empty to leave it out.
     * @param title    of the plot, may refer to groups of the tag.
     * @param label    of the curve, may refer to groups of the tag.
     * @param baseline whether it is what Sluice is measured against.
     */
    private record Rule(Pattern file, Pattern tag, String figure, String title, String label, boolean baseline)
    {
        private Rule(
            final String file,
            final String tag,
            final String figure,
            final String title,
            final String label,
            final boolean baseline)
        {
            this(Pattern.compile(file), Pattern.compile(tag), figure, title, label, baseline);
        }
    }

    /** Rules in their order; the first that fits counts. */
    private static final List<Rule> RULES = List.of(
        new Rule("latency", "F4\\..*", "", "", "", false),
        new Rule("latency", "sluice\\.(\\d+)B\\.(\\d+)\\.(\\w+)", "F4",
            "Intended publish time to handled, $1 B at $2 events/s", "$3", false),
        new Rule("latency", "hand-wired\\.(\\d+)B\\.(\\d+)", "F4",
            "Intended publish time to handled, $1 B at $2 events/s", "hand-wired Disruptor and Chronicle", true),
        new Rule("latency", "critical\\.unloaded", "F5",
            "CRITICAL beside a flood of LOW, default threading mode", "alone", true),
        new Rule("latency", "critical\\.flooded", "F5",
            "CRITICAL beside a flood of LOW, default threading mode", "critical", false),
        new Rule("isolation-classes", "(\\w+)\\.(\\w+)\\.alone", "F5", "$2 events beside floods, $1", "alone", true),
        new Rule("isolation-classes", "(\\w+)\\.(\\w+)\\.beside-(\\w+)", "F5",
            "$2 events beside floods, $1", "beside $3", false),
        new Rule("isolation-neighbours", "(\\w+)\\.alone", "D12", "A fast handler, $1", "alone", true),
        new Rule("isolation-neighbours", "(\\w+)\\.beside", "D12", "A fast handler, $1", "beside bad handlers", false),
        new Rule("stalls", "sluice\\.(\\d+)MB\\.(call|roll)", "F3", "Duration of a $2, $1 MB files", "Sluice", false),
        new Rule("stalls", "(.+)\\.(\\d+)MB\\.(call|roll)", "F3", "Duration of a $3, $2 MB files", "$1", true),
        new Rule("stalls", "sluice\\.(\\d+)MB\\.intended", "F3",
            "Intended time to appended, rolls included, $1 MB files", "Sluice", false),
        new Rule("stalls", "(.+)\\.(\\d+)MB\\.intended", "F3",
            "Intended time to appended, rolls included, $2 MB files", "$1", true),
        new Rule("stalls", "engine\\.journaled", "F3",
            "The whole engine, intended publish time to journaled", "Sluice", false),
        new Rule("synced", "journaled\\.(\\w+)", "F6", "JOURNALED with and without SYNCED traffic", "$1", false),
        new Rule("synced", "fdatasync\\.(\\w+)", "F6", "Until an event is on the device", "fdatasync, $1 file", true),
        new Rule("synced", "synced\\.(\\d+)", "F6", "Until an event is on the device", "$1 publishers wait", false),
        new Rule("synced", "synced\\.outstanding\\.(\\d+)", "F6",
            "Until an event is on the device", "one publisher, $1 outstanding", false),
        new Rule("synced", "hand-overs\\.(\\d+)", "F6",
            "Until an event is on the device", "$1 threads that wait for nothing", true),
        new Rule("publish-call", "bare-disruptor\\.call", "F2", "One publish call, with reading the clock",
            "bare Disruptor and a copy", true),
        new Rule("publish-call", "sluice-(\\w+)\\.call", "F2", "One publish call, with reading the clock",
            "$1 path", false),
        new Rule("publish-call", ".*\\.block", "", "", "", false),
        new Rule("overflow", "overflow\\.(\\w+)", "F9",
            "Accepted events at 1.5 of capacity, intended time to handled", "$1", false),
        new Rule("burst", "(block|spill)\\.steady\\.(\\w+)", "F9", "10,000/s beside bursts, policy $1", "$2", false),
        new Rule("burst", "(block|spill)\\.burst\\.(\\w+)", "F9", "Bursts amid 10,000/s, policy $1", "$2", false),
        new Rule("replay", "replay-late", "F7", "Replay at 100 times the speed", "behind schedule", false),
        new Rule("tailers", "alone|burner", "F11", "Live engine beside a hundred tailers", "$0", true),
        new Rule("tailers", "tailers", "F11", "Live engine beside a hundred tailers", "$0", false),
        new Rule("peers", "sluice-beside-(.+)", "F12", "Sluice and $1, in turn at the same rate", "Sluice", false),
        new Rule("peers", "(.+)", "F12", "Sluice and $1, in turn at the same rate", "$1", true),
        new Rule("table-.*", "\\w+\\.\\w+\\.\\d+\\.acknowledged\\..*", "", "", "", false),
        new Rule("table-.*", "(\\w+)\\.(\\w+)\\.(\\d+)\\.handled\\.(\\w+)", "TABLE",
            "Intended publish time to handled, $1, $2, $3 % of capacity", "$4", false),
        new Rule("soak", "soak\\.(\\w+)", "P1", "Intended publish time to handled, whole soak", "$1", false),
        new Rule(".*", ".*", OTHER, "", "$0", false));

    private CurveRules()
    {
    }

    /**
     * Sort the histograms of a file into plots.
     *
     * @param file read.
     * @return plots by the figure that they explain; those of no figure under {@code other}.
     */
    static Map<String, List<PercentileChart>> charts(final Results.HistogramFile file)
    {
        final Map<String, Map<String, List<PercentileChart.Curve>>> plots = new LinkedHashMap<>();
        file.byTag().forEach((tag, histogram) ->
        {
            if (histogram.getTotalCount() > 0 && !MACHINE.equals(tag))
            {
                add(plots, file.name(), tag, histogram);
            }
        });
        final Histogram machine = file.byTag().get(MACHINE);
        final Map<String, List<PercentileChart>> charts = new LinkedHashMap<>();
        plots.forEach((figure, byTitle) -> byTitle.forEach((title, curves) ->
        {
            if (machine != null && machine.getTotalCount() > 0)
            {
                curves.add(new PercentileChart.Curve("hiccups of the machine", Style.MACHINE, machine));
            }
            addSome(charts.computeIfAbsent(figure, (key) -> new ArrayList<>()), title, curves);
        }));
        return charts;
    }

    private static void add(
        final Map<String, Map<String, List<PercentileChart.Curve>>> plots,
        final String file,
        final String tag,
        final Histogram histogram)
    {
        for (final Rule rule : RULES)
        {
            final Matcher matcher = rule.tag().matcher(tag);
            if (rule.file().matcher(file).matches() && matcher.matches())
            {
                if (!rule.figure().isEmpty())
                {
                    final String title = rule.title().isEmpty() ? file + ".hlog" :
                        NAMES.matcher(matcher.replaceFirst(rule.title()))
                            .replaceAll((name) -> name.group().toUpperCase(Locale.ROOT));
                    final List<PercentileChart.Curve> curves = plots
                        .computeIfAbsent(rule.figure(), (key) -> new LinkedHashMap<>())
                        .computeIfAbsent(title, (key) -> new ArrayList<>());
                    final String label = matcher.replaceFirst(rule.label());
                    curves.add(new PercentileChart.Curve(label, style(label, rule.baseline(), curves), histogram));
                }
                return;
            }
        }
    }

    private static Style style(
        final String label, final boolean isBaseline, final List<PercentileChart.Curve> before)
    {
        final int index = (int)before.stream().filter((curve) -> curve.style().isBaseline() == isBaseline).count();
        return isBaseline ? Style.baseline(index) : Style.of(label.replace("beside ", ""), index);
    }

    // More curves than that can't be told apart.
    private static void addSome(
        final List<PercentileChart> charts, final String title, final List<PercentileChart.Curve> curves)
    {
        for (int from = 0; from < curves.size(); from += MOST_CURVES)
        {
            charts.add(new PercentileChart(title, curves.subList(from, Math.min(from + MOST_CURVES, curves.size()))));
        }
    }
}
