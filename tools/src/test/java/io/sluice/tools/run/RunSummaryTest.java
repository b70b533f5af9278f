package io.sluice.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.PriorityStats;
import io.sluice.event.Priority;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RunSummaryTest
{
    @Test
    void shouldPrintTableWithVerdictLast()
    {
        assertEquals(
            """
            priority  count      p50      p99    p99.9      max   budget  over budget
            CRITICAL      0        -        -        -        -    50 ms            0
            HIGH      1,000  1.00 µs  1.00 µs  1.00 µs  1.00 µs   100 ms            0
            NORMAL    1,000  2.00 ms  2.00 ms  2.00 ms  2.00 ms   500 ms            7
            LOW       1,000  3.00 ms  3.00 ms  3.00 ms  3.00 ms  1000 ms            0

            published  3,001 events in 1.50 s, 2,000 a second
            accepted   3,000, refused 1
            journaled  3,000, duplicates 12
            delivered  2,988, redelivered from earlier runs 3
            data       /srv/data
            next       sluice tail --from end --follow --dir /srv/data   |   sluice verify --dir /srv/data

            lost 0
            """,
            String.join("\n", summary(0).text(false)) + "\n");
    }

    @Test
    void shouldPrintJsonAsScriptsKnowIt()
    {
        assertEquals(
            "{'published':3001,'accepted':3000,'refused':1,'journaled':3000,'duplicates':12,'delivered':2988," +
            "'redelivered':3,'deadLettered':0,'lost':2,'elapsedMs':1500,'eventsPerSecond':2000,'priorities':{" +
            "'critical':{'count':0,'p50Us':0,'p99Us':0,'p999Us':0,'maxUs':0,'budgetMs':50,'overBudget':0}," +
            "'high':{'count':1000,'p50Us':1,'p99Us':1,'p999Us':1,'maxUs':1,'budgetMs':100,'overBudget':0}," +
            "'normal':{'count':1000,'p50Us':2000.8,'p99Us':2000.8,'p999Us':2000.8,'maxUs':2000.8," +
            "'budgetMs':500,'overBudget':7}," +
            "'low':{'count':1000,'p50Us':3000.3,'p99Us':3000.3,'p999Us':3000.3,'maxUs':3000.3," +
            "'budgetMs':1000,'overBudget':0}}}",
            summary(2).json().toString().replace('"', '\''));
    }

    @Test
    void shouldShowLossInRedOnATerminal()
    {
        final List<String> lines = summary(2).text(true);

        assertEquals("\u001b[31mlost 2\u001b[0m", lines.get(lines.size() - 1));
        assertTrue(lines.get(3).startsWith("\u001b[33mNORMAL"), lines.get(3));
    }

    private static RunSummary summary(final long lost)
    {
        final long[] budgetsMs = {50, 100, 500, 1000};
        final long[] latenciesNs = {0, 1_000, 2_000_000, 3_000_000};
        final List<PriorityStats> priorities = new ArrayList<>();
        for (final Priority priority : Priority.values())
        {
            final int code = priority.code();
            final Histogram latency = new Histogram(3);
            if (code > 0)
            {
                latency.recordValueWithCount(latenciesNs[code], 1000);
            }
            priorities.add(new PriorityStats(
                priority, 0, 0, Map.of(), 0, 0, 0, 0, 0, 0, 0, code == 2 ? 7 : 0, budgetsMs[code] * 1_000_000,
                latency));
        }
        return new RunSummary(
            3001, 3000, 1, 3000, 12, 2988, 3, 0, lost, 1_500_000_000L, priorities, Path.of("/srv/data"));
    }
}
