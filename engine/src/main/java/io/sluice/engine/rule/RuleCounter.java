package io.sluice.engine.rule;

/** What is counted for each rule. */
enum RuleCounter
{
    LOOKED_AT, MATCHED, TRANSFORMED, REROUTED, DIVERTED, COPIED, DISCARDED, SAMPLED_OUT, PRIORITIZED, SKIPPED, FAILED,
    ABSENT;

    static final int COUNT = values().length;

    /** An event was given to a subscription that the rule names. */
    static final int SENT = DIVERTED.bit() | COPIED.bit();

    /** @return bit in a set of counters. */
    int bit()
    {
        return 1 << ordinal();
    }
}
