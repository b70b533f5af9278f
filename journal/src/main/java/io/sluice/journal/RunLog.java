package io.sluice.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The runs of a journal, in {@code control/runs}: who appended, from which sequence on, where the journal rolled, and
 * whether the run ended in order. What it says must exist in the journal; so a journal that lost its end is noticed.
 *
 * <p>Every line is forced to the device. A start is there before the first append of its run; a roll is noted when the
 * new file and all older ones are on the device, and a stop when everything is. So what rolls and stops say binds even
 * after a power loss.
 */
final class RunLog
{
    /**
     * Begin of a run.
     *
     * @param runId        of it.
     * @param nextSequence that it gives first: all before was recovered.
     * @param boot         id of the machine's start in which it ran.
     */
    record Start(long runId, long nextSequence, String boot)
    {
    }

    /**
     * What the log says.
     *
     * @param starts         that it holds, in order.
     * @param leastSequence  that the journal must have reached, as long as there was no power loss; exactly that after
     *                       a clean stop.
     * @param forcedSequence that the journal must have reached even after a power loss.
     * @param forcedCycle    cycle of the last file whose making is noted, -1 if none: all older ones are on the device.
     * @param firsts         first sequence of each file whose making is noted, by cycle; also of files that are gone.
     * @param lastTimeNs     latest journal or clock time in it.
     * @param cleanStop      true if the last run ended in order, or there was none.
     */
    record Summary(
        List<Start> starts,
        long leastSequence,
        long forcedSequence,
        int forcedCycle,
        NavigableMap<Integer, Long> firsts,
        long lastTimeNs,
        boolean cleanStop)
    {
        /** @return the first sequence that a file may hold, as far as that is known. */
        long firstOf(final int cycle)
        {
            return firsts.getOrDefault(cycle, 1L);
        }

        /** @return the last sequence that a file may hold, as far as that is known. */
        long lastOf(final int cycle)
        {
            final Map.Entry<Integer, Long> next = firsts.higherEntry(cycle);
            return next == null ? Long.MAX_VALUE : next.getValue() - 1;
        }

        /** @return true if the machine was not started again since the last run began. */
        boolean isSameBoot(final String boot)
        {
            return !starts.isEmpty() && BootId.isSame(starts.get(starts.size() - 1).boot(), boot);
        }

        /** @return true if the last run has no end in order, and the machine was started again since, or perhaps. */
        boolean mayHaveLostPower(final String boot)
        {
            return !cleanStop && !isSameBoot(boot);
        }

        /**
         * How much of what each run saw is still in the journal: a later run may have begun before the end of it, where
         * a power loss took the rest.
         *
         * @param lastSequence of the journal now.
         * @return by run id, the sequence up to which the journal is what that run saw.
         */
        Map<Long, Long> ends(final long lastSequence)
        {
            final Map<Long, Long> ends = new HashMap<>();
            long end = lastSequence;
            for (int i = starts.size() - 1; i >= 0; i--)
            {
                ends.put(starts.get(i).runId(), end);
                end = Math.min(end, starts.get(i).nextSequence() - 1);
            }
            return ends;
        }
    }

    private static final String START = "start ";
    private static final String ROLL = "roll ";
    private static final String STOP = "stop ";

    private final Path file;
    private final DeviceForce force;

    /** For reading. */
    RunLog(final DataDirectory directory)
    {
        this(directory, new DeviceForce(ForceListener.NONE));
    }

    RunLog(final DataDirectory directory, final DeviceForce force)
    {
        file = directory.runs();
        this.force = force;
    }

    Summary read() throws IOException
    {
        final List<Start> starts = new ArrayList<>();
        long leastSequence = 0;
        long forcedSequence = 0;
        int forcedCycle = -1;
        final NavigableMap<Integer, Long> firsts = new TreeMap<>();
        long lastTimeNs = 0;
        boolean cleanStop = true;
        for (final String line : ControlFile.read(file, ControlFileKind.RUNS).lines())
        {
            if (line.startsWith(START))
            {
                final long next = ControlFile.longOf(line, "next");
                starts.add(new Start(
                    ControlFile.longOf(line, "run"), next, ControlFile.valueOf(line, "boot", BootId.UNKNOWN)));
                final String goesOnIn = ControlFile.valueOf(line, "file", "-");
                if (!goesOnIn.equals("-"))
                {
                    // What was noted of files behind that one is over: a repair took them away.
                    firsts.tailMap(CycleFiles.cycleOf(Path.of(goesOnIn)), false).clear();
                }
                // Not the greatest so far: what a power loss took, an earlier run may have noted.
                leastSequence = next - 1;
                cleanStop = false;
            }
            else if (line.startsWith(ROLL))
            {
                final long first = ControlFile.longOf(line, "first");
                leastSequence = Math.max(leastSequence, first);
                forcedSequence = Math.max(forcedSequence, first);
                final int cycle = CycleFiles.cycleOf(Path.of(ControlFile.valueOf(line, "file")));
                forcedCycle = Math.max(forcedCycle, cycle);
                firsts.tailMap(cycle, true).clear();
                firsts.put(cycle, first);
                cleanStop = false;
            }
            else if (line.startsWith(STOP))
            {
                final long last = ControlFile.longOf(line, "last");
                leastSequence = Math.max(leastSequence, last);
                forcedSequence = Math.max(forcedSequence, last);
                lastTimeNs = Math.max(lastTimeNs, ControlFile.longOf(line, "journal"));
                cleanStop = true;
            }
        }
        return new Summary(
            List.copyOf(starts), leastSequence, forcedSequence, forcedCycle, firsts, lastTimeNs, cleanStop);
    }

    boolean knows(final long runId) throws IOException
    {
        return read().starts().stream().anyMatch((start) -> start.runId() == runId);
    }

    /**
     * Note that a run begins.
     *
     * @param cycleFile in which it goes on, null if it begins a new one.
     */
    void start(
        final long runId, final long nextSequence, final Path cycleFile, final String boot, final long nowNs)
        throws IOException
    {
        force.createDirectories(file.getParent());
        ControlFile.append(
            file,
            START + "run=" + runId + " next=" + nextSequence +
            " file=" + (cycleFile == null ? "-" : cycleFile.getFileName()) + " time=" + nowNs +
            " pid=" + ProcessHandle.current().pid() +
            " boot=" + ControlFile.word(boot) +
            " host=" + ControlFile.word(WriterLock.hostName()) +
            " user=" + ControlFile.word(System.getProperty("user.name")) +
            " jvm=" + ControlFile.word(System.getProperty("java.vm.name") + " " + Runtime.version()),
            force);
    }

    void roll(final long runId, final Path cycleFile, final long firstSequence, final long nowNs) throws IOException
    {
        ControlFile.append(
            file,
            ROLL + "run=" + runId + " file=" + cycleFile.getFileName() + " first=" + firstSequence + " time=" + nowNs,
            force);
    }

    void stop(final long runId, final long lastSequence, final long journalTimeNs, final long nowNs) throws IOException
    {
        ControlFile.append(
            file,
            STOP + "run=" + runId + " last=" + lastSequence + " journal=" + journalTimeNs + " time=" + nowNs,
            force);
    }

    /** Take lines out that a power loss left half written, having put the file aside. */
    void dropUnsound(final Quarantine quarantine) throws IOException
    {
        ControlFile.dropUnsound(file, ControlFileKind.RUNS, quarantine, force);
    }
}
