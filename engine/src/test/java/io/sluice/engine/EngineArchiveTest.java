package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.archive.KeyFile;
import io.sluice.engine.telemetry.CounterLabel;
import io.sluice.engine.telemetry.TelemetryReader;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventStorageException;
import io.sluice.engine.delivery.CheckpointFile;
import io.sluice.event.Priority;
import io.sluice.journal.ArchiveAction;
import io.sluice.journal.ArchivePolicy;
import io.sluice.journal.ArchiveReport;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.JournalArchive;
import io.sluice.journal.JournalContext;
import io.sluice.journal.JournalVerifier;
import io.sluice.journal.RetentionPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An engine whose closed journal files are compressed, encrypted and expire while it works. */
@ExtendWith(ThreadHygiene.class)
class EngineArchiveTest
{
    private static final int COUNT = 900;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<Long> handled = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path directory;

    @Test
    void shouldArchiveEncryptedAndRedeliverFromThere()
    {
        final Path keyFile = directory.resolve("keys");
        KeyFile.generate(keyFile);
        final int files;
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED, keyFile)))
        {
            publish(engine, COUNT);
            Waiting.until("files to be archived", () -> JournalArchive.list(data()).size() > 2);
            Waiting.until("the counters to say so", () -> counter(CounterLabel.ARCHIVE_FILES) > 2);
            assertTrue(counter(CounterLabel.ARCHIVE_BYTES) > 0);
            assertEquals(0, counter(CounterLabel.ARCHIVE_FAILURES));
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            files = JournalArchive.list(data()).size();
        }
        JournalArchive.list(data()).forEach((file) -> assertFalse(file.keyId().isEmpty()));
        final PipelinePositions positions = TestPositions.open(data());
        for (final Priority priority : Priority.values())
        {
            positions.watermark(priority.code(), 10);
        }
        positions.close();
        handled.clear();
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED, keyFile)))
        {
            assertEquals(COUNT - 10, engine.stats().redelivered());
            assertTrue(JournalArchive.list(data()).size() >= files);
        }
        assertEquals(COUNT - 10, handled.size());
        assertEquals(List.of(), errors);
        assertEquals(List.of(), JournalVerifier.verify(data(), JournalArchive.keyFile(keyFile)).findings());
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "INVOKER"})
    void shouldHaveAThreadForThatOnlyWhereItHasThreads(final ThreadingMode mode)
    {
        try (Engine engine = Engine.launch(context(mode, null)))
        {
            assertEquals(mode != ThreadingMode.INVOKER, isThreadAlive());
            assertEquals(EngineState.RUNNING, engine.state());
        }
    }

    @Test
    void shouldHoldBackWhatItsHandlersHaveNotHandled() throws IOException
    {
        final ArchivePolicy fresh = PipelineHold.addTo(new ArchivePolicy(), data());
        assertTrue(fresh.thread());
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED, null)))
        {
            publish(engine, COUNT);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            Waiting.until("files to be archived", () -> JournalArchive.list(data()).size() > 2);
        }
        positions(10);

        final ArchiveReport held = retain();
        assertEquals(0, held.count(ArchiveAction.Kind.REMOVED));
        assertTrue(held.count(ArchiveAction.Kind.HELD) > 2);
        held.actions().stream().filter((action) -> action.kind() == ArchiveAction.Kind.HELD).forEach(
            (action) -> assertEquals(List.of(PipelineHold.NAME), action.readers()));

        final Path file = new DataDirectory(data()).positions().resolve(PipelineHold.NAME);
        final byte[] sound = Files.readAllBytes(file);
        Files.write(file, new byte[4096]);
        assertEquals(0, retain().count(ArchiveAction.Kind.REMOVED));
        Files.write(file, sound);

        positions(COUNT);
        assertTrue(retain().count(ArchiveAction.Kind.REMOVED) > 2);
        handled.clear();
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED, null)))
        {
            assertEquals(0, engine.stats().redelivered());
            publish(engine, 1);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
        }
        assertEquals(List.of(COUNT + 1L), handled);
        assertTrue(JournalVerifier.verify(data()).expired() > 0);
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldHoldBackWhatWouldComeAgainAfterAPowerLoss() throws IOException
    {
        final Path file = new DataDirectory(data()).positions().resolve(CheckpointFile.NAME);
        final byte[] first;
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED, null)))
        {
            first = Files.readAllBytes(file);
            publish(engine, COUNT);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            Waiting.until("files to be archived", () -> JournalArchive.list(data()).size() > 2);
        }
        final byte[] last = Files.readAllBytes(file);

        Files.write(file, first);
        final ArchiveReport held = retain();
        assertEquals(0, held.count(ArchiveAction.Kind.REMOVED));
        assertTrue(held.count(ArchiveAction.Kind.HELD) > 2);
        held.actions().stream().filter((action) -> action.kind() == ArchiveAction.Kind.HELD).forEach(
            (action) -> assertEquals(List.of(CheckpointFile.NAME), action.readers()));

        Files.write(file, last);
        assertTrue(retain().count(ArchiveAction.Kind.REMOVED) > 2);
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldReportWhatRetentionTookBeforeItWasHandled() throws IOException
    {
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED, null)))
        {
            publish(engine, COUNT);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            Waiting.until("files to be archived", () -> JournalArchive.list(data()).size() > 2);
        }
        positions(10);
        final JournalContext context = retention();
        context.archive().ignoreReader(PipelineHold.NAME);
        assertTrue(JournalArchive.archiveNow(context, true).count(ArchiveAction.Kind.REMOVED) > 2);

        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED, null)))
        {
            assertEquals(EngineState.RUNNING, engine.state());
        }

        assertEquals(1, errors.size());
        assertTrue(errors.get(0).getMessage().startsWith("events 11 to "), errors.get(0).getMessage());
    }

    @Test
    void shouldReportAFileThatCantBeArchived() throws IOException
    {
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED, null)))
        {
            publish(engine, COUNT);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
        }
        final EngineContext context = context(ThreadingMode.SHARED, null);
        final List<ArchiveAction> actions = new CopyOnWriteArrayList<>();
        context.journal().archive().listener(actions::add);
        Files.createDirectories(data().resolve("archive"));
        Files.deleteIfExists(data().resolve("archive").resolve("lock"));
        Files.createDirectory(data().resolve("archive").resolve("lock"));
        try (Engine engine = Engine.launch(context))
        {
            Waiting.until("the error to be reported", () -> !errors.isEmpty() && !actions.isEmpty());
            assertEquals(EngineState.RUNNING, engine.state());
        }
        assertTrue(errors.get(0) instanceof EventStorageException, errors::toString);
        assertEquals(ArchiveAction.Kind.FAILED, actions.get(0).kind());
    }

    private void positions(final long low) throws IOException
    {
        Files.delete(new DataDirectory(data()).positions().resolve(PipelineHold.NAME));
        final PipelinePositions positions = TestPositions.open(data());
        for (final Priority priority : Priority.values())
        {
            positions.watermark(priority.code(), priority == Priority.LOW ? low : COUNT);
        }
        positions.close();
    }

    private Path data()
    {
        return directory.resolve("data");
    }

    private ArchiveReport retain()
    {
        return JournalArchive.archiveNow(retention(), true);
    }

    private JournalContext retention()
    {
        final ArchivePolicy policy = new ArchivePolicy().thread(false).retention(
            RetentionPolicy.keepAll().defaultTerm(Duration.ofNanos(1)));
        return new JournalContext().directory(data()).archive(PipelineHold.addTo(policy, data()));
    }

    private EngineContext context(final ThreadingMode mode, final Path keyFile)
    {
        final ArchivePolicy policy = new ArchivePolicy().after(Duration.ZERO).interval(Duration.ofMillis(1));
        if (keyFile != null)
        {
            policy.keyFile(keyFile);
        }
        return new EngineContext()
            .directory(data())
            .threadingMode(mode)
            .errorHandler(errors::add)
            .subscribe(SubscriptionSpec.to("*", (event) -> handled.add(event.sequence())))
            .journal(new JournalContext().rollSize(1 << 16).archive(policy));
    }

    private void publish(final Engine engine, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            final EventBuilder event =
                new EventBuilder().type("load.step").payloadText("\"" + "x".repeat(100) + i + "\"");
            while (engine.publisher().publish(event) < 0)
            {
                Thread.onSpinWait();
            }
        }
    }

    private long counter(final CounterLabel label)
    {
        try (TelemetryReader reader = TelemetryReader.open(new DataDirectory(data())))
        {
            return reader.value(label);
        }
    }

    private static boolean isThreadAlive()
    {
        return Thread.getAllStackTraces().keySet().stream().anyMatch(
            (thread) -> thread.getName().equals(ArchivePolicy.THREAD_NAME));
    }
}
