package io.sluice.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest
{
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    @TempDir
    private Path directory;

    @Test
    void shouldHoldOneKeyWhenGenerated() throws IOException
    {
        final Path file = directory.resolve("keys");
        final String id = KeyFile.generate(file);

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (KeyFile keys = KeyFile.open(file))
        {
            assertEquals(id, keys.currentKeyId());
            assertEquals(List.of(id), keys.keyIds());
            assertEquals(32, keys.key(id).length);
            assertNull(keys.key("other"));
        }
        assertThrows(ArchiveKeyException.class, () -> KeyFile.generate(file));
    }

    @Test
    void shouldKeepOldKeysWhenRotated() throws IOException
    {
        final Path file = write("# of this host\nfirst " + KEY);
        final String second = KeyFile.rotate(file);
        final String third = KeyFile.rotate(file);

        assertTrue(second.startsWith("k2-"), second);
        assertTrue(third.startsWith("k3-"), third);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertTrue(Files.readString(file).startsWith("# of this host\nfirst " + KEY + "\n" + second + " "));
        try (KeyFile keys = KeyFile.open(file))
        {
            assertEquals(List.of("first", second, third), keys.keyIds());
            assertEquals(third, keys.currentKeyId());
            assertArrayEquals(Base64.getDecoder().decode(KEY), keys.key("first"));
            assertNotEquals(List.of(keys.key(second)), List.of(keys.key(third)));
        }
        try (var files = Files.list(directory))
        {
            assertEquals(1, files.count());
        }
    }

    @Test
    void shouldReplaceTheRemainsWhenARotationWasInterrupted() throws IOException
    {
        final Path file = write("first " + KEY + "\n");
        Files.writeString(directory.resolve("keys.new"), "half");
        KeyFile.rotate(file);
        try (KeyFile keys = KeyFile.open(file))
        {
            assertEquals(2, keys.keyIds().size());
        }
        assertFalse(Files.exists(directory.resolve("keys.new")));
    }

    @Test
    void shouldRefuseWithRemedyWhenOthersMayReadIt() throws IOException
    {
        final Path file = write("first " + KEY + "\n");
        for (final String mode : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rwx------"})
        {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            final ArchiveKeyException refused =
                assertThrows(ArchiveKeyException.class, () -> KeyFile.open(file));
            assertTrue(refused.getMessage().contains("has mode " + mode), refused.getMessage());
            assertTrue(refused.getMessage().contains("chmod 600 " + file), refused.getMessage());
            assertThrows(ArchiveKeyException.class, () -> KeyFile.rotate(file));
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        KeyFile.open(file).close();
    }

    @Test
    void shouldNameTheLineAndNeverTheKeyWhenALineIsNone() throws IOException
    {
        final String[] lines = {
            "first", "first ", " " + KEY, "first " + KEY.substring(4), "first secretsecret!", "first " + KEY + "x",
            "x".repeat(129) + " " + KEY, "first " + KEY + "\nfirst " + KEY};
        for (final String line : lines)
        {
            final Path file = write("# comment\n\n" + line + "\n");
            final ArchiveKeyException refused =
                assertThrows(ArchiveKeyException.class, () -> KeyFile.open(file), line);
            assertTrue(
                refused.getMessage().contains(file + " line " + (line.contains("\n") ? 4 : 3) + " is no key"),
                refused.getMessage());
            assertFalse(refused.getMessage().contains("secret") || refused.getMessage().contains("AAEC"));
            Files.delete(file);
        }
    }

    @Test
    void shouldRefuseWhenThereIsNoFileOrNoKey() throws IOException
    {
        final Path none = directory.resolve("none");
        assertTrue(
            assertThrows(ArchiveKeyException.class, () -> KeyFile.open(none)).getMessage()
                .contains("no key file " + none));
        final Path empty = write("# nothing\n");
        assertTrue(
            assertThrows(ArchiveKeyException.class, () -> KeyFile.open(empty)).getMessage().contains("holds no key"));
        assertThrows(ArchiveKeyException.class, () -> KeyFile.open(directory));
        assertThrows(ArchiveKeyException.class, () -> KeyFile.generate(none.resolve("keys")));
        Files.delete(empty);
        final Path large = write("#" + "x".repeat(1 << 20));
        assertThrows(ArchiveKeyException.class, () -> KeyFile.open(large));
    }

    @Test
    void shouldReadLinesWhenTheyEndAsOnWindows() throws IOException
    {
        final Path file = write("first " + KEY + "\r\nsecond " + KEY + "\r\n");
        try (KeyFile keys = KeyFile.open(file))
        {
            assertEquals(List.of("first", "second"), keys.keyIds());
        }
    }

    @Test
    void shouldForgetEverythingWhenClosed() throws IOException
    {
        final KeyFile keys = KeyFile.open(write("first " + KEY + "\n"));
        keys.close();
        assertNull(keys.key("first"));
        assertEquals(List.of(), keys.keyIds());
        assertThrows(IllegalStateException.class, keys::currentKeyId);
    }

    @Test
    void shouldOpenArchivesWhenTheyWereWrittenBeforeARotation()
    {
        final Path file = directory.resolve("keys");
        KeyFile.generate(file);
        final ArchiveFixture fixture = new ArchiveFixture().random(1, 20);
        final Path archive = directory.resolve("archive");
        try (KeyFile keys = KeyFile.open(file))
        {
            fixture.write(archive, new ArchiveContext().keys(keys));
        }
        KeyFile.rotate(file);
        try (KeyFile keys = KeyFile.open(file))
        {
            fixture.assertHeldBy(archive, keys);
            assertTrue(ArchiveFile.rewrap(archive, keys, path ->
            {
            }));
            fixture.assertHeldBy(archive, keys);
        }
    }

    private Path write(final String text) throws IOException
    {
        final Path file = directory.resolve("keys");
        Files.deleteIfExists(file);
        Files.createFile(
            file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }
}
