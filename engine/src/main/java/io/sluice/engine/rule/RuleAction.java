package io.sluice.engine.rule;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** One thing that a rule does. Immutable, shared between threads. */
interface RuleAction
{
    /**
     * Do it.
     *
     * @param draft what becomes of the event so far.
     */
    void apply(RuleDraft draft);

    /** Write it as JSON. */
    void write(JsonGenerator out) throws IOException;

    /** @return true if nothing can follow it in a rule. */
    default boolean isLast()
    {
        return false;
    }

    /** @return true if it does the same to each event, whatever is in it. */
    default boolean isSteady()
    {
        return false;
    }

    /** @return name of the subscription that it is about, or null. */
    default String subscription()
    {
        return null;
    }
}
