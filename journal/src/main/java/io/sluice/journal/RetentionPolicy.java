package io.sluice.journal;

import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.TopicPattern;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How long events are kept, by type, counted from the moment they were journaled.
 *
 * <p>Where several rules match a type, the longest of their terms counts, whatever their order: what one rule protects
 * no other one removes. The default term counts only for types that no rule matches, so a rule may also shorten.
 *
 * <p>Immutable, safe to share between threads.
 */
public final class RetentionPolicy
{
    /** Longest term: 100 years of 365 days. */
    public static final Duration MAX_TERM = Duration.ofDays(36_500);

    /** Term of events that never expire. */
    public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private static final String DEFAULT = "default";
    private static final String EVER = "ever";
    private static final RetentionPolicy KEEP_ALL = new RetentionPolicy(Long.MAX_VALUE, List.of());
    private static final RetentionPolicy STANDARD = keepAll()
        .defaultTerm(Duration.ofDays(90))
        .rule(TopicPattern.of("error.**"), Duration.ofDays(365))
        .rule(TopicPattern.of("audit.**"), Duration.ofDays(2555));

    private record Rule(TopicPattern pattern, long termNs)
    {
    }

    private final long defaultTermNs;
    private final List<Rule> rules;
    private final long leastNs;
    private final long greatestNs;

    private RetentionPolicy(final long defaultTermNs, final List<Rule> rules)
    {
        this.defaultTermNs = defaultTermNs;
        this.rules = List.copyOf(rules);
        long least = defaultTermNs;
        long greatest = defaultTermNs;
        for (final Rule rule : rules)
        {
            least = Math.min(least, rule.termNs());
            greatest = Math.max(greatest, rule.termNs());
        }
        leastNs = least;
        greatestNs = greatest;
    }

    /** @return 90 days, {@code error.**} 365 days, {@code audit.**} 2555 days. */
    public static RetentionPolicy standard()
    {
        return STANDARD;
    }

    /** @return everything for ever. */
    public static RetentionPolicy keepAll()
    {
        return KEEP_ALL;
    }

    /**
     * @param term for types that no rule matches, positive and at most {@link #MAX_TERM}, or {@link #FOREVER}.
     * @return a policy like this one with another default.
     */
    public RetentionPolicy defaultTerm(final Duration term)
    {
        return new RetentionPolicy(termNs("default", term), rules);
    }

    /**
     * @param pattern of event types; a rule for an equal pattern is replaced.
     * @param term    for them, positive and at most {@link #MAX_TERM}, or {@link #FOREVER}.
     * @return a policy like this one with one more rule.
     */
    public RetentionPolicy rule(final TopicPattern pattern, final Duration term)
    {
        final List<Rule> more = new ArrayList<>(rules);
        more.removeIf((rule) -> rule.pattern().equals(pattern));
        more.add(new Rule(pattern, termNs(pattern.text(), term)));
        return new RetentionPolicy(defaultTermNs, more);
    }

    /** @return a policy like this one without its rules. */
    public RetentionPolicy withoutRules()
    {
        return new RetentionPolicy(defaultTermNs, List.of());
    }

    /** @return true if nothing ever expires. */
    public boolean isKeepingAll()
    {
        return leastNs == Long.MAX_VALUE;
    }

    /** @return the policy in words: {@code default=90d error.**=365d …}. Two policies with equal texts are equal. */
    @Override
    public String toString()
    {
        final StringBuilder text = new StringBuilder(DEFAULT).append('=').append(text(defaultTermNs));
        rules.stream().sorted((a, b) -> a.pattern().text().compareTo(b.pattern().text())).forEach(
            (rule) -> text.append(' ').append(rule.pattern().text()).append('=').append(text(rule.termNs())));
        return text.toString();
    }

    /** Read what {@link #toString()} wrote. */
    static RetentionPolicy parse(final String text)
    {
        RetentionPolicy policy = KEEP_ALL;
        for (final String word : text.split(" ", -1))
        {
            final int equals = word.lastIndexOf('=');
            final String name = word.substring(0, equals);
            final Duration term = term(word.substring(equals + 1));
            policy = name.equals(DEFAULT) ? policy.defaultTerm(term) : policy.rule(TopicPattern.of(name), term);
        }
        return policy;
    }

    /** @return the same for equal policies, different for others; one word. */
    String id()
    {
        final byte[] bytes = toString().getBytes(StandardCharsets.UTF_8);
        return String.format("%016x", EventHash.hash64(new UnsafeBuffer(bytes), 0, bytes.length));
    }

    /** @return nanoseconds that an event is kept, the greatest value for ever. Allocates nothing. */
    long termNs(final EventFlyweight event)
    {
        long term = -1;
        for (int i = 0; i < rules.size(); i++)
        {
            final Rule rule = rules.get(i);
            if (rule.termNs() > term && rule.pattern().matches(
                event.buffer(), event.fieldOffset(EventField.TYPE), event.fieldLength(EventField.TYPE)))
            {
                term = rule.termNs();
            }
        }
        return term < 0 ? defaultTermNs : term;
    }

    /** @return the shortest term. */
    long leastNs()
    {
        return leastNs;
    }

    /** @return the longest term. */
    long greatestNs()
    {
        return greatestNs;
    }

    private static long termNs(final String name, final Duration term)
    {
        if (term.equals(FOREVER))
        {
            return Long.MAX_VALUE;
        }
        if (term.isNegative() || term.isZero() || term.compareTo(MAX_TERM) > 0)
        {
            throw new IllegalArgumentException(
                "retention " + name + "=" + term + " must be positive and at most " + MAX_TERM.toDays() + " days");
        }
        return term.toNanos();
    }

    private static Duration term(final String text)
    {
        if (text.equals(EVER))
        {
            return FOREVER;
        }
        return text.endsWith("d") ?
            Duration.ofDays(Long.parseLong(text.substring(0, text.length() - 1))) : Duration.parse(text);
    }

    private static String text(final long termNs)
    {
        if (termNs == Long.MAX_VALUE)
        {
            return EVER;
        }
        final Duration term = Duration.ofNanos(termNs);
        return term.equals(Duration.ofDays(term.toDays())) ? term.toDays() + "d" : term.toString();
    }
}
