package io.sluice.perf.table;

import io.sluice.perf.report.FigureFile;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables as text for a terminal, and as Markdown. */
final class TableText
{
    private static final int[] WORDS = {6, 18, 10};
    private static final int NUMBER = 9;
    // Where the files of the run lay says nothing to a reader elsewhere.
    private static final Set<String> LEFT_OUT =
        Set.of("directory", "threadingMode", "idleStrategy", "command", "warnings");

    private TableText()
    {
    }

    /**
     * @param groups to write.
     * @return aligned columns.
     */
    static String plain(final List<TableGroups.Group> groups)
    {
        final StringBuilder text = new StringBuilder();
        for (final TableGroups.Group group : groups)
        {
            text.append('\n').append(group.title()).append('\n');
            appendPlain(text, TableGroups.COLUMNS);
            group.rows().forEach((row) -> appendPlain(text, row));
        }
        return text.toString();
    }

    /**
     * @param file a report.
     * @return its tables, with what a reader must know of the machine.
     */
    static String markdown(final FigureFile file)
    {
        final StringBuilder text = new StringBuilder();
        text.append("```sh\n").append(file.command().replaceAll(" --markdown[ =]\\S+", "")).append("\n```\n\n");
        for (final Map.Entry<String, Object> fact : file.host().entrySet())
        {
            if (!LEFT_OUT.contains(fact.getKey()))
            {
                text.append("- ").append(fact.getKey()).append(": ").append(words(fact.getValue())).append('\n');
            }
        }
        file.warnings().forEach((warning) -> text.append("- **").append(warning).append("**\n"));
        for (final TableGroups.Group group : TableGroups.of(file.figures()))
        {
            text.append("\n### ").append(group.title()).append("\n\n");
            appendMarkdown(text, TableGroups.COLUMNS);
            appendMarkdown(text, TableGroups.COLUMNS.stream().map((column) -> "---").collect(Collectors.toList()));
            group.rows().forEach((row) -> appendMarkdown(text, row));
        }
        return text.toString();
    }

    private static String words(final Object value)
    {
        return value instanceof List ?
            ((List<?>)value).stream().map((word) -> "`" + word + "`").collect(Collectors.joining(" ")) :
            value.toString();
    }

    private static void appendPlain(final StringBuilder text, final List<String> row)
    {
        for (int i = 0; i < row.size(); i++)
        {
            final int width = i < WORDS.length ? WORDS[i] : Math.max(NUMBER, TableGroups.COLUMNS.get(i).length());
            final String cell = row.get(i);
            // Words to the left, numbers to the right.
            final String blanks = " ".repeat(Math.max(0, width - cell.length()));
            text.append(i < WORDS.length ? cell + blanks : blanks + cell).append(i == row.size() - 1 ? "\n" : "  ");
        }
    }

    private static void appendMarkdown(final StringBuilder text, final List<String> row)
    {
        text.append("| ").append(String.join(" | ", row)).append(" |\n");
    }
}
