package io.sluice.perf.recovery;

import io.sluice.engine.Durability;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.PublishResult;
import io.sluice.engine.Publisher;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.perf.baseline.RecordTemplate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The process whose start is measured: launches an engine with its defaults, publishes one event, says when that was
 * handled, and then obeys: {@code fill}, {@code flood}, {@code footprint}, {@code stop}.
 */
final class RecoveryChild
{
    /** Type of the one event that each start publishes. */
    static final String STARTED = "perf.started";
    /** Answer: the first event was handled; milliseconds since the JVM began to run Java. */
    static final String HANDLED = "HANDLED";
    /** Answer: as many files are closed as wanted. */
    static final String FILLED = "FILLED";
    /** Answer: events are being published, and go on until the end. */
    static final String FLOODING = "FLOODING";
    /** Answer: what is in memory, see {@link Footprint}. */
    static final String FOOTPRINT = "FOOTPRINT";

    private static final int FAILED = 1;
    private static final int PAYLOAD_LENGTH = 256;
    private static final int FLOOD = 5000;
    private static final int CHECK_EVERY = 1000;
    private static final long RETRY_NS = 20_000L;
    private static final long TIMEOUT_NS = 60_000_000_000L;

    private final Engine engine;
    private final PrintStream answers;
    private final EventBuilder event = new EventBuilder();
    private final UnsafeBuffer payload = RecordTemplate.payload(PAYLOAD_LENGTH);
    private final CountDownLatch handled;
    private long number = System.nanoTime();

    private RecoveryChild(final Engine engine, final PrintStream answers, final CountDownLatch handled)
    {
        this.engine = engine;
        this.answers = answers;
        this.handled = handled;
    }

    /**
     * Started by the parent.
     *
     * @param args the data directory, and bytes of a journal file.
     */
    public static void main(final String[] args)
    {
        final PrintStream answers = System.out;
        System.setOut(System.err);
        final CountDownLatch handled = new CountDownLatch(1);
        final EngineContext context = new EngineContext()
            .directory(Path.of(args[0]))
            .subscribe(SubscriptionSpec.to("perf.*", (event) -> onEvent(event, handled)).name("recovery"));
        context.journal().rollSize(Long.parseLong(args[1]));
        try (Engine engine = Engine.launch(context);
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)))
        {
            new RecoveryChild(engine, answers, handled).run(commands);
        }
        catch (final IOException | InterruptedException | RuntimeException e)
        {
            e.printStackTrace();
            Runtime.getRuntime().halt(FAILED);
        }
        System.exit(0);
    }

    // What an earlier run left unhandled comes first, flagged.
    private static void onEvent(final EventFlyweight event, final CountDownLatch handled)
    {
        if (STARTED.equals(event.type()) && event.flags() == 0)
        {
            handled.countDown();
        }
    }

    private void run(final BufferedReader commands) throws IOException, InterruptedException
    {
        final Publisher publisher = engine.publisher();
        publish(publisher, STARTED);
        handled.await();
        answer(HANDLED + " " +
            (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()));
        String line = commands.readLine();
        while (line != null && !"stop".equals(line))
        {
            final int blank = line.indexOf(' ');
            switch (blank < 0 ? line : line.substring(0, blank))
            {
                case "fill":
                    fill(publisher, Integer.parseInt(line.substring(blank + 1)));
                    break;
                case "flood":
                    flood(publisher);
                    break;
                case "footprint":
                    answer(FOOTPRINT + " " + Footprint.here().toLine());
                    break;
                default:
                    throw new IllegalArgumentException("not a command: " + line);
            }
            line = commands.readLine();
        }
    }

    private void fill(final Publisher publisher, final int files)
    {
        long ticket = 0;
        long count = 0;
        while (count % CHECK_EVERY != 0 || engine.stats().journalRolls() < files)
        {
            ticket = publish(publisher, RecordTemplate.TYPE.toString());
            count++;
        }
        if (count > 0 && publisher.await(ticket, Durability.JOURNALED, TIMEOUT_NS) < 0)
        {
            throw new IllegalStateException("the last event was not journaled");
        }
        answer(FILLED + " " + count);
    }

    private void flood(final Publisher publisher)
    {
        for (int i = 0; i < FLOOD; i++)
        {
            publish(publisher, RecordTemplate.TYPE.toString());
        }
        answer(FLOODING);
        while (true)
        {
            publish(publisher, RecordTemplate.TYPE.toString());
        }
    }

    private long publish(final Publisher publisher, final String type)
    {
        payload.putLong(0, number++);
        event.clear().type(type).source(RecordTemplate.SOURCE.toString()).payload(payload, 0, PAYLOAD_LENGTH);
        long ticket = publisher.publish(event);
        while (ticket < 0)
        {
            if (!PublishResult.isTransient(ticket))
            {
                throw new IllegalStateException(
                    "publish refused: " + PublishResult.describe(ticket), engine.failure());
            }
            LockSupport.parkNanos(RETRY_NS);
            ticket = publisher.publish(event);
        }
        return ticket;
    }

    private void answer(final String line)
    {
        answers.println(line);
        answers.flush();
    }
}
