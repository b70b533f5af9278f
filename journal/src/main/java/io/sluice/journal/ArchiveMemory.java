package io.sluice.journal;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What earlier looks at the files met, so that a file with which something is wrong is not read, and not reported,
 * again and again. Not thread-safe.
 */
final class ArchiveMemory
{
    private static final long REST_NS = TimeUnit.HOURS.toNanos(1);

    private final Map<String, Long> failedAt = new HashMap<>();
    private final Map<String, ArchiveAction> heldBefore = new HashMap<>();

    /** @return true if work on a file failed less than an hour ago, of elapsed time. */
    boolean isResting(final String file)
    {
        final Long time = failedAt.get(file);
        return time != null && System.nanoTime() - time < REST_NS;
    }

    void note(final ArchiveAction action)
    {
        if (action.kind() == ArchiveAction.Kind.FAILED)
        {
            failedAt.put(action.file(), System.nanoTime());
        }
    }

    /** @return true if nobody was told of this before. */
    boolean isNews(final ArchiveAction action)
    {
        if (action.kind() == ArchiveAction.Kind.HELD)
        {
            return !action.equals(heldBefore.put(action.file(), action));
        }
        heldBefore.remove(action.file());
        return true;
    }
}
