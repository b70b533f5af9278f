package io.sluice.perf.core;

import io.sluice.perf.report.OutputOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * One command of the harness as a part of a larger run.
 *
 * @param command         name of it.
 * @param figures         headline figures that it must deliver.
 * @param options         that say how much it measures.
 * @param expectedSeconds it takes on two slow cores.
 */
record Step(String command, List<String> figures, List<String> options, double expectedSeconds)
{
    Step
    {
        figures = List.copyOf(figures);
        options = List.copyOf(options);
    }

    /** @return the words that it is started with. */
    List<String> words()
    {
        final List<String> words = new ArrayList<>();
        words.add(command);
        words.addAll(options);
        return words;
    }

    /** @return what measures the same once more. */
    String commandLine()
    {
        return OutputOptions.commandLine(words());
    }
}
