package io.sluice.engine;

import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import io.sluice.journal.JournalContext;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Main class of child processes: publishes events with the ids e1, e2, … as fast as the engine takes them, as many as
 * the last line of its input says, until that ends. Says what is acknowledged, every state, and when the publisher
 * meets back pressure. Arguments: directory, threading mode, roll size, least free space, greatest payload, seed,
 * milliseconds that the end may take.
 */
public final class ChildPublisher
{
    private static final int ACKS_PER_LINE = 200;
    private static final long LONGEST_LIFE_S = 200;

    private final PrintStream output =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    private final AtomicBoolean isStopping = new AtomicBoolean();
    private final AtomicLong allowed = new AtomicLong();
    private final ArrayDeque<Long> tickets = new ArrayDeque<>();
    private final int maxPayload;
    private final Random random;
    private final long endNs;
    private final Engine engine;
    private long accepted;
    private long acknowledged;
    private long said;
    private boolean isBackPressured;

    private ChildPublisher(final String[] arguments)
    {
        maxPayload = Integer.parseInt(arguments[4]);
        random = new Random(Long.parseLong(arguments[5]));
        endNs = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[6]));
        engine = Engine.launch(new EngineContext().directory(Path.of(arguments[0]))
            .threadingMode(ThreadingMode.valueOf(arguments[1]))
            .journal(new JournalContext()
                .rollSize(Long.parseLong(arguments[2]))
                // So that what is reserved already is used up soon when the disk is full.
                .prepareAhead(1 << 22)
                .minFreeSpace(Long.parseLong(arguments[3])))
            .maxEventLength(1 << 17)
            .limit(Priority.NORMAL, 1024)
            .telemetryIntervalNs(50_000_000L)
            .closeTimeoutNs(endNs)
            .dedup(new DedupContext().enabled(false))
            .errorHandler(error -> output.println("error " + error.getMessage()))
            .stateListener((from, to) -> output.println("state " + to)));
    }

    /**
     * Run.
     *
     * @param arguments see above.
     */
    public static void main(final String[] arguments)
    {
        new ChildPublisher(arguments).run();
    }

    private void run()
    {
        startDaemon("reader", this::readLines);
        startDaemon("watchdog", this::endAtLast);
        while (!isStopping.get() && engine.failure() == null)
        {
            if (accepted < allowed.get())
            {
                publish();
            }
            else
            {
                Thread.yield();
            }
            acknowledge();
        }
        output.println("stopping");
        final boolean isDrained = engine.drain(endNs);
        acknowledge();
        output.println("acknowledged " + acknowledged);
        output.println("accepted " + accepted);
        engine.close();
        if (engine.failure() != null)
        {
            engine.failure().printStackTrace(output);
        }
        output.println(isDrained ? "drained" : "not drained");
    }

    private void publish()
    {
        final byte[] payload = new byte[1 + random.nextInt(maxPayload)];
        final long ticket = engine.publisher().publish(
            new EventBuilder().type("t").id("e" + (accepted + 1)).priority(Priority.NORMAL).payload(payload));
        if (ticket >= 0)
        {
            accepted++;
            tickets.add(ticket);
        }
        if (ticket == PublishResult.BACK_PRESSURED != isBackPressured)
        {
            isBackPressured = !isBackPressured;
            if (isBackPressured)
            {
                output.println("back pressure");
            }
        }
        if (isBackPressured)
        {
            Thread.yield();
        }
    }

    private void acknowledge()
    {
        if (engine.context().threadingMode() == ThreadingMode.INVOKER)
        {
            engine.invoke();
        }
        while (!tickets.isEmpty() && engine.publisher().sequenceOf(tickets.peek()) > 0)
        {
            tickets.remove();
            acknowledged++;
        }
        if (acknowledged - said >= ACKS_PER_LINE || tickets.isEmpty() && acknowledged > said)
        {
            said = acknowledged;
            output.println("acknowledged " + acknowledged);
        }
    }

    private void readLines()
    {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)))
        {
            String line = input.readLine();
            while (line != null)
            {
                allowed.set(Long.parseLong(line));
                line = input.readLine();
            }
        }
        catch (final IOException ex)
        {
            output.println("error " + ex);
        }
        isStopping.set(true);
    }

    // Whoever waits for a line of a child that hangs sees its end instead.
    private void endAtLast()
    {
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(LONGEST_LIFE_S));
        output.println("hangs in state " + engine.state() + ": " + engine.storage());
        Runtime.getRuntime().halt(9);
    }

    private static void startDaemon(final String name, final Runnable action)
    {
        final Thread thread = new Thread(action, name);
        thread.setDaemon(true);
        thread.start();
    }
}
