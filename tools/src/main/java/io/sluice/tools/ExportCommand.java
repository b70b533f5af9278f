package io.sluice.tools;

import io.sluice.event.Timestamps;
import io.sluice.handlers.exchange.EventFormats;
import io.sluice.handlers.exchange.ExportContext;
import io.sluice.tools.exchange.ExportAction;
import io.sluice.tools.text.UnitText;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import picocli.CommandLine;

/** Options of {@link ExportAction}. */
@CommandLine.Command(
    name = "export",
    description = "Write events to a file that other programs read; read-only but for that file. Ends at what was " +
        "journaled when it began. An interrupted export goes on with --resume.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class ExportCommand implements Callable<Integer>
{
    private static final String STANDARD_OUTPUT = "-";

    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private KeyFileOption keyFile;

    @CommandLine.Parameters(paramLabel = "FILE", description = "File to write, or - for the standard output.")
    private String file;

    @CommandLine.Mixin
    private FileFormatOption format;

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

    @CommandLine.Mixin
    private FilterOption where;

    @CommandLine.Option(
        names = "--portable",
        description = "Leave out what belongs to the journal, sequence and recorded: equal events give equal files.")
    private boolean isPortable;

    @CommandLine.Option(
        names = "--duplicates", description = "Write duplicates, too; without it they are counted only.")
    private boolean withDuplicates;

    @CommandLine.Option(
        names = "--checkpoint-every",
        paramLabel = "DURATION",
        defaultValue = "2s",
        description = "How much work an interruption may cost (default: ${DEFAULT-VALUE}).")
    private String checkpointEvery;

    @CommandLine.Option(names = "--resume", description = "Go on where an interrupted export to FILE was.")
    private boolean isResuming;

    @CommandLine.Option(names = "--overwrite", description = "Replace FILE when the export is complete.")
    private boolean isOverwriting;

    @CommandLine.Mixin
    private JsonOption json;

    ExportCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        final boolean isStream = STANDARD_OUTPUT.equals(file);
        if (isStream && json.isWanted())
        {
            throw new UsageException("--json can't go with -: the standard output gets the events");
        }
        if (isStream && isOverwriting)
        {
            throw new UsageException("--overwrite can't go with -: it is about a file");
        }
        final EventFormats formats = EventFormats.load();
        final ExportContext context = new ExportContext()
            .directory(directory.directory())
            .keys(keyFile.keys())
            .filter(where.filter())
            .portable(isPortable)
            .duplicates(withDuplicates)
            .resume(isResuming)
            .checkpointInterval(Duration.ofNanos(
                OptionValue.read("--checkpoint-every", checkpointEvery, UnitText::durationNs)))
            .overwrite(isOverwriting)
            .format(format.format(formats, file, isStream));
        if (!isStream)
        {
            context.file(Path.of(file));
        }
        range("--from", from, context::fromSequence, context::from);
        range("--to", to, context::toSequence, context::to);
        return new ExportAction(context, json.isWanted()).run(io);
    }

    private static void range(
        final String option, final String text, final LongConsumer sequence, final Consumer<Instant> time)
    {
        if (text == null)
        {
            return;
        }
        OptionValue.read(option, text, (value) ->
        {
            if (value.matches("\\d{1,18}"))
            {
                sequence.accept(Long.parseLong(value));
            }
            else
            {
                final long epochNs = Timestamps.parse(value);
                time.accept(Instant.ofEpochSecond(
                    Math.floorDiv(epochNs, 1_000_000_000L), Math.floorMod(epochNs, 1_000_000_000L)));
            }
            return value;
        });
    }
}
