package io.sluice.tools.delivery;

import io.sluice.engine.control.ControlException;
import io.sluice.engine.control.ControlFailure;
import io.sluice.engine.control.ControlJson;
import io.sluice.tools.CommandIo;
import java.nio.file.Path;
import java.util.Set;

/** Has an engine change its rules. Without an engine they are not changed: it alone knows from which event on. */
public final class RuleChangeAction
{
    static final Set<ControlFailure> NOT_RUNNING =
        Set.of(ControlFailure.NO_ENGINE, ControlFailure.CLOSED, ControlFailure.GONE);

    private final ChangeAction change;

    /**
     * @param directory of the data.
     * @param timeoutNs to wait at most.
     * @param isJson    true for programs.
     */
    public RuleChangeAction(final Path directory, final long timeoutNs, final boolean isJson)
    {
        change = new ChangeAction(directory, timeoutNs, isJson);
    }

    /**
     * @param io        streams.
     * @param command   of the control channel.
     * @param arguments of it.
     * @param done      what to tell people when it is done.
     * @return {@link io.sluice.tools.ExitCode#DONE}.
     * @throws ControlException if no engine answers.
     * @throws io.sluice.engine.control.ControlRefusedException if it refuses.
     */
    public int run(final CommandIo io, final String command, final ControlJson arguments, final String done)
    {
        try
        {
            return change.run(io, command, arguments, done);
        }
        catch (final ControlException ex)
        {
            if (NOT_RUNNING.contains(ex.failure()))
            {
                io.err().println("rules are changed while an engine runs: start it first");
            }
            throw ex;
        }
    }
}
