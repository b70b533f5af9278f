package io.sluice.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The runs of a journal, in {@code control/runs}: who appended, from which sequence on, where the journal rolled, and
 * whether the run ended in order. What it says must exist in the journal; so a journal that lost its end is noticed.
 *
 * <p>A start is on the device before the first append of its run, and everything before a stop is on the device when
 * the stop is noted. The rest of the lines may be taken by a power loss.
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
     * @param lastTimeNs     latest journal or clock time in it.
     * @param cleanStop      true if the last run ended in order, or there was none.
     * @param damaged        lines that fail their checksum.
     */
    record Summary(
        List<Start> starts, long leastSequence, long forcedSequence, long lastTimeNs, boolean cleanStop, int damaged)
    {
        /** @return true if the machine was not started again since the last run began. */
        boolean isSameBoot(final String boot)
        {
            return !starts.isEmpty() && BootId.isSame(starts.get(starts.size() - 1).boot(), boot);
        }

        /**
         * How much of what a run saw is still in the journal: a later run may have begun before the end of it, where a
         * power loss took the rest.
         *
         * @param runId        of the run.
         * @param lastSequence of the journal now.
         * @return sequence up to which the journal is what that run saw, or -1 if the log does not know the run.
         */
        long endOf(final long runId, final long lastSequence)
        {
            int at = starts.size() - 1;
            long end = lastSequence;
            while (at >= 0 && starts.get(at).runId() != runId)
            {
                end = Math.min(end, starts.get(at).nextSequence() - 1);
                at--;
            }
            return at < 0 ? -1 : end;
        }
    }

    private static final String START = "start ";
    private static final String ROLL = "roll ";
    private static final String STOP = "stop ";

    private final Path file;
    private final DeviceForce force;

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
        final ControlFile.Content content = ControlFile.read(file);
        final List<Start> starts = new ArrayList<>();
        long leastSequence = 0;
        long forcedSequence = 0;
        long lastTimeNs = 0;
        boolean cleanStop = true;
        for (final String line : content.lines())
        {
            if (line.startsWith(START))
            {
                final long next = ControlFile.longOf(line, "next");
                starts.add(new Start(
                    ControlFile.longOf(line, "run"), next, ControlFile.valueOf(line, "boot", BootId.UNKNOWN)));
                // Not the greatest so far: what a power loss took, an earlier run may have noted.
                leastSequence = next - 1;
                cleanStop = false;
            }
            else if (line.startsWith(ROLL))
            {
                leastSequence = Math.max(leastSequence, ControlFile.longOf(line, "first"));
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
            List.copyOf(starts), leastSequence, forcedSequence, lastTimeNs, cleanStop, content.damaged());
    }

    boolean knows(final long runId) throws IOException
    {
        return read().endOf(runId, 0) >= 0;
    }

    void start(final long runId, final long nextSequence, final String boot, final long nowNs) throws IOException
    {
        force.createDirectories(file.getParent());
        ControlFile.append(
            file,
            START + "run=" + runId + " next=" + nextSequence + " time=" + nowNs +
            " pid=" + ProcessHandle.current().pid() +
            " boot=" + ControlFile.word(boot) +
            " host=" + ControlFile.word(WriterLock.hostName()) +
            " user=" + ControlFile.word(System.getProperty("user.name")) +
            " jvm=" + ControlFile.word(System.getProperty("java.vm.name") + " " + Runtime.version()));
        force.file(file);
        force.directory(file.getParent());
    }

    void roll(final long runId, final Path cycleFile, final long firstSequence, final long nowNs) throws IOException
    {
        ControlFile.append(
            file,
            ROLL + "run=" + runId + " file=" + cycleFile.getFileName() + " first=" + firstSequence + " time=" + nowNs);
    }

    void stop(final long runId, final long lastSequence, final long journalTimeNs, final long nowNs) throws IOException
    {
        ControlFile.append(
            file, STOP + "run=" + runId + " last=" + lastSequence + " journal=" + journalTimeNs + " time=" + nowNs);
        force.file(file);
    }

    /** Take lines out that a power loss left half written, having put the file aside. */
    void dropUnsound(final Quarantine quarantine) throws IOException
    {
        if (Files.exists(file) && !ControlFile.isSound(file))
        {
            quarantine.keep(file);
            ControlFile.rewrite(file, ControlFile.read(file).lines(), force);
        }
    }
}
