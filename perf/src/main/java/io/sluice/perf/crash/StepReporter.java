package io.sluice.perf.crash;

import io.sluice.journal.JournalPhase;
import io.sluice.journal.JournalPhaseListener;
import java.util.concurrent.locks.LockSupport;

/** In the child: tells the parent each step of a risky phase, and stays in the wanted one until the parent kills. */
final class StepReporter implements JournalPhaseListener
{
    private final FrameWriter frames;
    private final ChildCommand command;
    private int occurrences;

    StepReporter(final FrameWriter frames, final ChildCommand command)
    {
        this.frames = frames;
        this.command = command;
    }

    @Override
    public void onStep(final JournalPhase phase, final int step)
    {
        // What goes on beside the phases that kills are drawn from has no part in the report.
        if (phase != JournalPhase.SYNC && phase != JournalPhase.ARCHIVE)
        {
            report(phase, step);
        }
    }

    // Phases of one journal follow each other, but they may run on different threads.
    private synchronized void report(final JournalPhase phase, final int step)
    {
        if (phase == command.holdPhase())
        {
            if (step == 0)
            {
                occurrences++;
            }
            if (occurrences >= command.holdOccurrence() && (step == command.holdStep() || step == END))
            {
                frames.send(Frame.Kind.HOLDING, phase.ordinal(), step, 0, 0, 0);
                while (true)
                {
                    LockSupport.park(this);
                }
            }
        }
        frames.send(Frame.Kind.STEP, phase.ordinal(), step, 0, 0, 0);
    }
}
