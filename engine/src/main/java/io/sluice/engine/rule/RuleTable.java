package io.sluice.engine.rule;

import io.sluice.event.EventStorageException;
import io.sluice.event.EventValidationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.agrona.ErrorHandler;

/**
 * The routing rules of an engine, and which of them held when. Each change makes a version that holds from a sequence
 * of the journal on, so that whoever looks at an event, now or in a year, sees the rules that held for it.
 *
 * <pre>
 *   version   0 none    1 add a      2 add b           3 disable a
 *   from      1         1            120               4711
 *   event     ───────── 1 … 119 ──── 120 … 4710 ────── 4711 …
 * </pre>
 *
 * <p>A change is durable before it is returned from. One that the end of the process interrupted, or that could not be
 * written to the end, holds from where it held then; if it did not hold yet, from the next start on, or not at all. A
 * power loss within the milliseconds of a change may take what says where it held; then it holds behind what the
 * journal still has.
 *
 * <p>Thread-safe. Changes wait for each other, for the device and for the sequencing thread; reading waits for nobody.
 * A change after {@link #close} is an {@link IllegalStateException}.
 */
public final class RuleTable
{
    /** Rules that a table may have. */
    public static final int MAX_RULES = 10_000;

    private static final Comparator<RoutingRule> ORDER =
        Comparator.comparingInt(RoutingRule::order).thenComparing(RoutingRule::name);

    private final RuleFile file;
    private final RuleBoundary boundary;
    private final Map<String, RuleCounters> counters = new ConcurrentHashMap<>();
    private final Object changeLock = new Object();
    private volatile RuleVersions versions;
    // Guarded by changeLock.
    private boolean isClosed;

    private RuleTable(final RuleFile file, final RuleBoundary boundary, final RuleVersions versions)
    {
        this.file = file;
        this.boundary = boundary;
        this.versions = versions;
        versions.newest().rules().forEach((rule) -> counters(rule.name()));
    }

    /**
     * Open the rules of a data directory. Without a file there are none.
     *
     * @param path         of the file, {@code control/rules.json}.
     * @param lastSequence of the journal, as it was recovered.
     * @param boundary     decides from when changes hold.
     * @return the table.
     * @throws EventStorageException if the file can't be read, is damaged, or is of a newer version; nothing was
     *                               changed.
     */
    public static RuleTable open(final Path path, final long lastSequence, final RuleBoundary boundary)
    {
        final RuleFile file = new RuleFile(path);
        return new RuleTable(file, boundary, file.open(lastSequence));
    }

    /**
     * Look at the rules of a data directory without changing anything, whether or not an engine runs there.
     *
     * @param path of the file, {@code control/rules.json}.
     * @return a closed table, without counts.
     * @throws EventStorageException if the file can't be read, is damaged, or is of a newer version.
     */
    public static RuleTable read(final Path path)
    {
        final RuleTable table = new RuleTable(RuleFile.NONE, (takeEffect) ->
        {
        }, new RuleFile(path).read(Long.MAX_VALUE - 1, false));
        table.close();
        return table;
    }

    /**
     * A table for an engine without a journal: without rules, and forgotten with it.
     *
     * @param boundary decides from when changes hold.
     * @return the table.
     */
    public static RuleTable inMemory(final RuleBoundary boundary)
    {
        return new RuleTable(RuleFile.NONE, boundary, RuleFile.empty());
    }

    /**
     * Add a rule.
     *
     * @param rule to add.
     * @return the version in which it holds.
     * @throws EventValidationException if there is one of that name, or there are too many.
     * @throws EventStorageException    if it can't be made durable. The message says whether it holds.
     */
    public RuleVersion add(final RoutingRule rule)
    {
        requireMayWait();
        synchronized (changeLock)
        {
            final List<RoutingRule> rules = new ArrayList<>(rules());
            if (placeOf(rule.name(), rules) >= 0)
            {
                throw new EventValidationException(
                    "rule", rule.name(), "there is one of that name already, replace it or use another name");
            }
            rules.add(rule);
            return change("add " + rule.name(), rules);
        }
    }

    /**
     * Put a rule in the place of the one of the same name.
     *
     * @param rule to put.
     * @return the version in which it holds.
     * @throws EventValidationException if there is none of that name.
     * @throws EventStorageException    if it can't be made durable. The message says whether it holds.
     */
    public RuleVersion replace(final RoutingRule rule)
    {
        requireMayWait();
        synchronized (changeLock)
        {
            final List<RoutingRule> rules = new ArrayList<>(rules());
            rules.set(require(rule.name(), rules), rule);
            return change("replace " + rule.name(), rules);
        }
    }

    /**
     * Remove a rule.
     *
     * @param name of it.
     * @return the version in which it is gone.
     * @throws EventValidationException if there is none of that name.
     * @throws EventStorageException    if it can't be made durable. The message says whether it holds.
     */
    public RuleVersion remove(final String name)
    {
        requireMayWait();
        synchronized (changeLock)
        {
            final List<RoutingRule> rules = new ArrayList<>(rules());
            rules.remove(require(name, rules));
            return change("remove " + name, rules);
        }
    }

    /**
     * Have a rule match, or match nothing for the time being.
     *
     * @param name    of it.
     * @param enabled true to have it match.
     * @return the version in which it does; the present one if it did already.
     * @throws EventValidationException if there is none of that name.
     * @throws EventStorageException    if it can't be made durable. The message says whether it holds.
     */
    public RuleVersion enable(final String name, final boolean enabled)
    {
        requireMayWait();
        synchronized (changeLock)
        {
            final List<RoutingRule> rules = new ArrayList<>(rules());
            final int place = require(name, rules);
            if (rules.get(place).isEnabled() == enabled)
            {
                return newest();
            }
            rules.set(place, rules.get(place).change().enabled(enabled).build());
            return change((enabled ? "enable " : "disable ") + name, rules);
        }
    }

    /**
     * Put rules in the place of all that there are, in one step. A rule that was there already stays what it is.
     *
     * @param newRules each of another name.
     * @return the version in which they hold; the present one if nothing would change.
     * @throws EventValidationException if two have one name, or there are too many.
     * @throws EventStorageException    if it can't be made durable. The message says whether they hold.
     */
    public RuleVersion replaceAll(final List<RoutingRule> newRules)
    {
        requireMayWait();
        synchronized (changeLock)
        {
            final List<RoutingRule> rules = inOrder(newRules);
            return rules.equals(rules()) ? newest() : change("replace all", rules);
        }
    }

    /** @return the newest version. */
    public RuleVersion newest()
    {
        return versions.newest();
    }

    /** @return the rules of the newest version in their order, those that are disabled too. */
    public List<RoutingRule> rules()
    {
        return versions.newest().rules();
    }

    /** @return all versions that are kept, the oldest first. */
    public List<RuleVersion> history()
    {
        return versions.all();
    }

    /**
     * The rules that hold for an event.
     *
     * @param sequence of it.
     * @return the version; for an event from before the oldest one that is kept, that one.
     */
    public RuleVersion at(final long sequence)
    {
        final RuleVersions present = versions;
        return present.version(present.placeOf(sequence));
    }

    /** @return for each rule of the newest version what it has done. */
    public List<RuleStats> stats()
    {
        return rules().stream().map((rule) -> counters(rule.name()).stats(rule)).toList();
    }

    /**
     * Forget versions that hold for older events only. Nobody may look at those any more. Does nothing after {@link
     * #close}.
     *
     * @param lowestSequence that anybody may still look at.
     * @return how many versions were forgotten.
     * @throws EventStorageException if the file can't be written; they are forgotten all the same, and will be gone
     *                               from it after the next change.
     */
    public int dropBefore(final long lowestSequence)
    {
        synchronized (changeLock)
        {
            if (isClosed)
            {
                return 0;
            }
            final List<RuleVersion> all = versions.all();
            final List<RuleVersion> kept = versions.since(lowestSequence);
            if (kept.size() < all.size())
            {
                versions = new RuleVersions(kept);
                file.write(kept);
            }
            return all.size() - kept.size();
        }
    }

    /**
     * No change from now on: the engine is closed, and the file may be another one's soon. Waits for a change in
     * progress. What there is can still be read. Idempotent.
     */
    public void close()
    {
        synchronized (changeLock)
        {
            isClosed = true;
            file.close();
        }
    }

    /**
     * What a thread needs that routes events.
     *
     * @param maxEventLength longest record in bytes that a rule may make of an event.
     * @param errors         told of events that a rule could not change.
     * @return the run, for one thread.
     */
    public RuleRun newRun(final int maxEventLength, final ErrorHandler errors)
    {
        return new RuleRun(this, maxEventLength, errors, this::counters);
    }

    /**
     * What a thread needs that comes to events which another one routes, or has routed: it neither counts nor reports.
     *
     * @param maxEventLength longest record in bytes that a rule may make of an event.
     * @return the run, for one thread.
     */
    public RuleRun newQuietRun(final int maxEventLength)
    {
        final ErrorHandler nobody = (error) ->
        {
        };
        return new RuleRun(this, maxEventLength, nobody, (name) -> new RuleCounters());
    }

    /** @return the rules that act where events are admitted. */
    public AdmissionRules admission()
    {
        return new AdmissionRules(this);
    }

    RuleVersions versions()
    {
        return versions;
    }

    RuleCounters counters(final String name)
    {
        return counters.computeIfAbsent(name, (key) -> new RuleCounters());
    }

    /** @return the rules in the order in which they are asked. */
    static List<RoutingRule> inOrder(final List<RoutingRule> rules)
    {
        final List<RoutingRule> sorted = new ArrayList<>(rules);
        sorted.sort(ORDER);
        final Set<String> names = new HashSet<>();
        for (final RoutingRule rule : sorted)
        {
            if (!names.add(rule.name()))
            {
                throw new EventValidationException("rule", rule.name(), "the name stands twice, rename one");
            }
        }
        return sorted;
    }

    private RuleVersion change(final String what, final List<RoutingRule> rules)
    {
        requireOpen();
        // Once more: the engine may have failed while this change waited for another one.
        boundary.check();
        if (rules.size() > MAX_RULES)
        {
            throw new EventValidationException(
                "rules", Integer.toString(rules.size()), "a table has at most " + MAX_RULES + ", remove some");
        }
        rules.sort(ORDER);
        final RuleVersions before = versions;
        final RuleVersion next =
            new RuleVersion(before.newest().number() + 1, RuleVersion.NOT_YET, what, rules);
        // The threads that route do not wait for this.
        next.delivery();
        final List<RuleVersion> after = before.with(next);
        final Effect effect = new Effect(next, new RuleVersions(after));
        try
        {
            file.begin(before.all(), next);
            boundary.begin(effect);
            effect.requireTaken(what);
        }
        catch (final RuntimeException ex)
        {
            settle(effect.isTaken ? after : before.all(), ex);
            throw ex;
        }
        file.write(after);
        final Set<String> names = new HashSet<>();
        rules.forEach((rule) -> names.add(rule.name()));
        counters.keySet().retainAll(names);
        return next;
    }

    // What the file says of a change that went wrong: that it holds, or that it does not.
    private void settle(final List<RuleVersion> holding, final RuntimeException cause)
    {
        try
        {
            file.write(holding);
        }
        catch (final EventStorageException ex)
        {
            cause.addSuppressed(ex);
        }
    }

    // Without the lock: who holds it may be waiting for this very thread.
    private void requireMayWait()
    {
        boundary.check();
    }

    private void requireOpen()
    {
        if (isClosed)
        {
            throw new IllegalStateException(
                "the engine of these rules is closed: change them while one runs on that directory");
        }
    }

    private static int require(final String name, final List<RoutingRule> rules)
    {
        final int place = placeOf(name, rules);
        if (place < 0)
        {
            throw new EventValidationException(
                "rule", name, rules.isEmpty() ? "there are no rules" :
                "there is none of that name; there are " + rules.size() + ", the first is " + rules.get(0).name());
        }
        return place;
    }

    private static int placeOf(final String name, final List<RoutingRule> rules)
    {
        for (int place = 0; place < rules.size(); place++)
        {
            if (rules.get(place).name().equals(name))
            {
                return place;
            }
        }
        return -1;
    }

    private final class Effect implements LongConsumer
    {
        private final RuleVersion next;
        private final RuleVersions after;
        private volatile boolean isTaken;

        private Effect(final RuleVersion next, final RuleVersions after)
        {
            this.next = next;
            this.after = after;
        }

        private void requireTaken(final String what)
        {
            if (!isTaken)
            {
                throw new IllegalStateException("the boundary of the rules did not make '" + what + "' hold");
            }
        }

        @Override
        public void accept(final long sequence)
        {
            if (isTaken)
            {
                throw new IllegalStateException("rule version " + next.number() + " holds already");
            }
            final long least = versions.newest().from();
            if (sequence < least)
            {
                throw new IllegalArgumentException(
                    "sequence=" + sequence + " lies before " + least + ", from which the newest version holds");
            }
            // First: an event that the new rules were applied to must find them again, whenever the process ends.
            file.holdFrom(sequence);
            next.holdFrom(sequence);
            versions = after;
            isTaken = true;
        }
    }
}
