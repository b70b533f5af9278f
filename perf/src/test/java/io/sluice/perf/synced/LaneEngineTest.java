package io.sluice.perf.synced;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.Durability;
import io.sluice.engine.EngineContext;
import io.sluice.perf.report.MeasurementException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaneEngineTest
{
    private static final int EVENTS = 20;

    @TempDir
    private Path directory;

    @Test
    void shouldFindEverythingWhenPublishersWaitAndDoNot()
    {
        try (LaneEngine engine = engine(3))
        {
            publish(engine);
            engine.closeAndCheck();
        }
    }

    @Test
    void shouldSayWrongAnswerWhenTheJournalLacksAnEvent() throws IOException
    {
        try (LaneEngine engine = engine(3))
        {
            publish(engine);
            CloseHelper.close(engine);
            final List<Path> files;
            try (Stream<Path> found = Files.list(directory.resolve("data").resolve("journal")))
            {
                files = found.filter((file) -> file.toString().endsWith(".cq4")).sorted().collect(Collectors.toList());
            }
            assertTrue(files.size() > 1, files.toString());
            Files.delete(files.get(files.size() - 1));
            assertThrows(MeasurementException.class, engine::closeAndCheck);
        }
    }

    @Test
    void shouldKeepLaneAndCountApartWhenANumberHasBoth()
    {
        final long number = 255L << 40 | 12345;
        assertEquals(255, Lane.indexOf(number));
        assertEquals(12345, Lane.countOf(number));
    }

    private LaneEngine engine(final int publishers)
    {
        final EngineContext context =
            new EngineContext().directory(directory.resolve("data")).durability(Durability.SYNCED);
        context.journal().rollSize(1L << 16);
        return new LaneEngine(context, 4096, publishers);
    }

    private static void publish(final LaneEngine engine)
    {
        for (int i = 0; i < EVENTS; i++)
        {
            engine.lanes().get(0).publishAndAwait(Durability.SYNCED);
            engine.lanes().get(1).publishAndAwait(Durability.JOURNALED);
            engine.lanes().get(2).publishAsync(Durability.SYNCED).join();
        }
    }
}
