package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
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
            positions.watermark(3, 7);
        }
        try (PipelinePositions positions = PipelinePositions.open(file, 50))
        {
            for (int code = 0; code < 3; code++)
            {
                assertEquals(50, positions.watermark(code), "priority " + code);
            }
            assertEquals(7, positions.watermark(3));
            positions.watermark(3, 5);
            assertEquals(5, positions.watermark(3));
        }
    }

    @Test
    void shouldBeSetBackOrRefusedWhenAnythingIsDamaged() throws Exception
    {
        final Path file = directory.resolve("pipeline");
        try (PipelinePositions positions = PipelinePositions.open(file, 1_000))
        {
            for (int i = 1; i <= 9; i++)
            {
                for (int code = 0; code < 4; code++)
                {
                    positions.watermark(code, 100 * code + i);
                }
            }
        }
        final byte[] sound = Files.readAllBytes(file);
        final Random random = new Random(1);
        int refused = 0;
        int setBack = 0;
        for (int round = 0; round < 2_000; round++)
        {
            Files.write(file, damaged(sound, random, round));
            try (PipelinePositions positions = PipelinePositions.open(file, 1_000))
            {
                for (int code = 0; code < 4; code++)
                {
                    final long watermark = positions.watermark(code);
                    final long right = 100L * code + 9;
                    assertTrue(watermark == right || watermark == right - 1, "round " + round + ": " + watermark);
                    setBack += watermark == right ? 0 : 1;
                }
            }
            catch (final EventStorageException ex)
            {
                assertTrue(ex.getMessage().contains("can't be used"), ex.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 100 && setBack > 100, refused + " refused, " + setBack + " set back");
    }

    /** Every bit of what is used once, then worse things. */
    private static byte[] damaged(final byte[] sound, final Random random, final int round)
    {
        final byte[] bytes = sound.clone();
        final int used = 320;
        if (round < used * Byte.SIZE / 2)
        {
            final int bit = round * 2 + random.nextInt(2);
            bytes[bit / Byte.SIZE] ^= (byte)(1 << bit % Byte.SIZE);
            return bytes;
        }
        final int at = random.nextInt(used);
        switch (random.nextInt(4))
        {
            case 0:
                return Arrays.copyOf(bytes, random.nextInt(bytes.length));

            case 1:
                Arrays.fill(bytes, at, at + random.nextInt(600), (byte)0);
                return bytes;

            case 2:
                System.arraycopy(sound, random.nextInt(5) * 64, bytes, random.nextInt(5) * 64, 64);
                return bytes;

            default:
                final byte[] garbage = new byte[1 + random.nextInt(100)];
                random.nextBytes(garbage);
                System.arraycopy(garbage, 0, bytes, at, garbage.length);
                return bytes;
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
