package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelinePositionsTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldKeepTheWatermarkOfEachPriorityWhenOpenedAgain()
    {
        final Path file = directory.resolve("new").resolve("pipeline");
        try (PipelinePositions positions = PipelinePositions.open(file, 100))
        {
            for (int code = 0; code < 4; code++)
            {
                assertEquals(0, positions.watermark(code));
                positions.watermark(code, 10 + code);
            }
            assertEquals(10, positions.lowest());
        }
        try (PipelinePositions positions = PipelinePositions.open(file, 100))
        {
            for (int code = 0; code < 4; code++)
            {
                assertEquals(10 + code, positions.watermark(code));
            }
        }
    }

    @Test
    void shouldBeSetBackToTheEndOfTheJournalWhenTheyLieBeyondIt()
    {
        final Path file = directory.resolve("pipeline");
        try (PipelinePositions positions = PipelinePositions.open(file, Long.MAX_VALUE))
        {
            positions.watermark(0, 50);
            positions.watermark(1, 51);
            positions.watermark(2, Long.MAX_VALUE);
            positions.watermark(3, -1);
        }
        try (PipelinePositions positions = PipelinePositions.open(file, 50))
        {
            for (int code = 0; code < 4; code++)
            {
                assertEquals(50, positions.watermark(code), "priority " + code);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64, 4095})
    void shouldBeRefusedUntouchedWhenTheFileIsShort(final int length) throws Exception
    {
        final byte[] content = new byte[length];
        assertRefused(content, length + " bytes");
    }

    @Test
    void shouldBeRefusedUntouchedWhenTheFileIsNotOurs() throws Exception
    {
        final byte[] content = new byte[4096];
        content[0] = 'X';
        assertRefused(content, "no such header");
    }

    @Test
    void shouldBeRefusedWhenAnotherThingIsInItsPlace() throws Exception
    {
        final Path file = directory.resolve("pipeline");
        Files.createDirectory(file);
        final EventStorageException ex =
            assertThrows(EventStorageException.class, () -> PipelinePositions.open(file, 1));
        assertTrue(ex.getMessage().contains(file.toString()), ex.getMessage());
    }

    @Test
    void shouldWriteNowhereWhenClosed() throws Exception
    {
        final Path file = directory.resolve("pipeline");
        final PipelinePositions positions = PipelinePositions.open(file, 1);
        positions.close();
        final byte[] before = Files.readAllBytes(file);
        positions.watermark(2, 77);
        positions.close();
        assertArrayEquals(before, Files.readAllBytes(file));
        final PipelinePositions memory = PipelinePositions.inMemory();
        memory.watermark(1, 5);
        assertEquals(5, memory.watermark(1));
        memory.close();
    }

    private void assertRefused(final byte[] content, final String what) throws Exception
    {
        final Path file = directory.resolve("pipeline");
        Files.write(file, content);
        final EventStorageException ex =
            assertThrows(EventStorageException.class, () -> PipelinePositions.open(file, 1));
        assertTrue(ex.getMessage().contains(file.toString()) && ex.getMessage().contains(what), ex.getMessage());
        assertArrayEquals(content, Files.readAllBytes(file));
    }
}
