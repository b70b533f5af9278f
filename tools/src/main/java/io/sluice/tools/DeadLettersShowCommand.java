package io.sluice.tools;

import io.sluice.tools.letters.LettersShowAction;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link LettersShowAction}. */
@CommandLine.Command(
    name = "show",
    description = "Show one dead letter: why it failed, what was done about it, and its event, repaired if it was; " +
        "then what can be done next, and what is in the way where an engine runs; read-only. Exit code 1 if there is " +
        "no letter of that number.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class DeadLettersShowCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private KeyFileOption keyFile;

    @CommandLine.Parameters(paramLabel = "NUMBER", description = "Number of the letter, as 'list' prints it.")
    private long number;

    @CommandLine.Mixin
    private TimeoutOption timeout;

    @CommandLine.Mixin
    private JsonOption json;

    DeadLettersShowCommand(final CommandIo io)
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
        return new LettersShowAction(
            directory.directory(),
            keyFile.keys(),
            directory.options(),
            timeout.timeoutNs(),
            number,
            json.isWanted()).run(io);
    }
}
