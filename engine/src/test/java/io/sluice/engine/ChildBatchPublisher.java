package io.sluice.engine;

import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import io.sluice.journal.JournalContext;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Main class of child processes: publishes batches, and single events in between, until it is killed. The ids are
 * {@code round/batch/index/count}. Says which batches are acknowledged. Arguments: directory, threading mode, round,
 * seed.
 */
public final class ChildBatchPublisher
{
    private static final int MOST = 64;
    private static final long LONGEST_LIFE_NS = TimeUnit.SECONDS.toNanos(60);

    private ChildBatchPublisher()
    {
    }

    /**
     * Run.
     *
     * @param arguments see above.
     */
    public static void main(final String[] arguments)
    {
        final PrintStream output =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        final ThreadingMode mode = ThreadingMode.valueOf(arguments[1]);
        final Random random = new Random(Long.parseLong(arguments[3]));
        final Engine engine = Engine.launch(new EngineContext().directory(Path.of(arguments[0]))
            .threadingMode(mode)
            .journal(new JournalContext().rollSize(1 << 20).prepareAhead(1 << 20))
            .index(false)
            .dedup(new DedupContext().enabled(false)));
        final Publisher publisher = engine.publisher();
        final EventBatchBuilder batch = publisher.newBatch();
        final EventBuilder event = new EventBuilder();
        // Batch, ticket of its last event.
        final ArrayDeque<long[]> waiting = new ArrayDeque<>();
        final long end = System.nanoTime() + LONGEST_LIFE_NS;
        long number = 0;
        while (System.nanoTime() - end < 0)
        {
            final int count = 1 + random.nextInt(MOST);
            final String prefix = arguments[2] + "/" + number + "/";
            final Priority priority = Priority.of(random.nextInt(Priority.COUNT));
            batch.clear();
            for (int i = 0; i < count; i++)
            {
                batch.add(event.type("load.step").priority(priority).id(prefix + i + "/" + count)
                    .payload(new byte[random.nextInt(600)]));
            }
            final long ticket = publisher.publishBatch(batch);
            if (ticket >= 0)
            {
                waiting.add(new long[] {number, publisher.ticketOf(ticket, count - 1)});
                number++;
            }
            if (mode == ThreadingMode.INVOKER)
            {
                engine.invoke();
            }
            while (!waiting.isEmpty() && isJournaled(publisher.sequenceOf(waiting.peek()[1])))
            {
                // The last word tells a line that the kill has cut.
                output.println("acknowledged " + waiting.remove()[0] + " ok");
            }
        }
        output.println("not killed");
        Runtime.getRuntime().halt(9);
    }

    // A LOW batch may have waited so long that its ticket is forgotten by now: it had a sequence before that.
    private static boolean isJournaled(final long sequence)
    {
        return sequence > 0 || sequence == PublishResult.EXPIRED;
    }
}
