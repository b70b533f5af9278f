package io.sluice.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveKeyTest
{
    private static final int PLACE_0 = 4096;
    private static final int PLACE_1 = 8192;
    private static final int PLACE_LENGTH = 512;

    @TempDir
    private Path directory;

    private final ArchiveFixture fixture = new ArchiveFixture();
    private final ArchiveFixture.Keys keys = new ArchiveFixture.Keys().with("k1", 1);
    private Path file;

    @BeforeEach
    void writeEncrypted()
    {
        file = directory.resolve("archive");
        fixture.random(1, 250);
        final ArchiveSummary summary = fixture.write(file, ArchiveFixture.smallBlocks().keys(keys));
        assertEquals("k1", summary.keyId());
        assertTrue(summary.isEncrypted());
    }

    @Test
    void shouldGiveRecordsBackWhenTheKeyIsThere()
    {
        fixture.assertHeldBy(file, keys);
        try (ArchiveReader reader = ArchiveReader.open(file, keys))
        {
            reader.verify();
        }
    }

    @Test
    void shouldShowNoContentWhenEncrypted() throws IOException
    {
        final String text = "a sentence that nobody else may read";
        for (int i = 0; i < 20; i++)
        {
            fixture.builder.clear().type("secret.type").source("secret-source").payload(
                ("{\"secretName\":\"" + text + " " + i + "\"}").getBytes(StandardCharsets.UTF_8));
            fixture.add();
        }
        Files.delete(file);
        fixture.write(file, ArchiveFixture.smallBlocks().keys(keys));
        final String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);

        assertFalse(bytes.contains("secret") || bytes.contains("nobody"));
        Files.delete(file);
        fixture.write(file, ArchiveFixture.smallBlocks());
        assertTrue(Files.readString(file, StandardCharsets.ISO_8859_1).contains("secret"));
    }

    @Test
    void shouldTellItsSummaryWhenTheKeyIsMissing()
    {
        try (ArchiveReader reader = ArchiveReader.open(file, KeyProvider.NONE))
        {
            assertEquals(250, reader.summary().records());
            assertEquals("k1", reader.summary().keyId());
            final ArchiveKeyException missing = assertThrows(
                ArchiveKeyException.class, () -> reader.readBlock(0, new UnsafeBuffer(new byte[1 << 20])));
            assertTrue(missing.getMessage().contains(file + " is encrypted with key 'k1'"), missing.getMessage());
            assertTrue(missing.getMessage().contains("add it to the key file"), missing.getMessage());
            assertThrows(ArchiveKeyException.class, reader::verify);
        }
    }

    @Test
    void shouldNameKeyFileAndRemedyWhenTheKeyIsWrong()
    {
        final ArchiveFixture.Keys wrong = new ArchiveFixture.Keys().with("k1", 2);
        final ArchiveKeyException refused =
            assertThrows(ArchiveKeyException.class, () -> ArchiveFixture.read(file, wrong));
        assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
        assertTrue(refused.getMessage().contains("'k1'"), refused.getMessage());
        assertTrue(refused.getMessage().contains("restore the key"), refused.getMessage());
    }

    @Test
    void shouldRefuseWhenAProviderHandsOutNoKey()
    {
        final ArchiveFixture.Keys shortKey = new ArchiveFixture.Keys().with("k1", 1);
        shortKey.byId.put("k1", new byte[16]);
        assertTrue(
            assertThrows(ArchiveKeyException.class, () -> ArchiveFixture.read(file, shortKey))
                .getMessage().contains("16 bytes"));
        final ArchiveFixture.Keys empty = new ArchiveFixture.Keys();
        for (final String id : new String[] {"gone", "", "x".repeat(129)})
        {
            empty.current = id;
            assertThrows(
                ArchiveKeyException.class,
                () -> ArchiveWriter.create(directory.resolve("b"), new ArchiveContext().keys(empty)));
            assertFalse(Files.exists(directory.resolve("b")));
        }
    }

    @Test
    void shouldWipeKeysWhenTheyHaveBeenUsed()
    {
        fixture.assertHeldBy(file, keys);
        keys.with("k2", 2);
        ArchiveFile.rewrap(file, keys, path ->
        {
        });
        assertTrue(keys.handedOut.size() >= 4);
        for (final byte[] key : keys.handedOut)
        {
            assertArrayEquals(new byte[32], key);
        }
    }

    @Test
    void shouldWrapOnlyTheKeyWhenKeysAreRotated() throws IOException
    {
        final byte[] before = Files.readAllBytes(file);
        final List<Path> forced = new ArrayList<>();
        keys.with("k2", 2);

        assertTrue(ArchiveFile.rewrap(file, keys, forced::add));

        final byte[] after = Files.readAllBytes(file);
        assertEquals(List.of(file, file), forced);
        assertFalse(Arrays.equals(before, after));
        assertArrayEquals(outsideOfPlaces(before), outsideOfPlaces(after));
        assertFalse(ArchiveFile.rewrap(file, keys, forced::add), "nothing is left to do");
        assertEquals(2, forced.size());
        final ArchiveFixture.Keys onlyNew = new ArchiveFixture.Keys().with("k2", 2);
        fixture.assertHeldBy(file, onlyNew);
        try (ArchiveReader reader = ArchiveReader.open(file, onlyNew))
        {
            assertEquals("k2", reader.summary().keyId());
            reader.verify();
        }
        assertThrows(
            ArchiveKeyException.class,
            () -> ArchiveFixture.read(file, new ArchiveFixture.Keys().with("k1", 1)));
    }

    @Test
    void shouldOpenWithEitherKeyWhenACrashCameBetweenThePlaces() throws IOException
    {
        final byte[] before = Files.readAllBytes(file);
        keys.with("k2", 2);
        ArchiveFile.rewrap(file, keys, path ->
        {
        });
        final byte[] after = Files.readAllBytes(file);
        for (final int written : new int[] {PLACE_0, PLACE_1})
        {
            final byte[] between = before.clone();
            System.arraycopy(after, written, between, written, PLACE_LENGTH);
            Files.write(file, between);

            fixture.assertHeldBy(file, new ArchiveFixture.Keys().with("k1", 1));
            fixture.assertHeldBy(file, new ArchiveFixture.Keys().with("k2", 2));
            assertTrue(ArchiveFile.rewrap(file, keys, path ->
            {
            }), "the other place is made good");
            fixture.assertHeldBy(file, new ArchiveFixture.Keys().with("k2", 2));
            assertThrows(
                ArchiveKeyException.class,
                () -> ArchiveFixture.read(file, new ArchiveFixture.Keys().with("k1", 1)));
        }
    }

    @Test
    void shouldOpenWhenACrashToreThePlaceBeingWritten() throws IOException
    {
        final byte[] before = Files.readAllBytes(file);
        keys.with("k2", 2);
        final List<byte[]> images = new ArrayList<>();
        ArchiveFile.rewrap(file, keys, path ->
        {
            try
            {
                images.add(Files.readAllBytes(path));
            }
            catch (final IOException ex)
            {
                throw new AssertionError(ex);
            }
        });
        final Random random = new Random(1);
        for (int i = 0; i < 200; i++)
        {
            final byte[] from = i % 2 == 0 ? before : images.get(0);
            final byte[] to = i % 2 == 0 ? images.get(0) : images.get(1);
            final byte[] torn = from.clone();
            for (int at = 0; at < torn.length; at++)
            {
                if (from[at] != to[at] && random.nextBoolean())
                {
                    torn[at] = to[at];
                }
            }
            Files.write(file, torn);
            fixture.assertHeldBy(file, keys);
            assertTrue(ArchiveFile.rewrap(file, keys, path ->
            {
            }));
            fixture.assertHeldBy(file, new ArchiveFixture.Keys().with("k2", 2));
        }
    }

    @Test
    void shouldRefuseWhenBothPlacesAreDamaged() throws IOException
    {
        final byte[] bytes = Files.readAllBytes(file);
        bytes[PLACE_0 + 20] ^= 1;
        Files.write(file, bytes);
        fixture.assertHeldBy(file, keys);
        bytes[PLACE_1 + 300] ^= 1;
        Files.write(file, bytes);
        final ArchiveDamagedException damage =
            assertThrows(ArchiveDamagedException.class, () -> ArchiveReader.open(file, keys));
        assertTrue(damage.getMessage().contains("both places of its key"), damage.getMessage());
        assertThrows(ArchiveDamagedException.class, () -> ArchiveFile.rewrap(file, keys, path ->
        {
        }));
    }

    @Test
    void shouldLeaveTheFileAloneWhenItCannotBeWrappedAgain() throws IOException
    {
        final byte[] before = Files.readAllBytes(file);
        assertThrows(ArchiveKeyException.class, () -> ArchiveFile.rewrap(file, KeyProvider.NONE, path ->
        {
        }));
        assertThrows(
            ArchiveKeyException.class,
            () -> ArchiveFile.rewrap(file, new ArchiveFixture.Keys().with("k2", 2), path ->
            {
            }));
        assertArrayEquals(before, Files.readAllBytes(file));
        final Path plain = directory.resolve("plain");
        fixture.write(plain, ArchiveFixture.smallBlocks());
        assertFalse(ArchiveFile.rewrap(plain, keys, path ->
        {
        }));
        assertThrows(EventStorageException.class, () -> ArchiveFile.rewrap(directory.resolve("none"), keys, path ->
        {
        }));
    }

    @Test
    void shouldDetectWhenABlockComesFromAnotherFile() throws IOException
    {
        final Path other = directory.resolve("other");
        fixture.write(other, ArchiveFixture.smallBlocks().keys(keys));
        final byte[] bytes = Files.readAllBytes(file);
        final byte[] others = Files.readAllBytes(other);
        assertEquals(bytes.length, others.length);
        System.arraycopy(others, 12288, bytes, 12288, bytes.length - 12288);
        Files.write(file, bytes);
        assertThrows(ArchiveDamagedException.class, () -> ArchiveFixture.read(file, keys));
    }

    private static byte[] outsideOfPlaces(final byte[] bytes)
    {
        final byte[] rest = bytes.clone();
        Arrays.fill(rest, PLACE_0, PLACE_0 + PLACE_LENGTH, (byte)0);
        Arrays.fill(rest, PLACE_1, PLACE_1 + PLACE_LENGTH, (byte)0);
        return rest;
    }
}
