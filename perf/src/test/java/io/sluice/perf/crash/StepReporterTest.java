package io.sluice.perf.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.ThreadingMode;
import io.sluice.journal.JournalPhase;
import io.sluice.journal.JournalPhaseListener;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StepReporterTest
{
    private final byte[] scratch = new byte[Frame.LENGTH];

    @Test
    void shouldTellStepsOfWhatGoesOnBesideOnlyWhenTheyAreWanted() throws IOException
    {
        final ByteArrayOutputStream quiet = new ByteArrayOutputStream();
        final StepReporter unarmed = new StepReporter(new FrameWriter(quiet), command(JournalPhase.ROLL, false, 0, 0));
        final ByteArrayOutputStream loud = new ByteArrayOutputStream();
        final StepReporter armed = new StepReporter(new FrameWriter(loud), command(JournalPhase.SYNC, false, 0, 0));
        for (final StepReporter reporter : new StepReporter[]{unarmed, armed})
        {
            reporter.onStep(JournalPhase.SYNC, 0);
            reporter.onStep(JournalPhase.ARCHIVE, 0);
            reporter.onStep(JournalPhase.ROLL, 0);
        }

        final ByteArrayInputStream told = new ByteArrayInputStream(quiet.toByteArray());
        assertEquals(step(Frame.Kind.STEP, JournalPhase.ROLL, 0), Frame.read(told, scratch));
        assertNull(Frame.read(told, scratch));
        final ByteArrayInputStream all = new ByteArrayInputStream(loud.toByteArray());
        assertEquals(step(Frame.Kind.STEP, JournalPhase.SYNC, 0), Frame.read(all, scratch));
        assertEquals(step(Frame.Kind.STEP, JournalPhase.ROLL, 0), Frame.read(all, scratch));
        assertNull(Frame.read(all, scratch));
    }

    @Test
    void shouldStayInTheWantedStepAndLetOtherPhasesGoOnWhenItHolds() throws IOException, InterruptedException
    {
        final PipedOutputStream out = new PipedOutputStream();
        final PipedInputStream in = new PipedInputStream(out, 1 << 12);
        final StepReporter reporter = new StepReporter(new FrameWriter(out), command(JournalPhase.SYNC, true, 1, 2));
        final Thread syncer = new Thread(() ->
        {
            reporter.onStep(JournalPhase.SYNC, 0);
            reporter.onStep(JournalPhase.SYNC, 1);
            reporter.onStep(JournalPhase.SYNC, JournalPhaseListener.END);
            reporter.onStep(JournalPhase.SYNC, 0);
            reporter.onStep(JournalPhase.SYNC, 1);
        });
        syncer.start();

        for (final int step : new int[]{0, 1, JournalPhaseListener.END, 0})
        {
            assertEquals(step(Frame.Kind.STEP, JournalPhase.SYNC, step), Frame.read(in, scratch));
        }
        assertEquals(step(Frame.Kind.HOLDING, JournalPhase.SYNC, 1), Frame.read(in, scratch));
        reporter.onStep(JournalPhase.ROLL, 0);
        assertEquals(step(Frame.Kind.STEP, JournalPhase.ROLL, 0), Frame.read(in, scratch));
        assertTrue(syncer.isAlive());
        syncer.interrupt();
        syncer.join();
    }

    private static Frame step(final Frame.Kind kind, final JournalPhase phase, final int step)
    {
        return new Frame(kind, phase.ordinal(), step, 0, 0, 0);
    }

    private static ChildCommand command(
        final JournalPhase wanted, final boolean isHold, final int holdStep, final int occurrence)
    {
        return new ChildCommand(
            Path.of("/d"), ThreadingMode.SHARED, 1, 0, false, wanted, isHold, holdStep, occurrence);
    }
}
