package io.sluice.tools.observe;

import io.sluice.engine.EngineState;
import io.sluice.engine.telemetry.CounterLabel;
import io.sluice.engine.telemetry.ObservedThread;
import io.sluice.engine.telemetry.ObservedType;
import io.sluice.engine.telemetry.TelemetryReader;
import io.sluice.event.Priority;
import io.sluice.journal.PreparerStatus;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.Colour;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.PlainText;
import io.sluice.tools.text.Quantity;
import io.sluice.tools.text.Table;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Shows the figures of an engine that runs, or has run, in a data directory. Reads only. */
public final class StatAction
{
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long NS_PER_MS = 1_000_000L;
    private static final long NS_PER_TENTH_US = 100L;
    private static final int SHOWN_TYPES = 10;
    private static final String HOME_AND_ERASE = "\u001b[H\u001b[J";

    private final Path directory;
    private final boolean isWatching;
    private final boolean isJson;

    /**
     * @param directory  data directory.
     * @param isWatching true to show them again every second, until asked to stop.
     * @param isJson     true for programs.
     */
    public StatAction(final Path directory, final boolean isWatching, final boolean isJson)
    {
        this.directory = directory;
        this.isWatching = isWatching;
        this.isJson = isJson;
    }

    /**
     * @param io streams.
     * @return {@link ExitCode#DONE}.
     * @throws io.sluice.journal.DataDirectoryException if no engine ever ran there.
     */
    public int run(final CommandIo io)
    {
        do
        {
            // Opened anew each time: the next run of an engine makes new files.
            try (TelemetryReader reader = Telemetry.open(directory))
            {
                show(reader, io);
            }
        }
        while (!io.out().checkError() && isWatching && !io.stop().await(INTERVAL_NS));
        return ExitCode.DONE;
    }

    private void show(final TelemetryReader reader, final CommandIo io)
    {
        if (isJson)
        {
            reader.threads().forEach(thread -> io.out().println(new JsonLine()
                .add("thread", thread.name())
                .add("threadId", thread.threadId())
                .add("allowedCpus", thread.allowedCpus())));
            reader.types().forEach(type -> io.out().println(new JsonLine()
                .add("type", type.type()).add("count", type.count()).add("failures", type.failures())
                .add("totalNs", type.totalNs()).add("maxNs", type.maxNs())));
            io.out().println(summary(reader));
            return;
        }
        if (isWatching && io.isOutTerminal())
        {
            io.out().print(HOME_AND_ERASE);
        }
        lines(reader, io.isOutTerminal() && io.isColoured()).forEach(io.out()::println);
    }

    private static JsonLine summary(final TelemetryReader reader)
    {
        final JsonLine priorities = new JsonLine();
        for (final Priority priority : Priority.values())
        {
            priorities.add(priority.label(), new JsonLine()
                .add("accepted", reader.value(CounterLabel.ACCEPTED, priority))
                .add("refused", reader.value(CounterLabel.REFUSED, priority))
                .add("sequenced", reader.value(CounterLabel.SEQUENCED, priority))
                .add("duplicates", reader.value(CounterLabel.DUPLICATES, priority))
                .add("handled", reader.value(CounterLabel.HANDLED, priority))
                .add("failed", reader.value(CounterLabel.FAILED, priority))
                .add("redelivered", reader.value(CounterLabel.REDELIVERED, priority))
                .add("depth", reader.value(CounterLabel.DEPTH, priority))
                .add("limit", reader.value(CounterLabel.LIMIT, priority))
                .addTenths("p50Us", reader.value(CounterLabel.P50_NS, priority) / NS_PER_TENTH_US)
                .addTenths("p99Us", reader.value(CounterLabel.P99_NS, priority) / NS_PER_TENTH_US)
                .addTenths("p999Us", reader.value(CounterLabel.P999_NS, priority) / NS_PER_TENTH_US)
                .addTenths("maxUs", reader.value(CounterLabel.MAX_NS, priority) / NS_PER_TENTH_US)
                .add("budgetMs", reader.value(CounterLabel.BUDGET_NS, priority) / NS_PER_MS)
                .add("overBudget", reader.value(CounterLabel.OVER_BUDGET, priority))
                .add("backPressured", reader.value(CounterLabel.BACK_PRESSURED, priority))
                .add("publisherLimited", reader.value(CounterLabel.PUBLISHER_LIMITED, priority))
                .add("bytesLimited", reader.value(CounterLabel.BYTES_LIMITED, priority))
                .add("rateLimited", reader.value(CounterLabel.RATE_LIMITED, priority))
                .add("dropped", reader.value(CounterLabel.DROPPED, priority))
                .add("pressed", reader.value(CounterLabel.PRESSED, priority) == 1));
        }
        final JsonLine line = new JsonLine()
            .add("state", state(reader))
            .add("pid", reader.pid())
            .add("alive", reader.isAlive())
            .add("runId", reader.runId())
            .add("started", time(reader.startedNs()).toString())
            .add("updated", time(reader.updatedNs()).toString());
        for (final CounterLabel label : CounterLabel.values())
        {
            if (!label.isPerPriority() && label != CounterLabel.STATE && label != CounterLabel.PREPARER_MODE)
            {
                line.add(camelCase(label), reader.value(label));
            }
        }
        line.add("preparerMode", preparerMode(reader)).add("storageReason", reader.storageReason());
        return line.add("priorities", priorities);
    }

    private static List<String> lines(final TelemetryReader reader, final boolean isColoured)
    {
        final List<String> lines = new ArrayList<>();
        lines.add("engine     " + state(reader) + ", pid " + reader.pid() + ", run " + reader.runId());
        lines.add("started    " + time(reader.startedNs()) + ", figures of " + time(reader.updatedNs()));
        lines.add("journal    last sequence " + Quantity.count(reader.value(CounterLabel.LAST_SEQUENCE)) +
            ", synced up to " + Quantity.count(reader.value(CounterLabel.SYNCED_SEQUENCE)) + ", " +
            Quantity.bytes(reader.value(CounterLabel.JOURNAL_BYTES)) + " and " +
            reader.value(CounterLabel.JOURNAL_ROLLS) + " rolls in this run");
        lines.add("memory     " + Quantity.bytes(reader.value(CounterLabel.MEMORY_USED)) + " of " +
            Quantity.bytes(reader.value(CounterLabel.MEMORY_LIMIT)) + ", rings at most " +
            reader.value(CounterLabel.LOAD_PERCENT) + " % full");
        lines.add("preparer   " + preparer(reader));
        lines.add("index      " + index(reader));
        lines.add("archive    " + archive(reader));
        final String reason = reader.storageReason();
        if (!reason.isEmpty())
        {
            final String trouble = PlainText.printable(reason);
            lines.add("storage    " + (isColoured ? Colour.RED.paint(trouble) : trouble));
        }
        final long errors = reader.value(CounterLabel.ERRORS);
        lines.add("errors     " + Quantity.count(errors) + (errors == 0 ? "" : " (see 'sluice errors')"));
        lines.add("");
        lines.addAll(priorities(reader).lines(isColoured));
        final List<ObservedThread> threads = reader.threads();
        if (!threads.isEmpty())
        {
            lines.add("");
            final Table table = new Table("thread", "id", "allowed CPUs");
            threads.forEach(thread -> table.row(thread.name(), Long.toString(thread.threadId()), thread.allowedCpus()));
            lines.addAll(table.lines(isColoured));
        }
        final List<ObservedType> types = new ArrayList<>(reader.types());
        if (!types.isEmpty())
        {
            lines.add("");
            types.sort(Comparator.comparingLong(ObservedType::count).reversed().thenComparing(ObservedType::type));
            lines.addAll(types(types).lines(isColoured));
        }
        return lines;
    }

    private static String preparer(final TelemetryReader reader)
    {
        return preparerMode(reader) + ": " +
            Quantity.bytes(reader.value(CounterLabel.RESERVED_BYTES)) + " reserved, " +
            Quantity.bytes(reader.value(CounterLabel.PREPARED_BYTES)) + " prepared, at most " +
            Quantity.bytes(reader.value(CounterLabel.PREPARE_AHEAD_BYTES)) + " ahead, overtaken " +
            Quantity.count(reader.value(CounterLabel.OVERTAKEN)) + " times";
    }

    private static String preparerMode(final TelemetryReader reader)
    {
        final PreparerStatus.Mode[] modes = PreparerStatus.Mode.values();
        final long code = reader.value(CounterLabel.PREPARER_MODE);
        return code >= 0 && code < modes.length ? modes[(int)code].name() : "unknown";
    }

    private static String index(final TelemetryReader reader)
    {
        final long indexed = reader.value(CounterLabel.INDEXED_SEQUENCE);
        final long behind = Math.max(0, reader.value(CounterLabel.LAST_SEQUENCE) - indexed);
        return indexed == 0 ?
            "none yet" : "up to sequence " + Quantity.count(indexed) + ", " + Quantity.count(behind) + " events behind";
    }

    private static String archive(final TelemetryReader reader)
    {
        final long held = reader.value(CounterLabel.ARCHIVE_HELD);
        final long failures = reader.value(CounterLabel.ARCHIVE_FAILURES);
        return reader.value(CounterLabel.ARCHIVE_FILES) + " files, " +
            Quantity.bytes(reader.value(CounterLabel.ARCHIVE_BYTES)) + ", " +
            Quantity.count(reader.value(CounterLabel.EXPIRED)) + " events expired in this run" +
            (held == 0 ? "" : ", " + held + " files held back by readers (see 'sluice archive now --retention')") +
            (failures == 0 ? "" : ", " + failures + " failures (see 'sluice errors')");
    }

    private static Table priorities(final TelemetryReader reader)
    {
        final Table table = new Table(
            "priority", "accepted", "refused", "handled", "depth",
            "p50", "p99", "p99.9", "max", "budget", "over budget");
        for (final Priority priority : Priority.values())
        {
            final long over = reader.value(CounterLabel.OVER_BUDGET, priority);
            table.row(
                over > 0 ? Colour.YELLOW : Colour.NONE,
                priority.name(),
                Quantity.count(reader.value(CounterLabel.ACCEPTED, priority)),
                Quantity.count(reader.value(CounterLabel.REFUSED, priority)),
                Quantity.count(reader.value(CounterLabel.HANDLED, priority)),
                reader.value(CounterLabel.DEPTH, priority) + "/" + reader.value(CounterLabel.LIMIT, priority),
                Quantity.duration(reader.value(CounterLabel.P50_NS, priority)),
                Quantity.duration(reader.value(CounterLabel.P99_NS, priority)),
                Quantity.duration(reader.value(CounterLabel.P999_NS, priority)),
                Quantity.duration(reader.value(CounterLabel.MAX_NS, priority)),
                reader.value(CounterLabel.BUDGET_NS, priority) / NS_PER_MS + " ms",
                Quantity.count(over));
        }
        return table;
    }

    private static Table types(final List<ObservedType> types)
    {
        final Table table = new Table("type", "count", "failures", "mean", "max");
        for (final ObservedType type : types.subList(0, Math.min(SHOWN_TYPES, types.size())))
        {
            table.row(
                PlainText.printable(type.type()),
                Quantity.count(type.count()),
                Quantity.count(type.failures()),
                Quantity.duration(type.count() == 0 ? 0 : type.totalNs() / type.count()),
                Quantity.duration(type.maxNs()));
        }
        return table;
    }

    // A process that was killed can't write that it ended: whether it is there counts more than what it wrote.
    private static String state(final TelemetryReader reader)
    {
        final EngineState[] states = EngineState.values();
        final long code = reader.value(CounterLabel.STATE);
        final EngineState state = code >= 0 && code < states.length ? states[(int)code] : EngineState.CLOSED;
        return state == EngineState.CLOSED || state == EngineState.FAILED || reader.isAlive() ? state.name() : "DIED";
    }

    private static Instant time(final long epochNs)
    {
        return Instant.ofEpochMilli(epochNs / NS_PER_MS);
    }

    private static String camelCase(final CounterLabel label)
    {
        final StringBuilder name = new StringBuilder();
        for (final String word : label.label(null).split(" ", -1))
        {
            name.append(name.length() == 0 ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }
}
