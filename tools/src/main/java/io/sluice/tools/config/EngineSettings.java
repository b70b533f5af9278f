package io.sluice.tools.config;

import io.sluice.engine.Durability;
import io.sluice.engine.EngineContext;
import io.sluice.engine.EngineRole;
import io.sluice.engine.ThreadingMode;
import io.sluice.engine.admission.OverflowPolicy;
import io.sluice.event.Priority;
import io.sluice.journal.ArchivePolicy;
import io.sluice.tools.UsageException;
import io.sluice.tools.text.UnitText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * The settings of an {@link EngineContext} by name. The names are those of its methods; a priority or a role follows
 * behind a dot. Durations and sizes take units.
 *
 * <pre>
 *   threadingMode: paired            limit: {critical: 500}          pin: {sequencing: 2}
 *   journal: {rollSize: 200MB}       budgetNs: {critical: 20ms}      idleStrategy: yielding
 *   dedup: {contentWindowNs: 2s}     share: {low: 64}                metadata: {host: worker-01}
 *   rotation: {max_size: 100MB, max_age: 30, compress: true}
 *   retention: {default: 90, by_type: {error: 365, audit: 2555, debug.trace.*: 12h}}
 * </pre>
 */
public final class EngineSettings
{
    private static final String METADATA = "metadata.";
    private static final List<String> RETENTION_PREFIXES = List.of("journal.retention.byType.", "retention.by_type.");
    private static final int MAX_TYPO_DISTANCE = 4;
    private static final Map<String, BiConsumer<EngineContext, String>> SETTERS = setters();

    private EngineSettings()
    {
    }

    /**
     * Set everything that a file says.
     *
     * @param file    of settings.
     * @param context to change.
     * @throws UsageException if the file can't be read, or a name or a value in it is not known.
     */
    public static void apply(final Path file, final EngineContext context)
    {
        final Map<String, Object> metadata = new LinkedHashMap<>();
        SettingsFile.read(file).forEach((name, value) ->
        {
            if (name.startsWith(METADATA))
            {
                metadata.put(name.substring(METADATA.length()), value);
            }
            else
            {
                apply(file, name, value, context);
            }
        });
        if (!metadata.isEmpty())
        {
            context.metadata(metadata);
        }
    }

    private static void apply(final Path file, final String name, final String value, final EngineContext context)
    {
        final BiConsumer<EngineContext, String> known = SETTERS.get(name);
        final BiConsumer<EngineContext, String> setter = known == null ? retentionRule(name) : known;
        if (setter == null)
        {
            throw new UsageException("--config " + file + ": there is no setting '" + name + "'" + suggestion(name));
        }
        try
        {
            setter.accept(context, value);
        }
        catch (final IllegalArgumentException ex)
        {
            final String reason =
                ex instanceof NumberFormatException ? "'" + value + "' is no number" : ex.getMessage();
            throw new UsageException("--config " + file + ": " + name + ": " + reason, ex);
        }
    }

    /**
     * @param name of a threading mode, in any case.
     * @return the mode.
     */
    public static ThreadingMode threadingMode(final String name)
    {
        return constant(ThreadingMode.class, name, "invoker, shared, paired or dedicated");
    }

    /**
     * @param name of an engine's durability, in any case.
     * @return the durability.
     */
    public static Durability durability(final String name)
    {
        return constant(Durability.class, name, "journaled or none");
    }

    private static Map<String, BiConsumer<EngineContext, String>> setters()
    {
        final Map<String, BiConsumer<EngineContext, String>> setters = new LinkedHashMap<>();
        setters.put("directory", (context, value) -> context.directory(Path.of(value)));
        setters.put("durability", (context, value) -> context.durability(durability(value)));
        setters.put("threadingMode", (context, value) -> context.threadingMode(threadingMode(value)));
        setters.put("idleStrategy", (context, value) -> context.idleStrategy(idleStrategy(value)));
        setters.put("control", (context, value) -> context.control(flag(value)));
        setters.put("slotLength", (context, value) -> context.slotLength(size(value)));
        setters.put("maxEventLength", (context, value) -> context.maxEventLength(size(value)));
        setters.put("arenaLength", (context, value) -> context.arenaLength(size(value)));
        setters.put("dedup.enabled", (context, value) -> context.dedup().enabled(flag(value)));
        setters.put("dedup.idCapacity", (context, value) -> context.dedup().idCapacity(Integer.parseInt(value)));
        setters.put("dedup.idHorizonNs", (context, value) -> context.dedup().idHorizonNs(durationNs(value)));
        setters.put(
            "dedup.contentCapacity", (context, value) -> context.dedup().contentCapacity(Integer.parseInt(value)));
        setters.put("dedup.contentWindowNs", (context, value) -> context.dedup().contentWindowNs(durationNs(value)));
        setters.put("journal.rollSize", (context, value) -> context.journal().rollSize(UnitText.bytes(value)));
        setters.put(
            "journal.rollAge", (context, value) -> context.journal().rollAge(Duration.ofNanos(durationNs(value))));
        setters.put("journal.batchCount", (context, value) -> context.journal().batchCount(Integer.parseInt(value)));
        setters.put("journal.batchLength", (context, value) -> context.journal().batchLength(size(value)));
        setters.put("journal.minFreeSpace", (context, value) -> context.journal().minFreeSpace(UnitText.bytes(value)));
        setters.put("journal.prepareAhead", (context, value) -> context.journal().prepareAhead(UnitText.bytes(value)));
        putArchive(setters);
        putAdmission(setters);
        setters.put("telemetryIntervalNs", (context, value) -> context.telemetryIntervalNs(durationNs(value)));
        setters.put("closeTimeoutNs", (context, value) -> context.closeTimeoutNs(durationNs(value)));
        setters.put("seed", (context, value) -> context.seed(Long.parseLong(value)));
        setters.put("source", EngineContext::source);
        for (final Priority priority : Priority.values())
        {
            final String suffix = '.' + priority.label();
            setters.put("limit" + suffix, (context, value) -> context.limit(priority, Integer.parseInt(value)));
            setters.put("budgetNs" + suffix, (context, value) -> context.budgetNs(priority, durationNs(value)));
            setters.put("share" + suffix, (context, value) -> context.share(priority, Integer.parseInt(value)));
        }
        for (final EngineRole role : EngineRole.values())
        {
            final String suffix = '.' + role.name().toLowerCase(Locale.ROOT);
            setters.put("pin" + suffix, (context, value) -> context.pin(role, Integer.parseInt(value)));
            setters.put("idleStrategy" + suffix, (context, value) -> context.idleStrategy(role, idleStrategy(value)));
        }
        return setters;
    }

    private static void putAdmission(final Map<String, BiConsumer<EngineContext, String>> setters)
    {
        setters.put("admission.blockTimeoutNs", (context, value) ->
            context.admission().blockTimeoutNs(durationNs(value)));
        setters.put("admission.memoryLimit", (context, value) ->
            context.admission().memoryLimit(UnitText.bytes(value)));
        for (final Priority priority : Priority.values())
        {
            setters.put("admission.overflow." + priority.label(), (context, value) -> context.admission().overflow(
                priority, constant(OverflowPolicy.class, value, "reject, block or drop_newest")));
        }
    }

    // The names of the requirements stand beside those of the methods; ages without a unit are days there.
    private static void putArchive(final Map<String, BiConsumer<EngineContext, String>> setters)
    {
        setters.put("journal.archive.compress", (context, value) -> archive(context).compress(flag(value)));
        setters.put(
            "journal.archive.after", (context, value) -> archive(context).after(Duration.ofNanos(durationNs(value))));
        setters.put("journal.archive.level", (context, value) -> archive(context).level(Integer.parseInt(value)));
        setters.put("journal.archive.keyFile", (context, value) -> archive(context).keyFile(Path.of(value)));
        setters.put("rotation.max_size", (context, value) -> context.journal().rollSize(UnitText.bytes(value)));
        setters.put("rotation.max_age", (context, value) -> context.journal().rollAge(RetentionText.term(value)));
        setters.put("rotation.compress", (context, value) -> archive(context).compress(flag(value)));
        for (final String name : List.of("journal.retention", "retention"))
        {
            setters.put(name, (context, value) -> archive(context).retention(RetentionText.policy(value)));
            setters.put(name + ".default", (context, value) -> archive(context).retention(
                archive(context).retention().defaultTerm(RetentionText.term(value))));
        }
    }

    private static ArchivePolicy archive(final EngineContext context)
    {
        return context.journal().archive();
    }

    private static BiConsumer<EngineContext, String> retentionRule(final String name)
    {
        for (final String prefix : RETENTION_PREFIXES)
        {
            if (name.startsWith(prefix) && name.length() > prefix.length())
            {
                final String type = name.substring(prefix.length());
                return (context, value) -> archive(context).retention(
                    archive(context).retention().rule(RetentionText.pattern(type), RetentionText.term(value)));
            }
        }
        return null;
    }

    private static Supplier<IdleStrategy> idleStrategy(final String name)
    {
        switch (name.toLowerCase(Locale.ROOT))
        {
            case "backoff":
                return () -> new BackoffIdleStrategy(10, 20, 1_000L, 50_000L);
            case "yielding":
                return YieldingIdleStrategy::new;
            case "busyspin":
                return BusySpinIdleStrategy::new;
            case "sleeping":
                return SleepingIdleStrategy::new;
            default:
                throw new IllegalArgumentException(
                    "'" + name + "' is not known: use backoff, yielding, busySpin or sleeping");
        }
    }

    private static int size(final String value)
    {
        final long bytes = UnitText.bytes(value);
        if (bytes > Integer.MAX_VALUE)
        {
            throw new IllegalArgumentException("'" + value + "' is out of range: use less than 2 GiB");
        }
        return (int)bytes;
    }

    private static long durationNs(final String value)
    {
        return value.matches("[0-9]+") ? Long.parseLong(value) : UnitText.durationNs(value);
    }

    private static boolean flag(final String value)
    {
        if (!value.equals("true") && !value.equals("false"))
        {
            throw new IllegalArgumentException("'" + value + "' is no switch: use true or false");
        }
        return value.equals("true");
    }

    private static <E extends Enum<E>> E constant(final Class<E> type, final String name, final String allowed)
    {
        for (final E constant : type.getEnumConstants())
        {
            if (constant.name().equals(name.toUpperCase(Locale.ROOT)))
            {
                return constant;
            }
        }
        throw new IllegalArgumentException("'" + name + "' is not known: use " + allowed);
    }

    private static String suggestion(final String name)
    {
        String nearest = "";
        int least = MAX_TYPO_DISTANCE + 1;
        for (final String known : SETTERS.keySet())
        {
            final int distance = distance(name.toLowerCase(Locale.ROOT), known.toLowerCase(Locale.ROOT));
            if (distance < least)
            {
                least = distance;
                nearest = known;
            }
        }
        return nearest.isEmpty() ?
            ": known are " + String.join(", ", SETTERS.keySet()) : ": did you mean '" + nearest + "'?";
    }

    // Levenshtein (1965), one row at a time.
    private static int distance(final String a, final String b)
    {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++)
        {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++)
        {
            final int[] next = new int[row.length];
            next[0] = i;
            for (int j = 1; j <= b.length(); j++)
            {
                final int replaced = row[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                next[j] = Math.min(replaced, Math.min(row[j], next[j - 1]) + 1);
            }
            row = next;
        }
        return row[b.length()];
    }
}
