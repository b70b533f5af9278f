package io.sluice.perf.chaos;

import java.util.EnumMap;
import java.util.Map;

/** What happened in a run, for its summary. Not thread-safe. */
final class ChaosCounts
{
    long lives;
    long directories;
    long journaled;
    long acknowledged;
    long calls;
    long redelivered;
    long failed;
    long hangs;
    long changes;
    long deadLetters;
    private final Map<KillPhase, Long> kills = new EnumMap<>(KillPhase.class);

    void kill(final KillPhase phase)
    {
        kills.merge(phase, 1L, Long::sum);
    }

    long kills(final KillPhase phase)
    {
        return kills.getOrDefault(phase, 0L);
    }

    long kills()
    {
        return kills.values().stream().mapToLong(Long::longValue).sum();
    }
}
