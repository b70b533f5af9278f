package io.sluice.tools.config;

import io.sluice.event.EventFilterException;
import io.sluice.event.TopicPattern;
import io.sluice.journal.RetentionPolicy;
import io.sluice.tools.text.UnitText;
import java.time.Duration;

/** Reads how long events are kept, as a file of settings says it. */
final class RetentionText
{
    private static final String FOREVER = "forever";

    private RetentionText()
    {
    }

    /**
     * @param text {@code forever} or {@code standard}.
     * @return the policy.
     * @throws IllegalArgumentException if it is neither.
     */
    static RetentionPolicy policy(final String text)
    {
        switch (text)
        {
            case FOREVER:
                return RetentionPolicy.keepAll();
            case "standard":
                return RetentionPolicy.standard();
            default:
                throw new IllegalArgumentException(
                    "'" + text + "' is no policy: use forever, standard, or a mapping with default and by_type");
        }
    }

    /**
     * @param text a number of days, a duration with a unit, or {@code forever}.
     * @return the term.
     * @throws IllegalArgumentException if it is no duration.
     */
    static Duration term(final String text)
    {
        if (text.equals(FOREVER))
        {
            return RetentionPolicy.FOREVER;
        }
        return text.matches("[0-9]{1,6}") ?
            Duration.ofDays(Long.parseLong(text)) : Duration.ofNanos(UnitText.durationNs(text));
    }

    /**
     * @param text a pattern, or a type that stands for itself and all below it.
     * @return the pattern.
     * @throws IllegalArgumentException if it is malformed.
     */
    static TopicPattern pattern(final String text)
    {
        try
        {
            return TopicPattern.of(text.contains("*") ? text : text + ".**");
        }
        catch (final EventFilterException ex)
        {
            throw new IllegalArgumentException(ex.getMessage(), ex);
        }
    }
}
