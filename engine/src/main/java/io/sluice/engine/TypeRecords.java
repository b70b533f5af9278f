package io.sluice.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** The counts of all event types seen, up to a bound. Thread-safe. */
final class TypeRecords
{
    private final ConcurrentHashMap<String, TypeRecord> records = new ConcurrentHashMap<>();
    private final TypeRecord other = new TypeRecord(RouteTable.OTHER);

    TypeRecord of(final String type)
    {
        final TypeRecord existing = records.get(type);
        if (existing != null)
        {
            return existing;
        }
        return records.size() < RouteTable.MAX_TYPES ? records.computeIfAbsent(type, TypeRecord::new) : other;
    }

    TypeRecord other()
    {
        return other;
    }

    List<TypeStats> snapshot()
    {
        final List<TypeStats> all = new ArrayList<>(records.size() + 1);
        for (final TypeRecord record : records.values())
        {
            addIfUsed(all, record);
        }
        addIfUsed(all, other);
        all.sort((a, b) -> a.type().compareTo(b.type()));
        return List.copyOf(all);
    }

    private static void addIfUsed(final List<TypeStats> all, final TypeRecord record)
    {
        final TypeStats stats = record.snapshot();
        if (stats.count() > 0)
        {
            all.add(stats);
        }
    }
}
