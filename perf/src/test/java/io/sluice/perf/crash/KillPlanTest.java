package io.sluice.perf.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.journal.JournalPhaseListener;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KillPlanTest
{
    private final Random random = new Random(42);
    private final PhaseSteps steps = new PhaseSteps();

    @Test
    void shouldGiveEveryPhaseItsPartWhenKillsLandWhereTheyShould()
    {
        final PhaseTally tally = new PhaseTally(12);
        boolean hasRun = false;
        for (int i = 0; i < 12; i++)
        {
            final CrashPhase phase = tally.next(hasRun, random);
            hasRun = phase != CrashPhase.FIRST_CREATION;
            tally.count(phase);
        }
        assertEquals(0, tally.deficit());
        for (final CrashPhase phase : CrashPhase.values())
        {
            assertTrue(tally.kills(phase) >= 2, phase + " got " + tally.kills(phase));
        }
    }

    @Test
    void shouldNotAskForRecoveryWhenThereIsNothingToRecover()
    {
        final PhaseTally tally = new PhaseTally(100);
        for (int i = 0; i < 50; i++)
        {
            assertNotEquals(CrashPhase.RECOVERY, tally.next(false, random));
        }
    }

    @Test
    void shouldHoldAtEveryKnownStepAndAtTheEndWhenDrawnOften()
    {
        for (int step = 0; step < 3; step++)
        {
            steps.onStep(CrashPhase.ROLL, step, step);
        }
        steps.onStep(CrashPhase.ROLL, JournalPhaseListener.END, 500);
        final Set<Integer> drawn = new HashSet<>();
        for (int i = 0; i < 200; i++)
        {
            drawn.add(KillPlan.draw(CrashPhase.ROLL, steps, true, random).holdStep());
        }
        assertEquals(Set.of(0, 1, 2, JournalPhaseListener.END), drawn);
        assertEquals(500, steps.durationNs(CrashPhase.ROLL));
    }

    @Test
    void shouldUseEveryTriggerWhenNotSure()
    {
        final Set<KillPlan.Trigger> drawn = EnumSet.noneOf(KillPlan.Trigger.class);
        for (int i = 0; i < 200; i++)
        {
            drawn.add(KillPlan.draw(CrashPhase.RECOVERY, steps, false, random).trigger());
            drawn.add(KillPlan.draw(CrashPhase.PUBLISH, steps, false, random).trigger());
            assertEquals(KillPlan.Trigger.HOLD, KillPlan.draw(CrashPhase.RECOVERY, steps, true, random).trigger());
        }
        assertEquals(EnumSet.allOf(KillPlan.Trigger.class), drawn);
    }
}
