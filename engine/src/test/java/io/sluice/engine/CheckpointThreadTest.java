package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.delivery.Checkpoint;
import io.sluice.engine.delivery.CheckpointFile;
import io.sluice.engine.delivery.SubscriptionPositions;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.ForceListener;
import io.sluice.journal.JournalContext;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checkpoints are made on a thread of their own, which ends before what it reads and forces does. */
@ExtendWith(ThreadHygiene.class)
class CheckpointThreadTest
{
    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @EnumSource(names = "INVOKER", mode = EnumSource.Mode.EXCLUDE)
    void shouldMakeCheckpointsWhileItRunsAndALastOneWhenItIsClosed(final ThreadingMode mode)
    {
        final DeviceImages device = new DeviceImages(directory);
        final Engine engine = Engine.launch(new EngineContext()
            .directory(directory)
            .threadingMode(mode)
            .arenaLength(1 << 22)
            .errorHandler(errors::add)
            .journal(new JournalContext().rollSize(1 << 20).forceListener(device))
            .subscribe(SubscriptionSpec.to("*", event ->
            {
                throw new IllegalStateException("fails");
            }).durable("box").retry(RetryPolicy.NONE)));
        publish(engine, 100);
        Waiting.until("a checkpoint behind the events", () -> last().pipeline(Priority.NORMAL.code()) >= 100);
        final long before = device.checkpoints();
        publish(engine, 100);
        Waiting.until("another checkpoint", () -> device.checkpoints() > before);
        engine.close();
        final Checkpoint last = last();
        assertTrue(last.isEnd());
        assertEquals(200, last.pipeline(Priority.NORMAL.code()));
        final Path positions = new DataDirectory(directory).positions();
        assertTrue(device.order().lastIndexOf(positions.resolve(CheckpointFile.NAME)) >
            device.order().lastIndexOf(positions.resolve(SubscriptionPositions.NAME)), "only then it is the last one");
        final int forces = device.order().size();
        engine.close();
        assertEquals(forces, device.order().size());
        assertTrue(errors.stream().allMatch(HandlerException.class::isInstance), errors.toString());
    }

    private Checkpoint last()
    {
        return CheckpointFile.open(
            new DataDirectory(directory).positions().resolve(CheckpointFile.NAME), ForceListener.NONE).last();
    }

    private static void publish(final Engine engine, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            assertTrue(engine.publisher().publish(
                new EventBuilder().type("mark.test").priority(Priority.NORMAL).payloadText("n")) >= 0);
        }
    }
}
