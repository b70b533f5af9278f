package io.sluice.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PositionFileTest
{
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void nameFile()
    {
        file = directory.resolve("below/position");
    }

    @Test
    void shouldKeepLastSaveWhenReopened()
    {
        try (PositionFile position = PositionFile.open(file))
        {
            assertFalse(position.isSet());
            assertEquals(0, position.sequence());
            for (int i = 1; i <= 5; i++)
            {
                position.save(i, 10L * i);
            }
        }
        try (PositionFile position = PositionFile.open(file))
        {
            assertTrue(position.isSet());
            assertEquals(5, position.runId());
            assertEquals(50, position.sequence());
        }
    }

    @Test
    void shouldHoldOldOrNewValueWhenSaveIsCutShortAnywhere() throws IOException
    {
        final byte[] before = bytesAfter(2);
        final byte[] after = bytesAfter(3);
        int newer = 0;
        for (int cut = 0; cut <= 64; cut++)
        {
            final byte[] mixed = before.clone();
            System.arraycopy(after, 0, mixed, 0, cut);
            Files.write(file, mixed);
            try (PositionFile position = PositionFile.open(file))
            {
                assertTrue(position.sequence() == 20 || position.sequence() == 30, "cut at " + cut);
                newer += position.sequence() == 30 ? 1 : 0;
            }
        }
        assertTrue(newer > 0 && newer < 64, "new value seen " + newer + " times");
    }

    @Test
    void shouldBeUnsetWhenFirstSaveWasCutShort() throws IOException
    {
        final byte[] bytes = bytesAfter(1);
        Arrays.fill(bytes, 20, 40, (byte)0);
        Files.write(file, bytes);
        try (PositionFile position = PositionFile.open(file))
        {
            assertFalse(position.isSet());
            position.save(7, 8);
        }
        try (PositionFile position = PositionFile.open(file))
        {
            assertEquals(8, position.sequence());
        }
    }

    @Test
    void shouldRefuseUntouchedWhenFileIsForeignOrDamaged() throws IOException
    {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "hello");
        assertThrows(EventStorageException.class, () -> PositionFile.open(file));
        assertEquals("hello", Files.readString(file));
        final byte[] foreign = new byte[4096];
        foreign[3] = 1;
        Files.write(file, foreign);
        assertThrows(EventStorageException.class, () -> PositionFile.open(file));
        final byte[] damaged = bytesAfter(2);
        damaged[20] ^= 1;
        damaged[64 + 20] ^= 1;
        Files.write(file, damaged);
        assertThrows(EventStorageException.class, () -> PositionFile.open(file));
        assertThrows(EventStorageException.class, () -> PositionFile.open(directory));
    }

    private byte[] bytesAfter(final int saves) throws IOException
    {
        Files.deleteIfExists(file);
        try (PositionFile position = PositionFile.open(file))
        {
            for (int i = 1; i <= saves; i++)
            {
                position.save(i, 10L * i);
            }
        }
        return Files.readAllBytes(file);
    }
}
