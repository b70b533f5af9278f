package io.sluice.perf.crash;

import io.sluice.engine.ThreadingMode;
import io.sluice.journal.JournalPhase;
import java.nio.file.Path;

/**
 * What the parent wants of a child: one line of text on its stdin, fields between tabs.
 *
 * @param directory      of the engine; must not hold a tab.
 * @param threadingMode  of the engine.
 * @param seed           of everything random.
 * @param firstAttempt   number of the first event to publish; all numbers before were tried by earlier children.
 * @param isFinish       whether to close the engine in order instead of publishing.
 * @param holdPhase      to stop in, or null.
 * @param holdStep       to stop at; the end of the phase counts if there is no such step.
 * @param holdOccurrence of the phase to stop in, from 1.
 */
record ChildCommand(
    Path directory,
    ThreadingMode threadingMode,
    long seed,
    long firstAttempt,
    boolean isFinish,
    JournalPhase holdPhase,
    int holdStep,
    int holdOccurrence)
{
    /** Second line: redelivery was checked, go on. */
    static final String GO = "go";

    private static final String SEPARATOR = "\t";
    private static final String NONE = "-";
    private static final int FIELDS = 8;

    String toLine()
    {
        return String.join(
            SEPARATOR,
            directory.toString(),
            threadingMode.name(),
            Long.toString(seed),
            Long.toString(firstAttempt),
            Boolean.toString(isFinish),
            holdPhase == null ? NONE : holdPhase.name(),
            Integer.toString(holdStep),
            Integer.toString(holdOccurrence));
    }

    static ChildCommand parse(final String line)
    {
        final String[] fields = line.split(SEPARATOR, -1);
        if (fields.length != FIELDS)
        {
            throw new IllegalArgumentException("not a command: " + line);
        }
        return new ChildCommand(
            Path.of(fields[0]),
            ThreadingMode.valueOf(fields[1]),
            Long.parseLong(fields[2]),
            Long.parseLong(fields[3]),
            Boolean.parseBoolean(fields[4]),
            NONE.equals(fields[5]) ? null : JournalPhase.valueOf(fields[5]),
            Integer.parseInt(fields[6]),
            Integer.parseInt(fields[7]));
    }
}
