package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PipelinePositionsTest
{
    private static final int PLACE = 64;
    private static final int FIRST_PLACE = 512;
    private static final int LAST_BYTE = FIRST_PLACE + 8 * PLACE;

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameFile()
    {
        file = directory.resolve("new").resolve("pipeline");
    }

    @Test
    void shouldKeepTheWatermarkOfEachPriorityWhenOpenedAgain()
    {
        for (long run = 1; run < 6; run++)
        {
            try (PipelinePositions positions = open(run, 1000))
            {
                for (int code = 0; code < 4; code++)
                {
                    assertEquals(run == 1 ? 0 : 100 * (run - 1) + code, positions.watermark(code));
                    positions.watermark(code, 100 * run + code);
                }
                assertEquals(100 * run, positions.lowest());
            }
        }
    }

    @Test
    void shouldBeSetBackToTheEndOfTheJournalWhenTheyLieBeyondIt()
    {
        try (PipelinePositions positions = open(1, Long.MAX_VALUE))
        {
            positions.watermark(0, 50);
            positions.watermark(1, 51);
            positions.watermark(2, Long.MAX_VALUE);
            positions.watermark(3, 49);
        }
        try (PipelinePositions positions = open(2, 50))
        {
            assertEquals(50, positions.watermark(0));
            assertEquals(50, positions.watermark(1));
            assertEquals(50, positions.watermark(2));
            assertEquals(49, positions.watermark(3));
        }
    }

    @ParameterizedTest
    @CsvSource({"70, 70", "120, 100", "0, 0"})
    void shouldBeSetBackToWhatIsLeftOfTheirRunWhenTheJournalHasGoneOnSince(final long end, final long expected)
    {
        fill(1, 100);
        try (PipelinePositions positions = PipelinePositions.open(file, 3, 500, Map.of(1L, end, 2L, 500L)))
        {
            assertEquals(expected, positions.lowest());
        }
    }

    @Test
    void shouldDeliverEverythingAgainWhenTheRunIsNotKnown()
    {
        fill(1, 100);
        try (PipelinePositions positions = PipelinePositions.open(file, 3, 500, Map.of(2L, 500L)))
        {
            assertEquals(0, positions.lowest());
        }
    }

    @Test
    void shouldNeverGoForwardWhenAnyBitIsFlipped() throws IOException
    {
        fill(1, 60);
        fill(2, 100);
        final byte[] sound = Files.readAllBytes(file);
        int set = 0;
        for (int at = 0; at < LAST_BYTE; at++)
        {
            // Every bit of the first priority's places, one of each byte of the others, which are alike.
            for (int bit = isFirst(at) ? 0 : at % 8; bit < 8; bit += isFirst(at) ? 1 : 8)
            {
                final byte[] flipped = sound.clone();
                flipped[at] ^= (byte)(1 << bit);
                Files.write(file, flipped);
                try (PipelinePositions positions = open(3, 1000))
                {
                    for (int code = 0; code < 4; code++)
                    {
                        assertTrue(positions.watermark(code) <= 100 + code, "byte " + at + " bit " + bit);
                        set += positions.watermark(code) == 100 + code ? 0 : 1;
                    }
                }
            }
        }
        // Sequence, echo and what says whose they are: of each place in use, and of no other.
        assertTrue(set > 3 * 32 && set <= 48 * 8 + 3 * 48, "set back " + set + " times");
    }

    @Test
    void shouldNeverGoForwardWhenWordsAreOfDifferentTimes() throws IOException
    {
        final Random random = new Random(5);
        fill(1, 60);
        final byte[] older = Files.readAllBytes(file);
        fill(2, 100);
        final byte[] newer = Files.readAllBytes(file);
        for (int round = 0; round < 5000; round++)
        {
            final byte[] mixed = older.clone();
            for (int word = 0; word < LAST_BYTE; word += Long.BYTES)
            {
                if (random.nextBoolean())
                {
                    System.arraycopy(newer, word, mixed, word, Long.BYTES);
                }
            }
            Files.write(file, mixed);
            try (PipelinePositions positions = open(3, 1000))
            {
                for (int code = 0; code < 4; code++)
                {
                    final long watermark = positions.watermark(code);
                    assertTrue(watermark >= 0 && watermark <= 100 + code, "round " + round + ": " + watermark);
                }
            }
        }
    }

    @Test
    void shouldHoldTheOldOrTheNewValueWhenOnlyOneOfTwoStoresWasDone() throws IOException
    {
        fill(1, 60);
        final byte[] before = Files.readAllBytes(file);
        try (PipelinePositions positions = open(1, 1000))
        {
            positions.watermark(2, 80);
        }
        final byte[] after = Files.readAllBytes(file);
        int changed = 0;
        for (int word = 0; word < LAST_BYTE; word += Long.BYTES)
        {
            final byte[] mixed = after.clone();
            System.arraycopy(before, word, mixed, word, Long.BYTES);
            Files.write(file, mixed);
            try (PipelinePositions positions = open(2, 1000))
            {
                assertTrue(
                    positions.watermark(2) == 62 || positions.watermark(2) == 80, "word " + word + ": " +
                    positions.watermark(2));
                changed += positions.watermark(2) == 62 ? 1 : 0;
            }
        }
        assertTrue(changed > 0, "the old value is never seen");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64, 4095, 4096})
    void shouldBeMadeAnewWhenThereIsNothingInTheFile(final int length) throws Exception
    {
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[length]);
        fill(1, 60);
        try (PipelinePositions positions = open(2, 1000))
        {
            assertEquals(60, positions.lowest());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 4095, 4096, 5000})
    void shouldBeRefusedUntouchedWhenTheFileIsNotOurs(final int length) throws Exception
    {
        Files.createDirectories(file.getParent());
        final byte[] content = new byte[length];
        content[0] = 'X';
        Files.write(file, content);
        final EventStorageException ex = assertThrows(EventStorageException.class, () -> open(1, 1));
        assertTrue(ex.getMessage().contains(file.toString()), ex.getMessage());
        assertTrue(
            ex.getMessage().contains(length < 4096 ? length + " bytes" : "no such header"), ex.getMessage());
        assertArrayEquals(content, Files.readAllBytes(file));
    }

    @Test
    void shouldBeRefusedWhenAnotherThingIsInItsPlace() throws Exception
    {
        Files.createDirectories(file);
        final EventStorageException ex = assertThrows(EventStorageException.class, () -> open(1, 1));
        assertTrue(ex.getMessage().contains(file.toString()), ex.getMessage());
    }

    @Test
    void shouldWriteNowhereWhenClosed() throws Exception
    {
        final PipelinePositions positions = open(1, 1);
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

    private static boolean isFirst(final int at)
    {
        return at >= FIRST_PLACE && at < FIRST_PLACE + 2 * PLACE;
    }

    private void fill(final long run, final long watermark)
    {
        try (PipelinePositions positions = open(run, 1000))
        {
            for (int code = 0; code < 4; code++)
            {
                positions.watermark(code, watermark + code);
            }
        }
    }

    private PipelinePositions open(final long run, final long lastSequence)
    {
        return PipelinePositions.open(
            file, run, lastSequence,
            Map.of(1L, lastSequence, 2L, lastSequence, 3L, lastSequence, 4L, lastSequence, 5L, lastSequence));
    }
}
