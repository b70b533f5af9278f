package io.sluice.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootIdTest
{
    @TempDir
    Path directory;

    @Test
    void shouldBeUnknownWhenTheKernelDoesNotSay() throws IOException
    {
        assertEquals(BootId.UNKNOWN, BootId.read(directory.resolve("absent")));
        assertEquals(BootId.UNKNOWN, BootId.read(Files.writeString(directory.resolve("empty"), "")));
        assertEquals(BootId.UNKNOWN, BootId.read(Files.writeString(directory.resolve("text"), "not an id\n")));
        assertEquals("3e1c-77", BootId.read(Files.writeString(directory.resolve("id"), "3e1c-77\n")));
    }

    @Test
    void shouldBeTheSameOnlyWhenItIsKnown()
    {
        assertTrue(BootId.isSame("a", "a"));
        assertFalse(BootId.isSame("a", "b"));
        assertFalse(BootId.isSame(BootId.UNKNOWN, BootId.UNKNOWN));
        assertEquals(BootId.read(), BootId.read());
    }
}
