package io.sluice.engine;

import io.sluice.engine.batch.BatchPolicy;
import io.sluice.engine.batch.EventBatch;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDescriptor;
import io.sluice.event.Priority;
import io.sluice.journal.JournalContext;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/**
 * Main class of child processes: publishes, and gets what it publishes in batches, by one subscription that is durable
 * and one that is not, until it is killed. Each event is noted when its batch is handled, and what is journaled is
 * said. Arguments: data directory, directory of the notes, "publish" or "drain".
 */
public final class ChildBatches
{
    private static final long LONGEST_LIFE_NS = 60_000_000_000L;

    private ChildBatches()
    {
    }

    /**
     * Run.
     *
     * @param arguments see above.
     * @throws Exception whatever goes wrong.
     */
    public static void main(final String[] arguments) throws Exception
    {
        final PrintStream output =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        final Path notes = Path.of(arguments[1]);
        final BatchPolicy policy =
            BatchPolicy.defaults().batchSizes(1, 20, 20).timeoutNs(20_000_000L).openGroups(2).queuedBatches(2);
        try (Engine engine = Engine.launch(new EngineContext()
            .directory(Path.of(arguments[0]))
            .threadingMode(ThreadingMode.PAIRED)
            .dedup(new DedupContext().enabled(false))
            .journal(new JournalContext().minFreeSpace(0))
            .errorHandler(error -> output.println("error " + error))
            .subscribe(SubscriptionSpec.toBatches("*", batch -> note(notes.resolve("durable"), batch))
                .batches(policy).durable("durable"))
            .subscribe(SubscriptionSpec.toBatches("*", batch -> note(notes.resolve("passing"), batch))
                .batches(policy).name("passing"))))
        {
            output.println("at work");
            final long endNs = System.nanoTime() + LONGEST_LIFE_NS;
            for (int i = 0; "publish".equals(arguments[2]) && System.nanoTime() - endNs < 0; i++)
            {
                final EventBuilder event = new EventBuilder().type("batch." + i % 3).source("child")
                    .priority(Priority.values()[i % Priority.COUNT]);
                if (engine.publisher().publish(event) >= 0 && i % 10 == 0)
                {
                    output.println("journaled " + engine.journaledSequence());
                }
                LockSupport.parkNanos(10_000L);
            }
            while ("drain".equals(arguments[2]) && engine.subscriptionStats().stream().anyMatch(
                one -> one.state() != SubscriptionState.RUNNING || one.lag() > 0))
            {
                LockSupport.parkNanos(1_000_000L);
            }
        }
        output.println("closed");
    }

    // One write for each batch: a killed process has noted all of it or nothing.
    private static void note(final Path file, final EventBatch batch) throws Exception
    {
        final StringBuilder lines = new StringBuilder();
        for (int i = 0; i < batch.size(); i++)
        {
            final boolean isRepeated = (batch.event(i).flags() & EventDescriptor.FLAG_REDELIVERED) != 0;
            lines.append(batch.event(i).sequence()).append(isRepeated ? " again\n" : "\n");
        }
        Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
