package io.sluice.perf.chaos;

/** In what order a subscription is promised its events, those that come again left out. */
enum CallOrder
{
    /** Within each priority, by sequence. */
    PRIORITY,
    /** Within each type and priority, by sequence: several to a batch. */
    TYPE,
    /** By sequence. */
    JOURNAL,
    /** Within each key, by sequence; one call at a time for each key. */
    KEY,
    /** As {@link #KEY}, and none before the one before it is done or given up. */
    HELD_KEY,
    /** Within each key and priority, and none before the one before it is done or given up. */
    HELD_KEY_AND_PRIORITY
}
