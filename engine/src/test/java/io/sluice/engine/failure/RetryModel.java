package io.sluice.engine.failure;

import java.util.Map;
import java.util.TreeMap;

/** What a retry log holds: the newest entry of each event that is not done, by subscription and sequence. */
final class RetryModel
{
    private final Map<Long, Map<Long, RetryEntry>> open = new TreeMap<>();

    void apply(final RetryEntry entry)
    {
        final Map<Long, RetryEntry> ofSubscription =
            open.computeIfAbsent(entry.subscription(), id -> new TreeMap<>());
        switch (entry.kind())
        {
            case CLOSED:
                ofSubscription.remove(entry.sequence());
                break;
            case FORGOTTEN:
                ofSubscription.clear();
                break;
            default:
                ofSubscription.put(entry.sequence(), entry);
                break;
        }
        if (ofSubscription.isEmpty())
        {
            open.remove(entry.subscription());
        }
    }

    Map<Long, Map<Long, RetryEntry>> open()
    {
        return open;
    }

    /** What a log says that was just opened, or is polled from where it stands. */
    static RetryModel read(final RetryLog log, final long nowNs)
    {
        final RetryModel model = new RetryModel();
        model.poll(log, nowNs);
        return model;
    }

    /** Poll all. */
    void poll(final RetryLog log, final long nowNs)
    {
        int read = log.poll(this::apply, nowNs, 100);
        while (read == 100)
        {
            read = log.poll(this::apply, nowNs, 100);
        }
    }
}
