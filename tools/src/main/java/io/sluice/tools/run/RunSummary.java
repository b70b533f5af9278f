package io.sluice.tools.run;

import io.sluice.engine.EngineStats;
import io.sluice.engine.PriorityStats;
import io.sluice.event.Priority;
import io.sluice.tools.text.Colour;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.Quantity;
import io.sluice.tools.text.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a run went.
 *
 * @param published    events of the sources, each once.
 * @param accepted     of them by the engine.
 * @param refused      events refused for good, and input that was no event.
 * @param journaled    records of this run found in the closed journal, duplicates included.
 * @param duplicates   of them.
 * @param delivered    events of this run that every matching subscription has completed.
 * @param redelivered  events of earlier runs handed out again.
 * @param deadLettered events of this run given up by a subscription.
 * @param lost         accepted and not found in the journal, or found and neither completed nor a duplicate.
 * @param elapsedNs    from the first event to the last one handled.
 * @param priorities   figures per priority, CRITICAL first.
 * @param directory    data directory, or null for a run without a journal.
 */
record RunSummary(
    long published,
    long accepted,
    long refused,
    long journaled,
    long duplicates,
    long delivered,
    long redelivered,
    long deadLettered,
    long lost,
    long elapsedNs,
    List<PriorityStats> priorities,
    Path directory)
{
    private static final long NS_PER_MS = 1_000_000L;
    private static final long NS_PER_TENTH_US = 100L;

    static RunSummary of(
        final RunState run, final RunAudit audit, final EngineStats stats, final long elapsedNs, final Path directory)
    {
        return new RunSummary(
            run.publishedCount(),
            run.acceptedCount(),
            run.problems().refused() + run.problems().malformed(),
            audit.journaled(),
            audit.duplicates(),
            run.completions().count(),
            run.redeliveredCount(),
            0L,
            audit.lost(),
            elapsedNs,
            stats.priorities(),
            directory);
    }

    /** Of a run without a journal: what was accepted must have been handled, unless it was a duplicate. */
    static RunSummary withoutJournal(final RunState run, final EngineStats stats, final long elapsedNs)
    {
        final long delivered = run.completions().count();
        return new RunSummary(
            run.publishedCount(),
            run.acceptedCount(),
            run.problems().refused() + run.problems().malformed(),
            0L,
            stats.duplicates(),
            delivered,
            run.redeliveredCount(),
            0L,
            Math.max(0L, run.acceptedCount() - stats.duplicates() - delivered),
            elapsedNs,
            stats.priorities(),
            null);
    }

    long eventsPerSecond()
    {
        return elapsedNs == 0 ? 0 : Math.round(accepted * 1e9 / elapsedNs);
    }

    JsonLine json()
    {
        final JsonLine perPriority = new JsonLine();
        for (final PriorityStats stats : priorities)
        {
            perPriority.add(stats.priority().label(), new JsonLine()
                .add("count", stats.latency().getTotalCount())
                .addTenths("p50Us", stats.percentileNs(50) / NS_PER_TENTH_US)
                .addTenths("p99Us", stats.percentileNs(99) / NS_PER_TENTH_US)
                .addTenths("p999Us", stats.percentileNs(99.9) / NS_PER_TENTH_US)
                .addTenths("maxUs", stats.percentileNs(100) / NS_PER_TENTH_US)
                .add("budgetMs", stats.budgetNs() / NS_PER_MS)
                .add("overBudget", stats.overBudget()));
        }
        return new JsonLine()
            .add("published", published)
            .add("accepted", accepted)
            .add("refused", refused)
            .add("journaled", journaled)
            .add("duplicates", duplicates)
            .add("delivered", delivered)
            .add("redelivered", redelivered)
            .add("deadLettered", deadLettered)
            .add("lost", lost)
            .add("elapsedMs", elapsedNs / NS_PER_MS)
            .add("eventsPerSecond", eventsPerSecond())
            .add("priorities", perPriority);
    }

    /** @return the summary for people, its verdict last. */
    List<String> text(final boolean isColoured)
    {
        final List<String> lines = new ArrayList<>(table().lines(isColoured));
        lines.add("");
        lines.add("published  " + Quantity.count(published) + " events in " + Quantity.duration(elapsedNs) + ", " +
            Quantity.count(eventsPerSecond()) + " a second");
        lines.add("accepted   " + Quantity.count(accepted) +
            (refused == 0 ? "" : ", refused " + Quantity.count(refused)));
        if (directory != null)
        {
            lines.add("journaled  " + Quantity.count(journaled) + ", duplicates " + Quantity.count(duplicates));
        }
        lines.add("delivered  " + Quantity.count(delivered) +
            (directory == null ? ", duplicates " + Quantity.count(duplicates) : "") +
            (redelivered == 0 ? "" : ", redelivered from earlier runs " + Quantity.count(redelivered)));
        if (directory != null)
        {
            lines.add("data       " + directory.toAbsolutePath().normalize());
            final String option = directory.toString().equals("sluice-data") ? "" : " --dir " + directory;
            lines.add("next       sluice tail --from end --follow" + option + "   |   sluice verify" + option);
        }
        lines.add("");
        final String verdict = "lost " + Quantity.count(lost);
        lines.add(isColoured ? (lost == 0 ? Colour.GREEN : Colour.RED).paint(verdict) : verdict);
        return lines;
    }

    private Table table()
    {
        final Table table =
            new Table("priority", "count", "p50", "p99", "p99.9", "max", "budget", "over budget");
        for (final PriorityStats stats : priorities)
        {
            final boolean isEmpty = stats.latency().getTotalCount() == 0;
            table.row(
                stats.overBudget() > 0 ? Colour.YELLOW : isEmpty ? Colour.FAINT : Colour.NONE,
                name(stats.priority()),
                Quantity.count(stats.latency().getTotalCount()),
                isEmpty ? "-" : Quantity.duration(stats.percentileNs(50)),
                isEmpty ? "-" : Quantity.duration(stats.percentileNs(99)),
                isEmpty ? "-" : Quantity.duration(stats.percentileNs(99.9)),
                isEmpty ? "-" : Quantity.duration(stats.percentileNs(100)),
                stats.budgetNs() / NS_PER_MS + " ms",
                Quantity.count(stats.overBudget()));
        }
        return table;
    }

    private static String name(final Priority priority)
    {
        return priority.name();
    }
}
