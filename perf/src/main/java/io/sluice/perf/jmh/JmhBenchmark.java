package io.sluice.perf.jmh;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One method that is measured, once for each value of its parameter.
 *
 * @param name   for people, {@code mechanism/case}.
 * @param method with its class, as JMH knows it.
 * @param cases  values of its parameters; 1 if there is none.
 */
record JmhBenchmark(String name, String method, int cases)
{
    private static final String PACKAGE = JmhBenchmark.class.getPackageName() + ".";
    private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    /**
     * @param part that must be found in the name.
     * @return the benchmarks of this program, by name.
     */
    static List<JmhBenchmark> find(final Pattern part)
    {
        final OutputFormat silent = OutputFormatFactory.createFormatInstance(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), VerboseMode.SILENT);
        return BenchmarkList.defaultList().find(silent, List.of(Pattern.quote(PACKAGE)), List.of()).stream()
            .map(JmhBenchmark::of)
            .filter((benchmark) -> part.matcher(benchmark.name()).find())
            .collect(Collectors.toList());
    }

    /**
     * @param params of a result.
     * @return name of what was measured, with the values of its parameters.
     */
    static String nameOf(final BenchmarkParams params)
    {
        final StringBuilder name = new StringBuilder(nameOf(params.getBenchmark()));
        for (final Object key : params.getParamsKeys())
        {
            name.append('/').append(params.getParam((String)key));
        }
        return name.toString();
    }

    /**
     * @param method with its class.
     * @return its name for people.
     */
    static String nameOf(final String method)
    {
        final String name = method.substring(method.lastIndexOf('.', method.lastIndexOf('.') - 1) + 1)
            .replace("Benchmark.", "/");
        return HUMP.matcher(name).replaceAll("-").toLowerCase(Locale.ROOT);
    }

    private static JmhBenchmark of(final BenchmarkListEntry entry)
    {
        int cases = 1;
        if (entry.getParams().hasValue())
        {
            for (final String[] values : entry.getParams().get().values())
            {
                cases *= values.length;
            }
        }
        return new JmhBenchmark(nameOf(entry.getUsername()), entry.getUsername(), cases);
    }
}
