package io.sluice.tools.delivery;

import io.sluice.engine.OfflineDelivery;
import io.sluice.engine.control.ControlClient;
import io.sluice.engine.control.ControlException;
import io.sluice.engine.control.ControlFailure;
import io.sluice.engine.control.ControlJson;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.PlainText;
import java.nio.file.Path;
import java.util.Set;

/**
 * Has an engine change something, and says that it did. Where none runs, changes the files of the data directory, if
 * that is possible.
 */
public final class ChangeAction
{
    private static final Set<ControlFailure> NOT_RUNNING =
        Set.of(ControlFailure.NO_ENGINE, ControlFailure.CLOSED, ControlFailure.GONE);

    private final Path directory;
    private final long timeoutNs;
    private final boolean isJson;

    /**
     * @param directory of the data.
     * @param timeoutNs to wait at most.
     * @param isJson    true for programs.
     */
    public ChangeAction(final Path directory, final long timeoutNs, final boolean isJson)
    {
        this.directory = directory;
        this.timeoutNs = timeoutNs;
        this.isJson = isJson;
    }

    /**
     * @param failure of a request.
     * @return true if no engine runs there, as far as the control channel tells.
     */
    public static boolean isNotRunning(final ControlException failure)
    {
        return NOT_RUNNING.contains(failure.failure());
    }

    /**
     * @param io        streams.
     * @param command   of the control channel.
     * @param arguments of it.
     * @param done      what to tell people when it is done.
     * @return {@link ExitCode#DONE}.
     * @throws ControlException                                 if no engine answers.
     * @throws io.sluice.engine.control.ControlRefusedException if it refuses.
     */
    public int run(final CommandIo io, final String command, final ControlJson arguments, final String done)
    {
        try (ControlClient client = ControlClient.open(directory))
        {
            final String result = client.request(command, arguments, timeoutNs).result().toString();
            io.out().println(isJson ? result : PlainText.printable(done));
            return ExitCode.DONE;
        }
    }

    /**
     * @param io        streams.
     * @param command   of the control channel.
     * @param arguments of it.
     * @param done      what to tell people when it is done.
     * @param offline   does it where no engine runs.
     * @param missing   what to tell people when the files do not hold what is to be changed.
     * @return {@link ExitCode#DONE}, or {@link ExitCode#FAILED_CHECK} if there is nothing to change.
     * @throws ControlException                                 if an engine runs and does not answer.
     * @throws io.sluice.engine.control.ControlRefusedException if it refuses.
     * @throws io.sluice.journal.DataDirectoryException         if the files can't be used.
     */
    public int run(
        final CommandIo io,
        final String command,
        final ControlJson arguments,
        final String done,
        final OfflineChange offline,
        final String missing)
    {
        return run(io, command, arguments, done, done, offline, missing);
    }

    /**
     * @param io          streams.
     * @param command     of the control channel.
     * @param arguments   of it.
     * @param done        what to tell people when an engine has done it.
     * @param doneOffline what to tell people when it is done where no engine runs.
     * @param offline     does it there.
     * @param missing     what to tell people when the files do not hold what is to be changed.
     * @return {@link ExitCode#DONE}, or {@link ExitCode#FAILED_CHECK} if there is nothing to change.
     * @throws ControlException                                 if an engine runs and does not answer.
     * @throws io.sluice.engine.control.ControlRefusedException if it refuses.
     * @throws io.sluice.journal.DataDirectoryException         if the files can't be used.
     */
    public int run(
        final CommandIo io,
        final String command,
        final ControlJson arguments,
        final String done,
        final String doneOffline,
        final OfflineChange offline,
        final String missing)
    {
        try
        {
            return run(io, command, arguments, done);
        }
        catch (final ControlException ex)
        {
            if (!isNotRunning(ex))
            {
                throw ex;
            }
        }
        final JsonLine outcome = new JsonLine();
        try (OfflineDelivery files = OfflineDelivery.open(
            directory, ex -> io.err().println("sluice: " + PlainText.printable(String.valueOf(ex.getMessage())))))
        {
            if (!offline.apply(files, outcome))
            {
                io.err().println("sluice: " + PlainText.printable(missing));
                return ExitCode.FAILED_CHECK;
            }
        }
        io.out().println(isJson ? outcome.add("engine", false).toString() :
            PlainText.printable(doneOffline) + ", in the files: no engine runs there");
        return ExitCode.DONE;
    }
}
