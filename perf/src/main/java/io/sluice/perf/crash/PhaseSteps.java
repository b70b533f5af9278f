package io.sluice.perf.crash;

import io.sluice.journal.JournalPhaseListener;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/** What the rounds so far taught about each phase: how many steps it has and how long it takes. Not thread-safe. */
final class PhaseSteps
{
    private static final long FIRST_GUESS_NS = 10_000_000L;

    private final Map<CrashPhase, Integer> lastStep = new EnumMap<>(CrashPhase.class);
    private final Map<CrashPhase, Long> duration = new EnumMap<>(CrashPhase.class);
    private final Map<CrashPhase, Long> begin = new EnumMap<>(CrashPhase.class);

    void onStep(final CrashPhase phase, final int step, final long nowNs)
    {
        if (step == JournalPhaseListener.END)
        {
            final Long beginNs = begin.remove(phase);
            if (beginNs != null)
            {
                duration.put(phase, nowNs - beginNs);
            }
        }
        else
        {
            lastStep.merge(phase, step, Math::max);
            if (step == 0)
            {
                begin.put(phase, nowNs);
            }
        }
    }

    /** The child is dead: what it began does not end. */
    void onKill()
    {
        begin.clear();
    }

    /** Any step with the same chance, the end included. */
    int draw(final CrashPhase phase, final Random random)
    {
        final int known = lastStep.getOrDefault(phase, 0);
        final int drawn = random.nextInt(known + 2);
        return drawn > known ? JournalPhaseListener.END : drawn;
    }

    long durationNs(final CrashPhase phase)
    {
        return duration.getOrDefault(phase, FIRST_GUESS_NS);
    }
}
