package io.sluice.perf.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the tables of {@code docs/requirements.md} and says what is wrong with them. A row is
 * {@code | id | requirement | proved by | where | state |}.
 */
final class RequirementsTable
{
    static final String DONE = "done";
    static final String PARTLY = "partly";
    static final String NOT_YET = "not yet";

    private static final int COLUMNS = 5;
    private static final Map<String, Integer> LAST_OF_GROUP =
        Map.of("C", 10, "D", 15, "J", 9, "S", 6, "H", 10, "X", 3, "P", 3, "V", 16);
    private static final Pattern ID = Pattern.compile("[A-Z]\\d+");
    private static final Pattern TEST_CLASS = Pattern.compile("`([A-Z]\\w*)`");

    private RequirementsTable()
    {
    }

    static Set<String> expectedIds()
    {
        final Set<String> ids = new TreeSet<>();
        LAST_OF_GROUP.forEach((group, last) ->
        {
            for (int i = 1; i <= last; i++)
            {
                ids.add(group + i);
            }
        });
        return ids;
    }

    static List<String> problems(final String markdown, final Set<String> testClasses)
    {
        final List<String> problems = new ArrayList<>();
        final Map<String, Integer> seen = new TreeMap<>();
        for (final String line : markdown.lines().toList())
        {
            final List<String> cells = cellsOf(line);
            if (!cells.isEmpty() && ID.matcher(cells.get(0)).matches())
            {
                seen.merge(cells.get(0), 1, Integer::sum);
                checkRow(cells, testClasses, problems);
            }
        }
        final Set<String> expected = expectedIds();
        seen.forEach((id, times) ->
        {
            if (!expected.contains(id))
            {
                problems.add(id + ": no such requirement");
            }
            if (times > 1)
            {
                problems.add(id + ": " + times + " rows");
            }
        });
        expected.stream().filter(id -> !seen.containsKey(id)).forEach(id -> problems.add(id + ": no row"));
        return problems;
    }

    private static void checkRow(final List<String> cells, final Set<String> testClasses, final List<String> problems)
    {
        final String id = cells.get(0);
        if (cells.size() != COLUMNS)
        {
            problems.add(id + ": " + cells.size() + " columns instead of " + COLUMNS);
            return;
        }
        final String state = cells.get(4);
        final boolean isNotYet = state.equals(NOT_YET);
        if (!isNotYet && !state.equals(DONE) && !state.startsWith(PARTLY))
        {
            problems.add(id + ": state '" + state + "', use done, partly or not yet");
        }
        int tests = 0;
        final Matcher matcher = TEST_CLASS.matcher(cells.get(2));
        while (matcher.find())
        {
            tests++;
            if (!testClasses.contains(matcher.group(1)))
            {
                problems.add(id + ": no test class " + matcher.group(1));
            }
        }
        if (tests == 0 && !isNotYet)
        {
            problems.add(id + ": " + state + ", but no test named");
        }
        if (cells.get(3).isEmpty() && state.equals(DONE))
        {
            problems.add(id + ": done, but not said where a user meets it");
        }
    }

    /** Cells of a row, stripped; none if it is no row. */
    static List<String> cellsOf(final String line)
    {
        final String row = line.strip();
        if (row.length() < 2 || !row.startsWith("|") || !row.endsWith("|"))
        {
            return List.of();
        }
        final List<String> cells = new ArrayList<>();
        int start = 1;
        for (int end = row.indexOf('|', start); end >= 0; end = row.indexOf('|', start))
        {
            cells.add(row.substring(start, end).strip());
            start = end + 1;
        }
        return cells;
    }
}
