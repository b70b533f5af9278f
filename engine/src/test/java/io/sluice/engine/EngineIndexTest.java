package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.telemetry.CounterLabel;
import io.sluice.engine.telemetry.TelemetryReader;
import io.sluice.event.EventBuilder;
import io.sluice.index.IndexContext;
import io.sluice.index.JournalIndexer;
import io.sluice.journal.DataDirectory;
import io.sluice.query.EventQuery;
import io.sluice.query.JournalQuery;
import io.sluice.query.QueryContext;
import io.sluice.query.QueryResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(ThreadHygiene.class)
class EngineIndexTest
{
    private static final int EVENTS = 3000;
    private static final int INDEXED = 2 * 1024 - 1;

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();

    @Test
    void shouldIndexWhatItJournalsAndShowHowFarWhenItRuns()
    {
        try (Engine engine = Engine.launch(context()))
        {
            publish(engine);
            Waiting.until("the index", () -> indexed() == INDEXED);
            try (JournalQuery journal = JournalQuery.open(new QueryContext().directory(directory)))
            {
                final QueryResult result =
                    journal.run(EventQuery.of("id = 'e-7'"), (event) -> assertEquals("e-7", event.id()));
                assertEquals(1, result.delivered());
                assertEquals(1, result.scanned());
            }
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldKeepNoIndexWhenItIsSwitchedOff()
    {
        try (Engine engine = Engine.launch(context().index(false)))
        {
            publish(engine);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
        }
        assertFalse(Files.exists(new DataDirectory(directory).index()));
    }

    @Test
    void shouldSayOnceThatAnotherProcessIndexesAndGoOnWithoutWhenItDoes()
    {
        Engine.launch(context()).close();
        errors.clear();
        final JournalIndexer other = JournalIndexer.open(new IndexContext().directory(directory));
        try (Engine engine = Engine.launch(context()))
        {
            Waiting.until("the error", () -> !errors.isEmpty());
            publish(engine);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            assertEquals(1, errors.size(), errors::toString);
            assertTrue(errors.get(0).getMessage().contains("index is in use by this process"), errors::toString);
        }
        finally
        {
            other.onClose();
        }
    }

    private EngineContext context()
    {
        return new EngineContext()
            .directory(directory)
            .threadingMode(ThreadingMode.SHARED)
            .errorHandler(errors::add);
    }

    private long indexed()
    {
        try (TelemetryReader reader = TelemetryReader.open(new DataDirectory(directory)))
        {
            return reader.value(CounterLabel.INDEXED_SEQUENCE);
        }
    }

    private static void publish(final Engine engine)
    {
        for (int i = 1; i <= EVENTS; i++)
        {
            while (engine.publisher().publish(new EventBuilder().type("load.step").id("e-" + i)) < 0)
            {
                Thread.onSpinWait();
            }
        }
    }
}
