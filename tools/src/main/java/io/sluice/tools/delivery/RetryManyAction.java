package io.sluice.tools.delivery;

import io.sluice.engine.DeadLetterRetryState;
import io.sluice.engine.control.ControlClient;
import io.sluice.engine.control.ControlJson;
import io.sluice.engine.control.ControlObject;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.PlainText;
import io.sluice.tools.text.Quantity;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Has an engine hand many dead letters to their handlers, shows on a terminal how far that has come, and tells what
 * came of it. A stop signal ends it; the letters that had not had their turn stay open.
 */
public final class RetryManyAction
{
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final String ERASE = "\r\u001b[K";
    private static final String RUNNING = DeadLetterRetryState.RUNNING.name();

    private final Path directory;
    private final long timeoutNs;
    private final boolean isJson;

    /**
     * @param directory of the data.
     * @param timeoutNs to wait for each answer of the engine, at most.
     * @param isJson    true for programs.
     */
    public RetryManyAction(final Path directory, final long timeoutNs, final boolean isJson)
    {
        this.directory = directory;
        this.timeoutNs = timeoutNs;
        this.isJson = isJson;
    }

    /**
     * @param io        streams.
     * @param selection arguments of the command.
     * @return {@link ExitCode#DONE} if each letter that had a turn was delivered and none is left, otherwise {@link
     *         ExitCode#FAILED_CHECK}.
     * @throws io.sluice.engine.control.ControlException        if no engine answers.
     * @throws io.sluice.engine.control.ControlRefusedException if it refuses.
     */
    public int run(final CommandIo io, final ControlJson selection)
    {
        try (ControlClient client = ControlClient.open(directory))
        {
            ControlObject progress = client.request("dead-letters.retry-many", selection, timeoutNs).result();
            boolean isStopSent = false;
            while (RUNNING.equals(progress.text("state")))
            {
                draw(io, progress);
                final boolean isStopWanted = !isStopSent && io.stop().await(LOOK_INTERVAL_NS);
                if (isStopSent)
                {
                    LockSupport.parkNanos(LOOK_INTERVAL_NS);
                }
                progress = client.request(
                    isStopWanted ? "dead-letters.retry-stop" : "dead-letters.retry-progress",
                    new ControlJson().add("run", progress.number("run")),
                    timeoutNs).result();
                isStopSent |= isStopWanted;
            }
            erase(io);
            return report(io, progress);
        }
    }

    private int report(final CommandIo io, final ControlObject progress)
    {
        final long left = progress.number("left");
        final long failed = progress.number("failed");
        if (isJson)
        {
            io.out().println(progress);
        }
        else
        {
            io.out().println(counts(progress));
            if (failed > 0)
            {
                io.out().println("failed last: dead letter " + progress.number("lastFailed") + ", " +
                    PlainText.printable(progress.text("lastFailure")) + "; see 'sluice dead-letters show " +
                    progress.number("lastFailed") + "'");
            }
            if (progress.number("unhandled") > 0)
            {
                io.out().println("not handed over: no handler in this engine, or its subscription is paused; see " +
                    "'sluice subscriptions list'");
            }
        }
        return left + failed + progress.number("unhandled") == 0 ? ExitCode.DONE : ExitCode.FAILED_CHECK;
    }

    private static String counts(final ControlObject progress)
    {
        final StringBuilder text = new StringBuilder(letters(progress.number("selected")))
            .append(": ").append(Quantity.count(progress.number("delivered"))).append(" delivered, ")
            .append(Quantity.count(progress.number("failed"))).append(" failed again");
        if (progress.number("gone") > 0)
        {
            text.append(", ").append(Quantity.count(progress.number("gone"))).append(" not open any more");
        }
        if (progress.number("unhandled") > 0)
        {
            text.append(", ").append(Quantity.count(progress.number("unhandled"))).append(" not handed over");
        }
        if (progress.number("left") > 0)
        {
            text.append(", ").append(Quantity.count(progress.number("left"))).append(" left open, ")
                .append(why(DeadLetterRetryState.valueOf(progress.text("state"))));
        }
        return text.toString();
    }

    private static String letters(final long count)
    {
        return Quantity.count(count) + (count == 1 ? " dead letter" : " dead letters");
    }

    private static String why(final DeadLetterRetryState state)
    {
        return switch (state)
        {
            case RUNNING, DONE -> "to be tried";
            case STOPPED_BY_FAILURES -> "because of failures in a row";
            case STOPPED -> "because it was stopped";
            case CLOSED -> "because the engine was closed";
        };
    }

    private static void draw(final CommandIo io, final ControlObject progress)
    {
        if (io.isErrTerminal())
        {
            io.err().print(ERASE + counts(progress));
            io.err().flush();
        }
    }

    private static void erase(final CommandIo io)
    {
        if (io.isErrTerminal())
        {
            io.err().print(ERASE);
            io.err().flush();
        }
    }
}
