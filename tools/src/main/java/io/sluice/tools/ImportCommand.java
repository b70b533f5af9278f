package io.sluice.tools;

import io.sluice.handlers.exchange.EventFormats;
import io.sluice.handlers.exchange.ImportContext;
import io.sluice.tools.exchange.ImportAction;
import io.sluice.tools.text.UnitText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link ImportAction}. */
@CommandLine.Command(
    name = "import",
    description = "Append the events of a file to the journal, in their order, while no engine is at work. Ids and " +
        "times are kept; an event whose id is in the journal is left out. The next engine hands them to its " +
        "subscribers. Exit code 1 if records were bad: they are told and passed over.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class ImportCommand implements Callable<Integer>
{
    private static final String STANDARD_INPUT = "-";

    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private KeyFileOption keyFile;

    @CommandLine.Parameters(paramLabel = "FILE", description = "File to read, or - for the standard input.")
    private String file;

    @CommandLine.Mixin
    private FileFormatOption format;

    @CommandLine.Mixin
    private FilterOption where;

    @CommandLine.Option(
        names = "--rejects",
        paramLabel = "FILE",
        description = "Write records that are no events to this file: one a line, with what is wrong and their text.")
    private Path rejects;

    @CommandLine.Option(
        names = "--checkpoint-every",
        paramLabel = "DURATION",
        defaultValue = "5s",
        description = "How much work an interruption may cost (default: ${DEFAULT-VALUE}).")
    private String checkpointEvery;

    @CommandLine.Option(names = "--resume", description = "Go on where an interrupted import of FILE was.")
    private boolean isResuming;

    @CommandLine.Option(
        names = "--restart", description = "Forget an interrupted import of FILE and begin with its first record.")
    private boolean isRestarting;

    @CommandLine.Option(names = "--dry-run", description = "Read and check everything, journal nothing.")
    private boolean isDryRun;

    @CommandLine.Option(
        names = "--keep-duplicates",
        description = "Journal events that are there already as duplicates of those, instead of leaving them out.")
    private boolean isKeepingDuplicates;

    @CommandLine.Option(
        names = "--max-event-length",
        paramLabel = "SIZE",
        defaultValue = "1MiB",
        description = "Larger events are refused (default: ${DEFAULT-VALUE}).")
    private String maxEventLength;

    @CommandLine.Mixin
    private JsonOption json;

    ImportCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        final boolean isStream = STANDARD_INPUT.equals(file);
        final EventFormats formats = EventFormats.load();
        final ImportContext context = new ImportContext()
            .directory(directory.directory())
            .keys(keyFile.keys())
            .filter(where.filter())
            .rejects(rejects)
            .resume(isResuming)
            .checkpointInterval(Duration.ofNanos(
                OptionValue.read("--checkpoint-every", checkpointEvery, UnitText::durationNs)))
            .restart(isRestarting)
            .dryRun(isDryRun)
            .keepDuplicates(isKeepingDuplicates)
            .maxEventLength(OptionValue.read("--max-event-length", maxEventLength, ImportCommand::eventLength))
            .format(format.format(formats, file, isStream));
        if (isStream)
        {
            context.stream(io.in());
        }
        else
        {
            context.file(Path.of(file));
        }
        return new ImportAction(context, json.isWanted()).run(io);
    }

    private static int eventLength(final String text)
    {
        final long bytes = UnitText.bytes(text);
        if (bytes < 256 || bytes > 1 << 28)
        {
            throw new IllegalArgumentException(text + " is out of range, use 256 bytes to 256MiB");
        }
        return (int)bytes;
    }
}
