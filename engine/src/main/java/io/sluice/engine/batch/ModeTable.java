package io.sluice.engine.batch;

import io.sluice.event.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.agrona.DirectBuffer;

/**
 * Decides between immediate and batched processing, event by event:
 *
 * <ol>
 * <li>A CRITICAL event is immediate.
 * <li>While the load is above a threshold (0.8, see {@link #loadThreshold}) a NORMAL or LOW event is batched; a HIGH
 * one is never batched because of the load.
 * <li>An event of a high-volume type is batched.
 * <li>An event of a type that somebody waits for is immediate.
 * <li>Any other is batched.
 * </ol>
 *
 * <p>Steps 3 and 4 are rows (see {@link ModeRule}): first those that were added here, of these the batched ones first,
 * then the same with {@link #defaultRules}; within each, the first row that matches counts. So whatever is added goes
 * before the defaults, and of types that are both, high volume wins.
 *
 * <p>Immutable: each setter returns a new table. Safe to share between threads. {@link ModeSelector} decides by it on
 * the path of an event.
 */
public final class ModeTable
{
    private static final double LOAD_THRESHOLD = 0.8;
    private static final double LOAD_HYSTERESIS = 0.1;
    private static final ModeRule OTHERWISE = ModeRule.of(
        "*",
        EventVolume.MEDIUM,
        LatencyRequirement.LOW,
        ProcessingMode.BATCHED,
        "No row of the table matches, and batches cost least");
    private static final List<ModeRule> DEFAULT_RULES = List.of(
        ModeRule.of(
            "file.created",
            EventVolume.HIGH,
            LatencyRequirement.LOW,
            ProcessingMode.BATCHED,
            "Can group similar operations"),
        ModeRule.of(
            "file.modified",
            EventVolume.HIGH,
            LatencyRequirement.MEDIUM,
            ProcessingMode.BATCHED,
            "Benefits from deduplication"),
        ModeRule.of(
            "workflow.failed",
            EventVolume.LOW,
            LatencyRequirement.CRITICAL,
            ProcessingMode.IMMEDIATE,
            "Immediate attention required"),
        ModeRule.of(
            "agent.completed",
            EventVolume.MEDIUM,
            LatencyRequirement.MEDIUM,
            ProcessingMode.IMMEDIATE,
            "Enables immediate chaining"),
        ModeRule.of(
            "performance.metrics",
            EventVolume.HIGH,
            LatencyRequirement.LOW,
            ProcessingMode.BATCHED,
            "Aggregation is more valuable"),
        ModeRule.of(
            "naming.violation",
            EventVolume.LOW,
            LatencyRequirement.HIGH,
            ProcessingMode.IMMEDIATE,
            "Quick feedback important"),
        ModeRule.of(
            "git.commit",
            EventVolume.LOW,
            LatencyRequirement.HIGH,
            ProcessingMode.IMMEDIATE,
            "Blocks user workflow"),
        ModeRule.of(
            "tool.used",
            EventVolume.HIGH,
            LatencyRequirement.LOW,
            ProcessingMode.BATCHED,
            "Usage patterns more important"));
    private static final ModeTable DEFAULTS =
        new ModeTable(List.of(), true, LOAD_THRESHOLD, LOAD_THRESHOLD - LOAD_HYSTERESIS);

    private final List<ModeRule> added;
    private final boolean hasDefaults;
    private final double batchAbove;
    private final double restBelow;
    private final List<ModeRule> inOrder;

    private ModeTable(
        final List<ModeRule> added, final boolean hasDefaults, final double batchAbove, final double restBelow)
    {
        this.added = List.copyOf(added);
        this.hasDefaults = hasDefaults;
        this.batchAbove = batchAbove;
        this.restBelow = restBelow;
        final List<ModeRule> ordered = new ArrayList<>();
        addInOrder(added, ordered);
        if (hasDefaults)
        {
            addInOrder(DEFAULT_RULES, ordered);
        }
        inOrder = List.copyOf(ordered);
    }

    /** @return the table with its default rows and no other. */
    public static ModeTable defaults()
    {
        return DEFAULTS;
    }

    /** @return the eight default rows. */
    public static List<ModeRule> defaultRules()
    {
        return DEFAULT_RULES;
    }

    /** @return a table without the default rows. */
    public ModeTable withoutDefaultRules()
    {
        return new ModeTable(added, false, batchAbove, restBelow);
    }

    /**
     * @param rule row to add, behind those that were added before.
     * @return a table with that row.
     */
    public ModeTable rule(final ModeRule rule)
    {
        final List<ModeRule> more = new ArrayList<>(added);
        more.add(Objects.requireNonNull(rule, "rule"));
        return new ModeTable(more, hasDefaults, batchAbove, restBelow);
    }

    /**
     * @param pattern of types that are to be batched because there are many of them.
     * @return a table with a row that says so.
     * @throws io.sluice.event.EventFilterException if the pattern is malformed.
     */
    public ModeTable highVolume(final String pattern)
    {
        return rule(ModeRule.of(
            pattern,
            EventVolume.HIGH,
            LatencyRequirement.LOW,
            ProcessingMode.BATCHED,
            "Configured as a high-volume type"));
    }

    /**
     * @param pattern of types that are to be immediate because a user waits for them.
     * @return a table with a row that says so.
     * @throws io.sluice.event.EventFilterException if the pattern is malformed.
     */
    public ModeTable userBlocking(final String pattern)
    {
        return rule(ModeRule.of(
            pattern,
            EventVolume.LOW,
            LatencyRequirement.HIGH,
            ProcessingMode.IMMEDIATE,
            "Configured as a type that a user waits for"));
    }

    /**
     * Change when NORMAL and LOW events are batched because of the load. Two values, so that a load that lingers at the
     * threshold does not switch with each event.
     *
     * @param above load above which they are, 0 to 1.
     * @param below load at or below which they no longer are, 0 to {@code above}.
     * @return a table with these thresholds.
     */
    public ModeTable loadThreshold(final double above, final double below)
    {
        if (!(below >= 0.0 && below <= above && above <= 1.0))
        {
            throw new IllegalArgumentException(
                "loadThreshold above=" + above + ", below=" + below + ": use 0 <= below <= above <= 1");
        }
        return new ModeTable(added, hasDefaults, above, below);
    }

    /** @return load above which NORMAL and LOW events are batched. */
    public double batchAbove()
    {
        return batchAbove;
    }

    /** @return load at or below which NORMAL and LOW events are no longer batched because of it. */
    public double restBelow()
    {
        return restBelow;
    }

    /** @return the rows in the order in which they are looked at. */
    public List<ModeRule> rules()
    {
        return inOrder;
    }

    /**
     * The row that decides on a type where neither priority nor load does.
     *
     * @param type of an event.
     * @return the row; one for all types if no other matches.
     */
    public ModeRule ruleOf(final CharSequence type)
    {
        for (final ModeRule rule : inOrder)
        {
            if (rule.pattern().matches(type))
            {
                return rule;
            }
        }
        return OTHERWISE;
    }

    /**
     * Decide on one event. What went before plays no part: between the two thresholds of the load an event is not
     * batched because of it.
     *
     * @param type     of the event.
     * @param priority of it.
     * @param load     of the engine, 0 to 1.
     * @return the mode.
     */
    public ProcessingMode select(final CharSequence type, final Priority priority, final double load)
    {
        return decide(ruleOf(type).mode(), priority.code(), load > batchAbove);
    }

    /**
     * Say, for people, how events of a type are processed and why.
     *
     * @param type of an event.
     * @return several lines. Allocates.
     */
    public String explain(final CharSequence type)
    {
        final ModeRule rule = ruleOf(type);
        return type + ": " + label(rule.mode()) + " by row '" + rule.pattern() + "' (volume " + label(rule.volume()) +
            ", latency requirement " + label(rule.latency()) + "): " + rule.reasoning() + ".\n" +
            (rule.mode() == ProcessingMode.BATCHED ?
            "With priority critical: immediate, at any load." :
            "With priority normal or low: batched while the load is above " + batchAbove + ", until it is at " +
            restBelow + " or below.");
    }

    /** Steps 1 and 2, and the mode that steps 3 to 5 lead to. */
    static ProcessingMode decide(final ProcessingMode byType, final int priorityCode, final boolean isBusy)
    {
        if (priorityCode == Priority.CRITICAL.code())
        {
            return ProcessingMode.IMMEDIATE;
        }
        return isBusy && priorityCode > Priority.HIGH.code() ? ProcessingMode.BATCHED : byType;
    }

    /** As {@link #ruleOf(CharSequence)}, for a type in UTF-8. Allocates nothing. */
    ModeRule ruleOf(final DirectBuffer type, final int offset, final int length)
    {
        for (int i = 0, count = inOrder.size(); i < count; i++)
        {
            if (inOrder.get(i).pattern().matches(type, offset, length))
            {
                return inOrder.get(i);
            }
        }
        return OTHERWISE;
    }

    private static void addInOrder(final List<ModeRule> rules, final List<ModeRule> ordered)
    {
        rules.stream().filter((rule) -> rule.mode() == ProcessingMode.BATCHED).forEach(ordered::add);
        rules.stream().filter((rule) -> rule.mode() == ProcessingMode.IMMEDIATE).forEach(ordered::add);
    }

    private static String label(final Enum<?> value)
    {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
