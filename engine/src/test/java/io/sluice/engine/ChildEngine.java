package io.sluice.engine;

import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Main class of child processes: runs an engine on a directory until standard input ends. */
public final class ChildEngine
{
    private static final PrintStream OUTPUT =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private ChildEngine()
    {
    }

    /**
     * Run.
     *
     * @param arguments directory; nothing to launch and close at once without one.
     * @throws IOException if standard input can't be read.
     */
    public static void main(final String[] arguments) throws IOException
    {
        try
        {
            if (arguments.length == 0)
            {
                Engine.launch(new EngineContext().durability(Durability.NONE)).close();
                OUTPUT.println("launched");
            }
            else
            {
                run(Path.of(arguments[0]));
            }
        }
        catch (final MissingJvmFlagsException ex)
        {
            OUTPUT.println(ex.getMessage());
        }
    }

    private static void run(final Path directory) throws IOException
    {
        final EngineContext context = new EngineContext().directory(directory)
            .threadingMode(ThreadingMode.PAIRED)
            .telemetryIntervalNs(50_000_000L)
            .errorHandler(error -> OUTPUT.println("reported"))
            .subscribe(SubscriptionSpec.to("bad", event ->
            {
                throw new IllegalStateException("refuses");
            }).breaker(BreakerPolicy.OFF).retry(RetryPolicy.NONE));
        try (Engine engine = Engine.launch(context))
        {
            for (int i = 0; i < 100; i++)
            {
                engine.publisher().publish(new EventBuilder().type(i % 10 == 0 ? "bad" : "good")
                    .priority(Priority.of(i % Priority.COUNT)).payloadText("n" + i));
            }
            engine.drain(Waiting.LIMIT_NS);
            engine.reopen();
            OUTPUT.println("run " + engine.runId());
            OUTPUT.println("ready");
            final int end = System.in.read();
            OUTPUT.println("end " + end);
        }
    }
}
