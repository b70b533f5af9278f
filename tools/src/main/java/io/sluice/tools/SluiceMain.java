package io.sluice.tools;

import io.sluice.archive.ArchiveKeyException;
import io.sluice.engine.control.ControlException;
import io.sluice.engine.control.ControlFailure;
import io.sluice.event.EventException;
import io.sluice.event.EventStorageException;
import io.sluice.event.EventValidationException;
import io.sluice.handlers.exchange.ExchangeRefusedException;
import io.sluice.handlers.source.EventSourceException;
import io.sluice.journal.DataDirectoryException;
import io.sluice.journal.PositionException;
import io.sluice.tools.check.JvmFlags;
import io.sluice.tools.text.PlainText;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;

/** The {@code sluice} command. */
public final class SluiceMain
{
    private static final int OUTPUT_BUFFER_LENGTH = 1 << 16;
    private static final Set<String> FREE_OF_FLAGS = Set.of("doctor", "help");

    private SluiceMain()
    {
    }

    /**
     * Run a command and end the process with its {@link ExitCode}.
     *
     * @param args of the command line.
     */
    public static void main(final String[] args)
    {
        final StopSignal stop = new StopSignal();
        ProcessSignals.stopOnSignals(stop);
        final PrintStream out = new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUTPUT_BUFFER_LENGTH),
            false,
            StandardCharsets.UTF_8);
        final PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        final CommandIo io = new CommandIo(
            System.in,
            out,
            err,
            TerminalCheck.isTerminal(1),
            TerminalCheck.isTerminal(2),
            isColourWanted(System.getenv("NO_COLOR"), System.getenv("TERM")),
            stop);
        System.exit(run(io, args));
    }

    /**
     * Run a command.
     *
     * @param io   its streams.
     * @param args of the command line.
     * @return its {@link ExitCode}.
     */
    public static int run(final CommandIo io, final String... args)
    {
        final CommandLine commandLine = new CommandLine(new SluiceCommand(io))
            // First: what is set afterwards is set for them too.
            .addSubcommand("run", new RunCommand(io))
            .addSubcommand("tail", new TailCommand(io))
            .addSubcommand("query", new QueryCommand(io))
            .addSubcommand("export", new ExportCommand(io))
            .addSubcommand("import", new ImportCommand(io))
            .addSubcommand("replay", new ReplayCommand(io))
            .addSubcommand("checkpoints", CheckpointsCommand.create(io))
            .addSubcommand("subscriptions", SubscriptionsCommand.create(io))
            .addSubcommand("rules", RulesCommand.create(io))
            .addSubcommand("dead-letters", DeadLettersCommand.create(io))
            .addSubcommand("index", IndexCommand.create(io))
            .addSubcommand("verify", new VerifyCommand(io))
            .addSubcommand("repair", new RepairCommand(io))
            .addSubcommand("archive", ArchiveCommand.create(io))
            .addSubcommand("keys", KeysCommand.create(io))
            .addSubcommand("stat", new StatCommand(io))
            .addSubcommand("errors", new ErrorsCommand(io))
            .addSubcommand("control", ControlCommand.create(io))
            .addSubcommand("doctor", new DoctorCommand(io))
            .addSubcommand("help", new CommandLine.HelpCommand())
            .setOut(new PrintWriter(io.out(), true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(io.err(), true, StandardCharsets.UTF_8))
            .setColorScheme(CommandLine.Help.defaultColorScheme(
                io.isOutTerminal() && io.isColoured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
            .setExecutionStrategy(parsed -> execute(io, parsed))
            .setParameterExceptionHandler((ex, arguments) -> onWrongUsage(io, ex))
            .setExecutionExceptionHandler((ex, command, result) -> onException(io, ex));
        final int exitCode = commandLine.execute(args);
        io.out().flush();
        io.err().flush();
        return exitCode;
    }

    // Without the flags a command would end somewhere in a library, with an error that names no remedy.
    private static int execute(final CommandIo io, final CommandLine.ParseResult parsed)
    {
        final List<String> missing = JvmFlags.missing();
        final boolean isTouchingMemory = parsed.hasSubcommand() && !isHelp(parsed) &&
            !FREE_OF_FLAGS.contains(parsed.subcommand().commandSpec().name());
        if (isTouchingMemory && !missing.isEmpty())
        {
            print(io, "this JVM lacks flags: start java with " + String.join(" ", missing));
            return ExitCode.WRONG_USAGE;
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static boolean isHelp(final CommandLine.ParseResult parsed)
    {
        return parsed.isUsageHelpRequested() || parsed.hasSubcommand() && isHelp(parsed.subcommand());
    }

    static boolean isColourWanted(final String noColor, final String term)
    {
        return (noColor == null || noColor.isEmpty()) && !"dumb".equals(term);
    }

    private static int onWrongUsage(final CommandIo io, final CommandLine.ParameterException ex)
    {
        final CommandLine command = ex.getCommandLine();
        print(io, ex.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(ex, command.getErr());
        io.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.WRONG_USAGE;
    }

    private static int onException(final CommandIo io, final Exception ex)
    {
        if (ex instanceof UsageException || ex instanceof EventSourceException || ex instanceof PositionException ||
            ex instanceof EventValidationException || ex instanceof ExchangeRefusedException)
        {
            print(io, ex.getMessage());
            if (ex instanceof UsageException usage && !usage.detail().isEmpty())
            {
                io.err().println(usage.detail());
            }
            return ExitCode.WRONG_USAGE;
        }
        // Without its keys a directory can't be used, either.
        if (ex instanceof DataDirectoryException || ex instanceof ArchiveKeyException)
        {
            print(io, ex.getMessage());
            return ExitCode.DIRECTORY_UNUSABLE;
        }
        if (ex instanceof ControlException)
        {
            print(io, ex.getMessage());
            return exitCode(((ControlException)ex).failure());
        }
        if (ex instanceof EventException)
        {
            print(io, ex.getMessage() + (ex instanceof EventStorageException && ex.getCause() != null ?
                " (" + ex.getCause() + ")" : ""));
            return ExitCode.FAILED_CHECK;
        }
        print(io, "unexpected " + ex + "; this is a defect of sluice");
        ex.printStackTrace(io.err());
        return ExitCode.FAILED_CHECK;
    }

    private static int exitCode(final ControlFailure failure)
    {
        switch (failure)
        {
            case NOT_SENT:
            case NO_ANSWER:
            case BROKEN_OFF:
            case ANSWER_LOST:
                return ExitCode.FAILED_CHECK;
            default:
                return ExitCode.DIRECTORY_UNUSABLE;
        }
    }

    private static void print(final CommandIo io, final String message)
    {
        io.out().flush();
        io.err().println("sluice: " + PlainText.printable(message));
    }
}
