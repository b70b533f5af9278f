package io.sluice.tools;

import io.sluice.engine.OfflineDelivery;
import io.sluice.engine.control.ControlJson;
import io.sluice.tools.delivery.ChangeAction;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** What the commands that change a dead letter have in common. */
@CommandLine.Command(mixinStandardHelpOptions = true, versionProvider = SluiceVersion.class)
abstract class DeadLetterChangeCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private TimeoutOption timeout;

    @CommandLine.Mixin
    private JsonOption json;

    @CommandLine.Parameters(paramLabel = "NUMBER", description = "Number of the letter, as 'list' prints it.")
    private long number;

    DeadLetterChangeCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        if (number < 1)
        {
            throw new UsageException("NUMBER: " + number + " is out of range, letters are numbered from 1");
        }
        final ControlJson arguments = new ControlJson().add("letter", number);
        addTo(arguments);
        return new ChangeAction(directory.directory(), timeout.timeoutNs(), json.isWanted()).run(
            io,
            "dead-letters." + spec.name(),
            arguments,
            "dead letter " + number + " " + done(),
            "dead letter " + number + " " + doneOffline(),
            (files, outcome) ->
            {
                outcome.add("letter", number);
                return isChanged(files);
            },
            "no open dead letter has number " + number + ": see 'sluice dead-letters list'");
    }

    final CommandIo io()
    {
        return io;
    }

    final Path directory()
    {
        return directory.directory();
    }

    final long number()
    {
        return number;
    }

    /** Add what else the command takes. */
    abstract void addTo(ControlJson arguments);

    /** Do it where no engine runs; false if there is no such letter. */
    abstract boolean isChanged(OfflineDelivery files);

    /** @return what then has happened to the letter. */
    abstract String done();

    /** @return what then has happened to the letter where no engine runs. */
    String doneOffline()
    {
        return done();
    }

    /** Gives the letter up. */
    @CommandLine.Command(name = "drop", description = "Give a dead letter up. Its records stay where they are.")
    static final class Drop extends DeadLetterChangeCommand
    {
        @CommandLine.Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "For people.")
        private String reason;

        Drop(final CommandIo io)
        {
            super(io);
        }

        @Override
        void addTo(final ControlJson arguments)
        {
            arguments.add("reason", reason);
        }

        @Override
        boolean isChanged(final OfflineDelivery files)
        {
            return files.dropDeadLetter(number(), reason);
        }

        @Override
        String done()
        {
            return "is given up";
        }
    }
}
