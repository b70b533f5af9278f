package io.sluice.engine;

import io.sluice.event.Priority;
import io.sluice.journal.StorageStatus;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Snapshot of an engine's figures. Immutable.
 *
 * @param state          of the engine.
 * @param runId          of the run.
 * @param lastSequence   that is journaled (or, without a journal, given).
 * @param syncedSequence up to which everything is forced to the device; 0 without a journal.
 * @param journaled      events sequenced in this run, duplicates included.
 * @param journalBytes   appended in this run.
 * @param journalRolls   files that the journal went on in, in this run.
 * @param errors         reported.
 * @param priorities     per priority, CRITICAL first.
 * @param types          per event type, sorted by name.
 * @param agents         per thread.
 * @param storage        whether the journal can be appended to, and why not.
 * @param load           used part of the fullest ring, or of the bytes for large events, 0 to 1.
 * @param memory         bytes held on the heap and beside it, by what holds them.
 * @param memoryLimit    bytes that may be held.
 */
public record EngineStats(
    EngineState state,
    long runId,
    long lastSequence,
    long syncedSequence,
    long journaled,
    long journalBytes,
    long journalRolls,
    long errors,
    List<PriorityStats> priorities,
    List<TypeStats> types,
    List<AgentStats> agents,
    StorageStatus storage,
    double load,
    Map<String, Long> memory,
    long memoryLimit)
{
    /**
     * @param priority wanted.
     * @return its figures.
     */
    public PriorityStats priority(final Priority priority)
    {
        return priorities.get(priority.code());
    }

    /** @return events admitted. */
    public long accepted()
    {
        return sum(PriorityStats::accepted);
    }

    /** @return events refused. */
    public long refused()
    {
        return sum(PriorityStats::refused);
    }

    /** @return events recognised as duplicates. */
    public long duplicates()
    {
        return sum(PriorityStats::duplicates);
    }

    /** @return events completed by all their subscriptions. */
    public long handled()
    {
        return sum(PriorityStats::handled);
    }

    /** @return events completed with a handler that threw. */
    public long failed()
    {
        return sum(PriorityStats::failed);
    }

    /** @return events handed out again at start. */
    public long redelivered()
    {
        return sum(PriorityStats::redelivered);
    }

    /** @return bytes held on the heap and beside it. */
    public long memoryUsed()
    {
        return memory.values().stream().mapToLong(Long::longValue).sum();
    }

    private long sum(final ToLongFunction<PriorityStats> figure)
    {
        return priorities.stream().mapToLong(figure).sum();
    }
}
