package io.sluice.tools;

import io.sluice.engine.EngineContext;
import io.sluice.event.Timestamps;
import io.sluice.replay.ReplayContext;
import io.sluice.replay.ReplayTime;
import io.sluice.tools.config.EngineSettings;
import io.sluice.tools.replay.ReplayAction;
import io.sluice.tools.replay.ReplayIntoAction;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link ReplayAction} and {@link ReplayIntoAction}. */
@CommandLine.Command(
    name = "replay",
    description = "Print events with the distances in time that they had, or faster or slower; read-only but for the " +
        "checkpoint. The digest below is the same whenever the same events were replayed. With --into, publish them " +
        "into the engine of another data directory instead: what it has already is not added again.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class ReplayCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private KeyFileOption keyFile;

    @CommandLine.Mixin
    private FilterOption where;

    @CommandLine.Option(
        names = "--from",
        paramLabel = "SEQ|TIME",
        description = "First event: a sequence, or a time of recording (default: the first there is).")
    private String from;

    @CommandLine.Option(
        names = "--to",
        paramLabel = "SEQ|TIME",
        description = "Last event: a sequence, or a time before which it was recorded (default: the last there is).")
    private String to;

    @CommandLine.Option(
        names = "--speed",
        paramLabel = "FACTOR|max",
        defaultValue = "1",
        description = "0.1 to 100 times as fast as the events were, or max (default: ${DEFAULT-VALUE}).")
    private String speed;

    @CommandLine.Option(
        names = "--by",
        paramLabel = "TIME",
        defaultValue = "recorded",
        description = "Whose distances are kept: recorded, or timestamp, which is when events happened " +
            "(default: ${DEFAULT-VALUE}).")
    private String by;

    @CommandLine.Option(
        names = "--session", paramLabel = "ID", description = "Events of one session, and what belongs to them.")
    private String session;

    @CommandLine.Option(
        names = "--correlation",
        paramLabel = "ID",
        description = "Events of one correlation, and what belongs to them.")
    private String correlation;

    @CommandLine.Option(
        names = "--unrelated",
        description = "With --session or --correlation: leave out what only belongs to its events.")
    private boolean isUnrelated;

    @CommandLine.Option(
        names = "--checkpoint",
        paramLabel = "NAME",
        description = "Keep the place under this name, and go on there the next time. If this is killed, the next " +
            "one prints the last events again: pass over sequences that are not greater, and lines without an end.")
    private String checkpoint;

    @CommandLine.Option(names = "--step", description = "Print one event for each line of standard input.")
    private boolean isStepping;

    @CommandLine.Option(
        names = "--into",
        paramLabel = "DIR",
        description = "Start an engine in this data directory, without subscriptions, and publish the events into it.")
    private Path into;

    @CommandLine.Option(
        names = "--config",
        paramLabel = "FILE",
        description = "With --into: settings of that engine, YAML or properties, by the names of EngineContext.")
    private Path config;

    @CommandLine.Option(
        names = "--skip-refused",
        description = "With --into: pass over events that the engine can't take, instead of ending before the first.")
    private boolean isSkippingRefused;

    @CommandLine.Option(names = "--json", description = "With --into: print the summary as a JSON object.")
    private boolean isJson;

    @CommandLine.Mixin
    private FormatOption format;

    ReplayCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        final ReplayContext context = new ReplayContext()
            .directory(directory.directory())
            .keys(keyFile.keys())
            .filter(where.filter())
            .time(time())
            .includeRelated(!isUnrelated);
        OptionValue.read("--speed", speed, (text) -> context.speed(factor(text)));
        if (session != null)
        {
            OptionValue.read("--session", session, context::sessionId);
        }
        if (correlation != null)
        {
            OptionValue.read("--correlation", correlation, context::correlationId);
        }
        if (isUnrelated && session == null && correlation == null)
        {
            throw new UsageException("--unrelated goes with --session or --correlation only");
        }
        if (checkpoint != null)
        {
            OptionValue.read("--checkpoint", checkpoint, context::checkpoint);
        }
        if (from != null)
        {
            OptionValue.read("--from", from, (text) ->
                isSequence(text) ? context.fromSequence(Long.parseLong(text)) : context.from(instant(text)));
        }
        if (to != null)
        {
            OptionValue.read("--to", to, (text) ->
                isSequence(text) ? context.toSequence(Long.parseLong(text)) : context.to(instant(text)));
        }
        return into == null ? print(context) : publish(context);
    }

    private int print(final ReplayContext context)
    {
        if (isJson || isSkippingRefused || config != null)
        {
            throw new UsageException(
                (isJson ? "--json" : isSkippingRefused ? "--skip-refused" : "--config") + " goes with --into only" +
                (isJson ? "; --format json prints events as JSON" : ""));
        }
        return new ReplayAction(context, format.format(), isStepping).run(io);
    }

    private int publish(final ReplayContext context)
    {
        if (isStepping || format.isGiven())
        {
            throw new UsageException(
                (isStepping ? "--step" : "--format") +
                " does not go with --into, which prints no events: leave one out");
        }
        final EngineContext engine = new EngineContext();
        if (config != null)
        {
            EngineSettings.apply(config, engine);
        }
        return new ReplayIntoAction(context, engine.directory(into), isSkippingRefused, isJson).run(io);
    }

    private ReplayTime time()
    {
        return switch (by.toLowerCase(Locale.ROOT))
        {
            case "recorded" -> ReplayTime.RECORDED;
            case "timestamp" -> ReplayTime.HAPPENED;
            default -> throw new UsageException("--by '" + by + "' is not known: use recorded or timestamp");
        };
    }

    private static double factor(final String text)
    {
        if ("max".equalsIgnoreCase(text))
        {
            return ReplayContext.UNTHROTTLED;
        }
        try
        {
            return Double.parseDouble(text);
        }
        catch (final NumberFormatException ex)
        {
            throw new IllegalArgumentException("'" + text + "' is no speed, use 0.1 to 100, or max", ex);
        }
    }

    private static boolean isSequence(final String text)
    {
        return text.matches("\\d{1,18}");
    }

    private static Instant instant(final String text)
    {
        final long epochNs = Timestamps.parse(text);
        return Instant.ofEpochSecond(
            Math.floorDiv(epochNs, 1_000_000_000L), Math.floorMod(epochNs, 1_000_000_000L));
    }
}
