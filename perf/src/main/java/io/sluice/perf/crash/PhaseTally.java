package io.sluice.perf.crash;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Kills by the phase that they landed in, and which phase is next so that all get their part. Not thread-safe. */
final class PhaseTally
{
    private final Map<CrashPhase, Integer> kills = new EnumMap<>(CrashPhase.class);
    private final int wanted;

    /**
     * @param rounds to be played.
     */
    PhaseTally(final int rounds)
    {
        wanted = rounds / CrashPhase.values().length;
        for (final CrashPhase phase : CrashPhase.values())
        {
            kills.put(phase, 0);
        }
    }

    void count(final CrashPhase phase)
    {
        kills.merge(phase, 1, Integer::sum);
    }

    int kills(final CrashPhase phase)
    {
        return kills.get(phase);
    }

    /** @return kills that are still wanted. */
    int deficit()
    {
        int deficit = 0;
        for (final int count : kills.values())
        {
            deficit += Math.max(0, wanted - count);
        }
        return deficit;
    }

    /**
     * A phase with the fewest kills.
     *
     * @param canRecover whether the directory holds something to recover.
     * @param random     to choose among equals.
     * @return the phase.
     */
    CrashPhase next(final boolean canRecover, final Random random)
    {
        final List<CrashPhase> candidates = new ArrayList<>();
        int fewest = Integer.MAX_VALUE;
        for (final CrashPhase phase : CrashPhase.values())
        {
            final int count = kills.get(phase);
            if (phase == CrashPhase.RECOVERY && !canRecover || count > fewest)
            {
                continue;
            }
            if (count < fewest)
            {
                fewest = count;
                candidates.clear();
            }
            candidates.add(phase);
        }
        // A new directory has nothing to recover: first use the old one for that.
        if (candidates.contains(CrashPhase.RECOVERY))
        {
            candidates.remove(CrashPhase.FIRST_CREATION);
        }
        return candidates.get(random.nextInt(candidates.size()));
    }
}
