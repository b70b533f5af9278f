package io.sluice.perf.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.perf.PerfMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The page on performance names commands and options that there are. */
class PerformancePageTest
{
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (F\\d+) \\| `(\\w+)` \\|");
    private static final String PROGRAM = "./sluice perf ";

    @Test
    void shouldNameTheCommandOfEachFigureWhenTheyAreListed() throws IOException
    {
        final Matcher rows = ROW.matcher(page());
        final List<String> named = rows.results()
            .map((row) -> row.group(1) + " " + row.group(2)).collect(Collectors.toList());

        assertEquals(CorePlan.core(1).stream()
            .flatMap((step) -> step.figures().stream().map((id) -> id + " " + step.command()))
            .collect(Collectors.toList()), named);
    }

    @Test
    void shouldUnderstandEachLineWhenAPageShowsIt() throws IOException
    {
        final List<String> lines =
            page().lines().filter((line) -> line.startsWith(PROGRAM)).collect(Collectors.toList());

        assertTrue(lines.size() >= 6, lines.toString());
        for (final String line : lines)
        {
            final String[] words = line.substring(PROGRAM.length()).split(" ", -1);
            final Class<?> command = Arrays.stream(PerfMain.class.getAnnotation(Command.class).subcommands())
                .filter((type) -> words[0].equals(type.getAnnotation(Command.class).name()))
                .findFirst().orElseThrow(() -> new AssertionError("no such command: " + line));
            new CommandLine(command).parseArgs(Arrays.copyOfRange(words, 1, words.length));
        }
    }

    private static String page() throws IOException
    {
        return Files.readString(Path.of("..", "docs", "performance.md"));
    }
}
