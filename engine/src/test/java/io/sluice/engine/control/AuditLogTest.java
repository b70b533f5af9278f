package io.sluice.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldKeepOneOldFileWhenItIsFull() throws IOException
    {
        try (AuditLog log = new AuditLog(directory, 100))
        {
            for (int i = 0; i < 100; i++)
            {
                log.append("line " + i);
            }
        }
        final List<String> old = lines(AuditLog.OLD_NAME);
        final List<String> current = lines(AuditLog.NAME);
        assertEquals("line 99", current.get(current.size() - 1));
        assertEquals(number(old.get(old.size() - 1)) + 1, number(current.get(0)));
        assertTrue(Files.size(directory.resolve(AuditLog.NAME)) <= 100);
        assertTrue(Files.size(directory.resolve(AuditLog.OLD_NAME)) <= 100);
        try (var files = Files.list(directory))
        {
            assertEquals(2, files.count());
        }
    }

    @Test
    void shouldTakeALineThatIsLongerThanAFileMayBe() throws IOException
    {
        try (AuditLog log = new AuditLog(directory, 10))
        {
            log.append("a line of its own");
            log.append("another one");
        }
        assertEquals(List.of("a line of its own"), lines(AuditLog.OLD_NAME));
        assertEquals(List.of("another one"), lines(AuditLog.NAME));
    }

    @Test
    void shouldGoOnInANewLineWhenTheLastOneIsTorn() throws IOException
    {
        Files.writeString(directory.resolve(AuditLog.NAME), "whole\ntorn");
        try (AuditLog log = new AuditLog(directory, 1000))
        {
            log.append("next");
        }
        assertEquals(List.of("whole", "torn", "next"), lines(AuditLog.NAME));
    }

    @Test
    void shouldSayWhyAndGoOnLaterWhenItCantRoll() throws IOException
    {
        final Path inTheWay = directory.resolve(AuditLog.OLD_NAME).resolve("in the way");
        Files.createDirectories(inTheWay);
        try (AuditLog log = new AuditLog(directory, 10))
        {
            log.append("a first line");
            assertThrows(IOException.class, () -> log.append("a second line"));
            assertThrows(IOException.class, () -> log.append("a third line"));

            Files.delete(inTheWay);
            Files.delete(directory.resolve(AuditLog.OLD_NAME));
            log.append("a fourth line");
        }
        assertEquals(List.of("a first line"), lines(AuditLog.OLD_NAME));
        assertEquals(List.of("a fourth line"), lines(AuditLog.NAME));
    }

    private List<String> lines(final String name) throws IOException
    {
        return Files.readAllLines(directory.resolve(name));
    }

    private static int number(final String line)
    {
        return Integer.parseInt(line.substring("line ".length()));
    }
}
