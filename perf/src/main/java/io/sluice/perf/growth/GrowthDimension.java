package io.sluice.perf.growth;

import java.util.Locale;

/** What grows. */
enum GrowthDimension
{
    /** Threads that publish. */
    PUBLISHERS,
    /** Subscriptions of which some match. */
    SUBSCRIPTIONS,
    /** Rules of which some match. */
    RULES,
    /** Bytes of payload. */
    SIZES,
    /** Events in the journal. */
    JOURNAL;

    /** @return the name in figures and options. */
    String label()
    {
        return name().toLowerCase(Locale.ROOT);
    }
}
