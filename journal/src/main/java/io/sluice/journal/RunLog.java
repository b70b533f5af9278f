package io.sluice.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The runs of a journal, in {@code control/runs}: who appended, from which sequence on, where the journal rolled, and
 * whether the run ended in order. What it says must exist in the journal; so a journal that lost its end is noticed.
 */
final class RunLog
{
    /**
     * What the log says.
     *
     * @param runs          starts that it holds.
     * @param lastRunId     of the last start, 0 if none.
     * @param leastSequence that the journal must have reached; exactly that after a clean stop.
     * @param lastTimeNs    latest journal or clock time in it.
     * @param cleanStop     true if the last run ended in order, or there was none.
     * @param damaged       lines that fail their checksum.
     */
    record Summary(int runs, long lastRunId, long leastSequence, long lastTimeNs, boolean cleanStop, int damaged)
    {
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
        final ControlFile.Content content = ControlFile.read(file);
        int runs = 0;
        long lastRunId = 0;
        long leastSequence = 0;
        long lastTimeNs = 0;
        boolean cleanStop = true;
        for (final String line : content.lines())
        {
            if (line.startsWith(START))
            {
                runs++;
                lastRunId = ControlFile.longOf(line, "run");
                leastSequence = Math.max(leastSequence, ControlFile.longOf(line, "next") - 1);
                cleanStop = false;
            }
            else if (line.startsWith(ROLL))
            {
                leastSequence = Math.max(leastSequence, ControlFile.longOf(line, "first"));
                cleanStop = false;
            }
            else if (line.startsWith(STOP))
            {
                leastSequence = Math.max(leastSequence, ControlFile.longOf(line, "last"));
                lastTimeNs = Math.max(lastTimeNs, ControlFile.longOf(line, "journal"));
                cleanStop = true;
            }
        }
        return new Summary(runs, lastRunId, leastSequence, lastTimeNs, cleanStop, content.damaged());
    }

    boolean knows(final long runId) throws IOException
    {
        final List<String> lines = ControlFile.read(file).lines();
        return lines.stream().anyMatch((line) -> line.startsWith(START) && ControlFile.longOf(line, "run") == runId);
    }

    void start(final long runId, final long nextSequence, final long nowNs) throws IOException
    {
        Files.createDirectories(file.getParent());
        ControlFile.append(
            file,
            START + "run=" + runId + " next=" + nextSequence + " time=" + nowNs +
            " pid=" + ProcessHandle.current().pid() +
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
}
