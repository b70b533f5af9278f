package io.sluice.perf.crash;

import io.sluice.engine.Durability;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.EngineState;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.journal.ArchivePolicy;
import io.sluice.journal.JournalContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that gets killed. Obeys one command after another: opens an engine on a directory, waits until
 * redelivery is over, then closes it in order or publishes until it is killed. Ends by itself only if the parent
 * is gone or something fails.
 */
final class CrashChild
{
    /** Small enough for several files in a second. */
    private static final long ROLL_SIZE = 1L << 18;
    private static final long PREPARE_AHEAD = 1L << 20;
    // What is closed is archived at once, so that the archiver is always at work.
    private static final Duration ARCHIVE_INTERVAL = Duration.ofMillis(1);
    private static final int ARCHIVE_LEVEL = 1;
    private static final int FAILED = 1;
    private static final int SLOW_ONE_IN = 32;
    private static final int SYNCED_ONE_IN = 4;
    private static final long SLOW_NS = 200_000L;
    private static final long POLL_NS = 100_000L;

    private final FrameWriter frames;
    private final BufferedReader commands;
    private int handled;

    private CrashChild(final FrameWriter frames, final BufferedReader commands)
    {
        this.frames = frames;
        this.commands = commands;
    }

    /**
     * Started by the parent, which sees the exit code and keeps stderr.
     *
     * @param args none.
     */
    public static void main(final String[] args)
    {
        // Whatever still runs or stands still here must not outlive the parent, nor a failure.
        final CompletableFuture<Void> unused = ProcessHandle.current().parent().orElseThrow().onExit()
            .thenRun(() -> Runtime.getRuntime().halt(FAILED));
        final FrameWriter frames = FrameWriter.takeStdout();
        try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)))
        {
            new CrashChild(frames, commands).obey();
        }
        catch (final Exception e)
        {
            e.printStackTrace();
            Runtime.getRuntime().halt(FAILED);
        }
        System.exit(0);
    }

    private void obey() throws IOException
    {
        warmUp();
        frames.send(Frame.Kind.READY);
        String line = commands.readLine();
        while (line != null)
        {
            run(ChildCommand.parse(line));
            line = commands.readLine();
        }
    }

    // Loads most classes while the parent is busy with the child before.
    private static void warmUp()
    {
        try (Engine engine = Engine.launch(new EngineContext().durability(Durability.NONE)))
        {
            engine.publisher().publish(new EventBuilder().type("crash.warm-up"));
        }
    }

    private void run(final ChildCommand command) throws IOException
    {
        final EngineContext context = new EngineContext()
            .directory(command.directory())
            .threadingMode(command.threadingMode())
            .durability(
                Long.remainderUnsigned(command.seed(), SYNCED_ONE_IN) == 0 ? Durability.SYNCED : Durability.JOURNALED)
            .seed(command.seed())
            .journal(new JournalContext()
                .rollSize(ROLL_SIZE)
                .prepareAhead(PREPARE_AHEAD)
                .archive(new ArchivePolicy().after(Duration.ZERO).interval(ARCHIVE_INTERVAL).level(ARCHIVE_LEVEL))
                .phaseListener(new StepReporter(frames, command)))
            .subscribe(SubscriptionSpec.to("crash.*", this::onEvent).name("ledger"));
        try (Engine engine = Engine.launch(context))
        {
            while (engine.state() == EngineState.STARTING)
            {
                LockSupport.parkNanos(POLL_NS);
            }
            if (engine.state() != EngineState.RUNNING)
            {
                throw new IllegalStateException("the engine is " + engine.state(), engine.failure());
            }
            frames.send(Frame.Kind.RUNNING, 0, engine.stats().lastSequence(), 0, 0, 0);
            if (!ChildCommand.GO.equals(commands.readLine()))
            {
                throw new IllegalStateException("the parent did not say go");
            }
            if (!command.isFinish())
            {
                new ChildPublishers(engine, frames, command).publishUntilKilled();
            }
        }
        frames.send(Frame.Kind.FINISHED);
    }

    // A slow call now and then leaves something journaled but unhandled for redelivery.
    private void onEvent(final EventFlyweight event)
    {
        if (++handled % SLOW_ONE_IN == 0)
        {
            LockSupport.parkNanos(SLOW_NS);
        }
        frames.send(
            Frame.Kind.HANDLED,
            (event.flags() & EventDescriptor.FLAG_REDELIVERED) == 0 ? 0 : 1,
            event.sequence(),
            CrashEvent.idKey(event.id()),
            CrashEvent.contentKey(event.type(), event.source(), event.payload()),
            0);
    }
}
