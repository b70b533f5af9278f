package io.sluice.engine.rule;

import java.util.List;

/**
 * The rules that hold from one sequence of the journal on, until the next version. Immutable once it holds, shared
 * between threads.
 */
public final class RuleVersion
{
    static final long NOT_YET = -1;

    private final long number;
    private final String change;
    private final List<RoutingRule> rules;
    private final RuleIndex admission;
    private volatile RuleIndex delivery;
    // Written before the version is published, by whoever makes it hold.
    private long from;

    RuleVersion(final long number, final long from, final String change, final List<RoutingRule> rules)
    {
        this.number = number;
        this.from = from;
        this.change = change;
        this.rules = List.copyOf(rules);
        admission = new RuleIndex(enabled(true));
    }

    /** @return its number, one more with every change. */
    public long number()
    {
        return number;
    }

    /** @return sequence of the first event that it holds for. */
    public long from()
    {
        return from;
    }

    /** @return what was changed to make it, in words. */
    public String change()
    {
        return change;
    }

    /** @return all rules in their order, those that are disabled too. */
    public List<RoutingRule> rules()
    {
        return rules;
    }

    void holdFrom(final long sequence)
    {
        from = sequence;
    }

    /** @return the enabled rules that give another priority. */
    RuleIndex admission()
    {
        return admission;
    }

    /** @return all other enabled rules. Most old versions are never asked: made when it is first asked for. */
    RuleIndex delivery()
    {
        RuleIndex made = delivery;
        if (made == null)
        {
            made = new RuleIndex(enabled(false));
            delivery = made;
        }
        return made;
    }

    private List<RoutingRule> enabled(final boolean isForAdmission)
    {
        return rules.stream()
            .filter((rule) -> rule.isEnabled() && rule.isForAdmission() == isForAdmission)
            .toList();
    }
}
