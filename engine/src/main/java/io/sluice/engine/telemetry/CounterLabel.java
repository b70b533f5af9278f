package io.sluice.engine.telemetry;

import io.sluice.event.Priority;

/**
 * The counters of an engine. Those of a priority exist once per priority, under the type id plus the code of the
 * priority.
 */
public enum CounterLabel
{
    /** Ordinal of the engine's state. */
    STATE(100, "state", false),
    /** Last sequence that is journaled. */
    LAST_SEQUENCE(101, "last sequence", false),
    /** Bytes appended to the journal in this run. */
    JOURNAL_BYTES(102, "journal bytes", false),
    /** Files that the journal went on in, in this run. */
    JOURNAL_ROLLS(103, "journal rolls", false),
    /** Bytes of the journal prepared ahead in this run. */
    PREPARED_BYTES(104, "prepared bytes", false),
    /** Errors reported. */
    ERRORS(105, "errors", false),
    /** Keys that dedup forgot before their horizon. */
    DEDUP_SHORTENED(106, "dedup horizon shortened", false),
    /** Bytes in use for events that do not fit into a slot. */
    ARENA_USED(107, "arena used bytes", false),
    /** Bytes allocated for those. */
    ARENA_ALLOCATED(108, "arena allocated bytes", false),
    /** Subscriptions. */
    SUBSCRIPTIONS(109, "subscriptions", false),
    /** Last sequence that is forced to the device. */
    SYNCED_SEQUENCE(110, "synced sequence", false),
    /** Bytes held on the heap and beside it. */
    MEMORY_USED(111, "memory used bytes", false),
    /** Bytes that may be held. */
    MEMORY_LIMIT(112, "memory limit bytes", false),
    /** Bytes given back in this run because memory was short. */
    MEMORY_TRIMMED(113, "memory trimmed bytes", false),
    /** Used part of the fullest ring, or of the bytes for large events, percent. */
    LOAD_PERCENT(114, "load percent", false),
    /** How often storage was in trouble in this run. */
    STORAGE_EPISODES(120, "storage episodes", false),
    /** Ordinal of what the preparer of the journal does, see {@code PreparerStatus.Mode}. */
    PREPARER_MODE(121, "preparer mode", false),
    /** Bytes that it is to work ahead. */
    PREPARE_AHEAD_BYTES(122, "prepare ahead bytes", false),
    /** Bytes of journal files that got real blocks in this run. */
    RESERVED_BYTES(123, "reserved bytes", false),
    /** Times that appending was ahead of the preparer. */
    OVERTAKEN(124, "preparer overtaken", false),
    /** Last sequence that the index knows, 0 if there is no index. */
    INDEXED_SEQUENCE(125, "indexed sequence", false),
    /** Files in the archive. */
    ARCHIVE_FILES(140, "archive files", false),
    /** Bytes of those. */
    ARCHIVE_BYTES(141, "archive bytes", false),
    /** Events that retention removed in this run. */
    EXPIRED(142, "expired events", false),
    /** Files with expired events that readers hold back. */
    ARCHIVE_HELD(143, "archive held files", false),
    /** Looks at closed files, in this run, in which something went wrong. */
    ARCHIVE_FAILURES(144, "archive failures", false),
    /** Events admitted. */
    ACCEPTED(200, "accepted", true),
    /** Events refused, all reasons. */
    REFUSED(210, "refused", true),
    /** Events sequenced. */
    SEQUENCED(220, "sequenced", true),
    /** Events recognised as duplicates. */
    DUPLICATES(230, "duplicates", true),
    /** Events handled by all their subscriptions. */
    HANDLED(240, "handled", true),
    /** Events for which a handler threw. */
    FAILED(250, "failed", true),
    /** Events handed over after their budget. */
    OVER_BUDGET(260, "over budget", true),
    /** Events redelivered at start. */
    REDELIVERED(270, "redelivered", true),
    /** Events in the ring. */
    DEPTH(280, "depth", true),
    /** Limit of the ring. */
    LIMIT(290, "limit", true),
    /** Latency budget, ns. */
    BUDGET_NS(300, "budget ns", true),
    /** Publish to handed over, median of the run, ns. */
    P50_NS(310, "p50 ns", true),
    /** Publish to handed over, 99 % of the run, ns. */
    P99_NS(320, "p99 ns", true),
    /** Publish to handed over, 99.9 % of the run, ns. */
    P999_NS(330, "p99.9 ns", true),
    /** Publish to handed over, longest of the run, ns. */
    MAX_NS(340, "max ns", true),
    /** Events refused because the ring was at its limit. */
    BACK_PRESSURED(350, "back pressured", true),
    /** Events refused because their publisher had used its share. */
    PUBLISHER_LIMITED(360, "publisher limited", true),
    /** Events refused because there was no room for their bytes. */
    BYTES_LIMITED(370, "bytes limited", true),
    /** Events refused because their publisher, or type, had used up its rate. */
    RATE_LIMITED(380, "rate limited", true),
    /** Events dropped before acceptance by the overflow policy. */
    DROPPED(390, "dropped", true),
    /** 1 while room is tight. */
    PRESSED(400, "pressed", true);

    private final int typeId;
    private final String label;
    private final boolean perPriority;

    CounterLabel(final int typeId, final String label, final boolean perPriority)
    {
        this.typeId = typeId;
        this.label = label;
        this.perPriority = perPriority;
    }

    /** @return type id in the file; that of a priority is this plus its code. */
    public int typeId()
    {
        return typeId;
    }

    /** @return true if there is one per priority. */
    public boolean isPerPriority()
    {
        return perPriority;
    }

    /**
     * @param priority or null for a counter of the engine.
     * @return the label in the file.
     */
    public String label(final Priority priority)
    {
        return priority == null ? label : priority.label() + " " + label;
    }
}
