package io.sluice.perf.soak;

import io.sluice.perf.report.Figure;
import java.util.ArrayList;
import java.util.List;

/**
 * What happened in a soak.
 *
 * @param published       events.
 * @param rolls           of the journal.
 * @param archived        files that went to the archive.
 * @param removed         files that retention removed.
 * @param failed          files with which something was wrong.
 * @param deadLetters     that were made.
 * @param failures        calls that failed as planted.
 * @param lateNs          the most that an event was published behind its time.
 * @param unexpected      errors that were reported and not planted.
 * @param firstUnexpected the first of these; empty if there was none.
 */
record SoakCounts(
    long published,
    long rolls,
    long archived,
    long removed,
    long failed,
    long deadLetters,
    long failures,
    long lateNs,
    long unexpected,
    String firstUnexpected)
{
    private static final double NS_PER_MS = 1e6;

    /**
     * @param kept what the journal still had.
     * @return the headline on the account, then its details.
     */
    List<Figure> figures(final KeptJournal kept)
    {
        final List<Figure> figures = new ArrayList<>();
        // A soak in which nothing was archived or removed says nothing about what comes of that.
        final boolean isThorough = rolls > 0 && archived > 0 && removed > 0;
        final Figure account = Figure.atMost("P1-account", "events lost, repeated or not accounted for, and errors " +
            "that were not planted", (double)(unexpected + failed), "events", 0, Double.NaN,
            unexpected + failed == 0 ? published + " events, each handled once by each subscription that wants it" :
            firstUnexpected.isEmpty() ? "files could not be archived" : firstUnexpected);
        figures.add(isThorough ? account : account.missed("too short for its files: " + rolls + " rolls, " + archived +
            " files archived, " + removed + " removed"));
        add(figures, "published", "events published", (double)published, "events");
        add(figures, "in-journal", "events that journal and archive still had", (double)kept.events(), "events");
        add(figures, "expired", "events that retention had removed", (double)kept.expired(), "events");
        add(figures, "rolls", "files that the journal went on in", (double)rolls, "files");
        add(figures, "archived", "files compressed into the archive", (double)archived, "files");
        add(figures, "removed", "files that retention removed", (double)removed, "files");
        add(figures, "failures", "calls of a handler that failed as planted", (double)failures, "calls");
        add(figures, "dead-letters", "events that failed in all attempts", (double)deadLetters, "events");
        add(figures, "late", "most that an event was published behind its time", lateNs / NS_PER_MS, "ms");
        return figures;
    }

    private static void add(
        final List<Figure> figures, final String id, final String name, final double value, final String unit)
    {
        figures.add(Figure.detail("P1-account/" + id, name, value, unit));
    }
}
