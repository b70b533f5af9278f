package io.sluice.perf.crash;

import io.sluice.journal.JournalPhase;
import io.sluice.journal.JournalPhaseListener;
import java.util.concurrent.locks.LockSupport;

/**
 * In the child: tells the parent each step of a risky phase, and stays in the wanted one until the parent kills.
 * Thread-safe: phases run beside each other on different threads.
 *
 * <p>What goes on all the time beside the rest is told only if it is wanted: a frame per step would slow everything.
 */
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
        if (CrashPhase.of(phase).isBeside() && phase != command.wantedPhase())
        {
            return;
        }
        if (phase == command.holdPhase() && isHold(step))
        {
            frames.send(Frame.Kind.HOLDING, phase.ordinal(), step, 0, 0, 0);
            // Nobody interrupts but a test.
            while (!Thread.currentThread().isInterrupted())
            {
                LockSupport.park(this);
            }
            return;
        }
        frames.send(Frame.Kind.STEP, phase.ordinal(), step, 0, 0, 0);
    }

    private synchronized boolean isHold(final int step)
    {
        if (step == 0)
        {
            occurrences++;
        }
        return occurrences >= command.holdOccurrence() && (step == command.holdStep() || step == END);
    }
}
