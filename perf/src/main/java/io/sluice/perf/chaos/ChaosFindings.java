package io.sluice.perf.chaos;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Violations, counted, and what the first ones were. Not thread-safe. */
final class ChaosFindings
{
    private static final int MOST_MESSAGES = 40;

    private final Map<Violation, Long> counts = new EnumMap<>(Violation.class);
    private final List<String> messages = new ArrayList<>();

    void add(final Violation violation, final String message)
    {
        counts.merge(violation, 1L, Long::sum);
        if (messages.size() < MOST_MESSAGES)
        {
            messages.add(violation.label() + ": " + message);
        }
    }

    long count(final Violation violation)
    {
        return counts.getOrDefault(violation, 0L);
    }

    long total()
    {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    boolean isOk()
    {
        return counts.isEmpty();
    }

    List<String> messages()
    {
        return List.copyOf(messages);
    }
}
