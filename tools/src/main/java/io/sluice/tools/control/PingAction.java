package io.sluice.tools.control;

import io.sluice.engine.control.ControlClient;
import io.sluice.engine.control.ControlJson;
import io.sluice.engine.control.ControlObject;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.PlainText;
import io.sluice.tools.text.Quantity;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Sees whether an engine answers, and how fast. */
public final class PingAction
{
    private final Path directory;
    private final long timeoutNs;
    private final boolean isJson;

    /**
     * @param directory of the data.
     * @param timeoutNs to wait at most.
     * @param isJson    true for programs.
     */
    public PingAction(final Path directory, final long timeoutNs, final boolean isJson)
    {
        this.directory = directory;
        this.timeoutNs = timeoutNs;
        this.isJson = isJson;
    }

    /**
     * @param io streams.
     * @return {@link ExitCode#DONE}.
     * @throws io.sluice.engine.control.ControlException if no engine answers.
     */
    public int run(final CommandIo io)
    {
        try (ControlClient client = ControlClient.open(directory))
        {
            final long startNs = System.nanoTime();
            final ControlObject answer = client.request("ping", new ControlJson(), timeoutNs).result();
            final long tookNs = System.nanoTime() - startNs;
            if (isJson)
            {
                io.out().println(new JsonLine()
                    .add("state", answer.text("state"))
                    .add("pid", answer.number("pid"))
                    .add("runId", answer.number("runId"))
                    .add("uptimeMs", answer.number("uptimeMs"))
                    .add("answeredUs", TimeUnit.NANOSECONDS.toMicros(tookNs)));
            }
            else
            {
                io.out().println(
                    "the engine in pid " + answer.number("pid") + " answers after " + Quantity.duration(tookNs) + ": " +
                    PlainText.printable(answer.text("state")) + ", run " + answer.number("runId") + ", up " +
                    Quantity.duration(TimeUnit.MILLISECONDS.toNanos(Math.max(0, answer.number("uptimeMs")))));
            }
            return ExitCode.DONE;
        }
    }
}
