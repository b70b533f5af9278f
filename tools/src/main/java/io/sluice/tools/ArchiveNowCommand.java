package io.sluice.tools;

import io.sluice.engine.EngineContext;
import io.sluice.engine.PipelineHold;
import io.sluice.journal.ArchivePolicy;
import io.sluice.journal.JournalArchive;
import io.sluice.journal.JournalContext;
import io.sluice.tools.archive.ArchiveNowAction;
import io.sluice.tools.config.EngineSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link ArchiveNowAction}. */
@CommandLine.Command(
    name = "now",
    description = {
        "Compress all closed journal files but the newest, whatever their age; an engine may be at work.",
        "Exit code 1 if a file had to be left for what is wrong with it."},
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class ArchiveNowCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Option(
        names = "--retention",
        description = "Remove what has expired, too: by the terms of the engine that ran last, or of --config.")
    private boolean isWithRetention;

    @CommandLine.Option(
        names = "--ignore-reader",
        paramLabel = "NAME",
        description = "Don't let retention wait for this reader, the name of a file in positions/; may be repeated.")
    private List<String> ignoredReaders = List.of();

    @CommandLine.Option(
        names = "--config",
        paramLabel = "FILE",
        description = "Settings of an engine: those of journal, rotation and retention count here.")
    private Path config;

    @CommandLine.Mixin
    private KeyFileOption keyFile;

    @CommandLine.Mixin
    private JsonOption json;

    ArchiveNowCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        final Path path = directory.directory();
        final JournalContext context = config == null ? new JournalContext() : settings(config);
        final ArchivePolicy policy = context.directory(path).archive();
        if (config == null)
        {
            policy.retention(JournalArchive.retention(path));
        }
        if (keyFile.isGiven())
        {
            policy.keys(keyFile.keys());
        }
        ignoredReaders.forEach(policy::ignoreReader);
        PipelineHold.addTo(policy, path);
        return new ArchiveNowAction(context, isWithRetention, json.isWanted()).run(io);
    }

    private static JournalContext settings(final Path file)
    {
        final EngineContext context = new EngineContext();
        EngineSettings.apply(file, context);
        return context.journal();
    }
}
