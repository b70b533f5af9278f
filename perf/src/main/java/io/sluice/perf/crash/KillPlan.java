package io.sluice.perf.crash;

import java.util.Random;

/**
 * When to kill in one round.
 *
 * @param target     phase that the kill should land in.
 * @param trigger    what to wait for.
 * @param occurrence of the trigger, from 1.
 * @param holdStep   where the child stops for {@link Trigger#HOLD}.
 * @param delayNs    from the trigger to the kill.
 */
record KillPlan(CrashPhase target, Trigger trigger, int occurrence, int holdStep, long delayNs)
{
    /** What starts the delay. */
    enum Trigger
    {
        /** The child stands still at a step of the phase. */
        HOLD,
        /** The phase begins; the child goes on meanwhile, so the kill may come too late for it. */
        PHASE_BEGIN,
        /** An acknowledgement came. */
        ACKNOWLEDGED,
        /** An event was handled before admission opened. */
        REDELIVERED
    }

    private static final int MAX_ACKNOWLEDGEMENTS = 1200;
    private static final int MAX_REDELIVERIES = 40;
    private static final int MAX_ROLLS = 3;
    private static final int MAX_FORCES = 60;
    private static final int MAX_ARCHIVED = 3;
    private static final int MAX_HOLD_NS = 1_000_000;
    private static final int MAX_PAUSE_NS = 400_000;

    /**
     * Draw a plan.
     *
     * @param target phase that the kill should land in.
     * @param steps  what is known about the phase.
     * @param isSure whether the kill has to land there.
     * @param random to draw with.
     * @return the plan.
     */
    static KillPlan draw(final CrashPhase target, final PhaseSteps steps, final boolean isSure, final Random random)
    {
        if (target == CrashPhase.PUBLISH)
        {
            final int acknowledgements = 1 + random.nextInt(MAX_ACKNOWLEDGEMENTS);
            return new KillPlan(target, Trigger.ACKNOWLEDGED, acknowledgements, 0, random.nextInt(MAX_PAUSE_NS));
        }
        // The first one comes for sure.
        final int occurrence = isSure ? 1 : 1 + random.nextInt(mostOccurrences(target));
        final int draw = random.nextInt(4);
        if (!isSure && draw == 0)
        {
            return new KillPlan(
                target, Trigger.PHASE_BEGIN, occurrence, 0, (long)(random.nextDouble() * steps.durationNs(target)));
        }
        if (!isSure && draw == 1 && target == CrashPhase.RECOVERY)
        {
            return new KillPlan(
                target, Trigger.REDELIVERED, 1 + random.nextInt(MAX_REDELIVERIES), 0, random.nextInt(MAX_PAUSE_NS));
        }
        return new KillPlan(
            target, Trigger.HOLD, occurrence, steps.draw(target, random), random.nextInt(MAX_HOLD_NS));
    }

    private static int mostOccurrences(final CrashPhase target)
    {
        switch (target)
        {
            case ROLL:
                return MAX_ROLLS;
            case SYNC:
                return MAX_FORCES;
            case ARCHIVE:
                return MAX_ARCHIVED;
            default:
                return 1;
        }
    }

    boolean isHeldIn(final CrashPhase phase)
    {
        return trigger == Trigger.HOLD && target == phase;
    }

    /** The plan if the child went past its target: kill it while it publishes. */
    KillPlan missed(final Random random)
    {
        return draw(CrashPhase.PUBLISH, null, false, random);
    }
}
