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
 * @param wantedPhase    that the kill is meant for, or null; steps of phases that go on beside are told for this one.
 * @param isHold         whether to stop in that phase.
 * @param holdStep       to stop at; the end of the phase counts if there is no such step.
 * @param holdOccurrence of the phase to stop in, from 1.
 */
record ChildCommand(
    Path directory,
    ThreadingMode threadingMode,
    long seed,
    long firstAttempt,
    boolean isFinish,
    JournalPhase wantedPhase,
    boolean isHold,
    int holdStep,
    int holdOccurrence)
{
    /** Second line: redelivery was checked, go on. */
    static final String GO = "go";

    private static final String SEPARATOR = "\t";
    private static final String NONE = "-";
    private static final int FIELDS = 9;

    String toLine()
    {
        return String.join(
            SEPARATOR,
            directory.toString(),
            threadingMode.name(),
            Long.toString(seed),
            Long.toString(firstAttempt),
            Boolean.toString(isFinish),
            wantedPhase == null ? NONE : wantedPhase.name(),
            Boolean.toString(isHold),
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
            Boolean.parseBoolean(fields[6]),
            Integer.parseInt(fields[7]),
            Integer.parseInt(fields[8]));
    }

    /** @return phase to stop in, or null. */
    JournalPhase holdPhase()
    {
        return isHold ? wantedPhase : null;
    }
}
