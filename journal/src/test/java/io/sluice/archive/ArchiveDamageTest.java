package io.sluice.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.sluice.event.EventHash;
import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveDamageTest
{
    private static final int FLIPS = 2_000;

    @TempDir
    private Path directory;

    private final ArchiveFixture fixture = new ArchiveFixture();
    private final ArchiveFixture.Keys keys = new ArchiveFixture.Keys().with("k1", 1);

    @Test
    void shouldDetectEveryFlippedBitWhenPlain() throws IOException
    {
        fixture.random(1, 30).hooks(1, 90);
        assertFlipsDetected(KeyProvider.NONE);
    }

    @Test
    void shouldDetectFlippedBitsOrServeTheSameWhenEncrypted() throws IOException
    {
        fixture.random(2, 30).hooks(2, 90);
        assertFlipsDetected(keys);
    }

    @Test
    void shouldDetectEveryTruncationWhenCutAnywhere() throws IOException
    {
        fixture.random(3, 100);
        final Random random = new Random(3);
        for (final KeyProvider provider : new KeyProvider[] {KeyProvider.NONE, keys})
        {
            final byte[] sound = write(provider);
            for (int i = 0; i < 400; i++)
            {
                final int length = i < 200 ? i : random.nextInt(sound.length);
                assertDetected(Arrays.copyOf(sound, length), provider, "cut to " + length);
                assertDetected(
                    Arrays.copyOf(sound, sound.length + 1 + random.nextInt(100)), provider, "zeros behind");
            }
        }
    }

    @Test
    void shouldNameFileAndPlaceWhenDamaged() throws IOException
    {
        fixture.random(4, 300);
        final byte[] bytes = write(KeyProvider.NONE);
        final long second;
        final Path file = directory.resolve("damaged");
        try (ArchiveReader reader = ArchiveReader.open(directory.resolve("sound"), KeyProvider.NONE))
        {
            second = offsetOfBlock(bytes, 1);
            assertEquals(3, reader.blockCount());
        }
        bytes[(int)second + 200] ^= 4;
        Files.write(file, bytes);
        try (ArchiveReader reader = ArchiveReader.open(file, KeyProvider.NONE))
        {
            final UnsafeBuffer target = new UnsafeBuffer(new byte[1 << 20]);
            reader.readBlock(0, target);
            final ArchiveDamagedException damage =
                assertThrows(ArchiveDamagedException.class, () -> reader.readBlock(1, target));
            assertEquals(
                file + " is damaged at byte " + second + ": the checksum of block 1 differs; put a sound copy of the" +
                " file in its place",
                damage.getMessage());
            reader.readBlock(2, target);
            assertThrows(ArchiveDamagedException.class, reader::verify);
        }
    }

    @Test
    void shouldDetectTheSwapWhenBlocksChangePlaces() throws IOException
    {
        for (int i = 0; i < 4000; i++)
        {
            fixture.builder.clear().type("same").payload(new byte[] {1, 2, 3});
            fixture.add();
        }
        final byte[] bytes = write(keys);
        final UnsafeBuffer view = new UnsafeBuffer(bytes);
        int first = 0;
        while (lengthOfBlock(view, first) != lengthOfBlock(view, 39))
        {
            first++;
        }
        assertTrue(first < 39, "two blocks must have one length for this test");
        // The cipher text of block 39 under the header of the other one, checksums made to fit.
        final int at = offsetOfBlock(bytes, first);
        final int length = lengthOfBlock(view, 39);
        System.arraycopy(bytes, offsetOfBlock(bytes, 39) + 72, bytes, at + 72, length);
        view.putLong(at + 56, EventHash.hash64(view, at + 72, length));
        view.putLong(at + 64, EventHash.hash64(view, at, 64));
        final int block = first;
        final Path file = Files.write(directory.resolve("swapped"), bytes);
        try (ArchiveReader reader = ArchiveReader.open(file, keys))
        {
            final ArchiveDamagedException damage = assertThrows(
                ArchiveDamagedException.class,
                () -> reader.readBlock(block, new UnsafeBuffer(new byte[1 << 20])));
            assertTrue(damage.getMessage().contains("not the one that was encrypted"), damage.getMessage());
        }
    }

    @Test
    void shouldDetectTheChangeWhenAnEncryptedDirectoryIsWrittenAnew() throws IOException
    {
        fixture.random(5, 50);
        final byte[] bytes = write(keys);
        final UnsafeBuffer view = new UnsafeBuffer(bytes);
        final int trailer = bytes.length - 64;
        final int at = (int)view.getLong(trailer);
        final int length = view.getInt(trailer + 8);
        // The first letter of the cycle's name.
        bytes[at + 1] ^= 1;
        view.putLong(trailer + 16, EventHash.hash64(view, at, length));
        view.putLong(trailer + 56, EventHash.hash64(view, trailer, 56));
        final Path file = Files.write(directory.resolve("forged"), bytes);
        try (ArchiveReader reader = ArchiveReader.open(file, keys))
        {
            final ArchiveDamagedException damage = assertThrows(
                ArchiveDamagedException.class, () -> reader.readBlock(0, new UnsafeBuffer(new byte[1 << 20])));
            assertTrue(damage.getMessage().contains("directory"), damage.getMessage());
        }
    }

    @Test
    void shouldEndWithAnErrorWhenSealedFieldsHoldAnything() throws IOException
    {
        fixture.random(6, 150);
        final byte[] sound = write(KeyProvider.NONE);
        final Random random = new Random(6);
        final int trailer = sound.length - 64;
        final int directoryAt = (int)new UnsafeBuffer(sound).getLong(trailer);
        int detected = 0;
        for (int i = 0; i < 3_000; i++)
        {
            final byte[] bytes = sound.clone();
            final UnsafeBuffer view = new UnsafeBuffer(bytes);
            switch (i % 4)
            {
                case 0:
                    scramble(random, bytes, 8, 56);
                    break;
                case 1:
                    scramble(random, bytes, trailer, 56);
                    break;
                case 2:
                    scramble(random, bytes, directoryAt, trailer - directoryAt);
                    break;
                default:
                    scramble(random, bytes, 64, 56);
                    view.putLong(64 + 64, EventHash.hash64(view, 64, 64));
                    break;
            }
            view.putLong(56, EventHash.hash64(view, 0, 56));
            view.putLong(trailer + 16, EventHash.hash64(view, directoryAt, trailer - directoryAt));
            view.putLong(trailer + 56, EventHash.hash64(view, trailer, 56));
            detected += isDetected(bytes, KeyProvider.NONE, false) ? 1 : 0;
        }
        assertTrue(detected > 2_000, "detected " + detected);
    }

    @Test
    void shouldEndWithAnErrorWhenAPackedBlockHoldsAnything()
    {
        fixture.random(7, 60).hooks(7, 60);
        final ByteSink region = new ByteSink(1 << 16);
        final IntColumn lengths = new IntColumn();
        for (final byte[] record : fixture.records)
        {
            lengths.add(record.length);
            region.put(record, 0, record.length);
            while (region.length() % 8 != 0)
            {
                region.put(0);
            }
        }
        final ByteSink packed = new ByteSink(1 << 16);
        try (BlockEncoder encoder = new BlockEncoder(3); BlockDecoder decoder = new BlockDecoder())
        {
            encoder.encode(region.array(), region.length(), lengths, packed);
            final UnsafeBuffer target = new UnsafeBuffer(new byte[region.length()]);
            final Random random = new Random(7);
            int refused = 0;
            for (int i = 0; i < 4_000; i++)
            {
                final byte[] bytes = Arrays.copyOf(packed.array(), packed.length());
                // Mostly the plan, which tells the decoder what to do.
                scramble(random, bytes, 9, i % 3 == 0 ? bytes.length - 9 : Math.min(bytes.length - 9, 600));
                try
                {
                    decoder.decode(bytes, 0, bytes.length, lengths.count(), region.length(), target);
                    assertArrayEquals(
                        Arrays.copyOf(region.array(), region.length()), target.byteArray(), "round " + i);
                }
                catch (final RuntimeException ex)
                {
                    refused++;
                }
            }
            assertTrue(refused > 3_000, "refused " + refused);
            decoder.decode(packed.array(), 0, packed.length(), lengths.count(), region.length(), target);
            assertArrayEquals(Arrays.copyOf(region.array(), region.length()), target.byteArray());
        }
    }

    @Test
    void shouldRefuseWithClearTextWhenALaterVersionWroteTheFile() throws IOException
    {
        fixture.random(8, 5);
        final byte[] bytes = write(KeyProvider.NONE);
        final UnsafeBuffer view = new UnsafeBuffer(bytes);
        view.putInt(8, 2);
        view.putLong(56, EventHash.hash64(view, 0, 56));
        final Path file = Files.write(directory.resolve("later"), bytes);
        final EventStorageException refused = assertThrows(
            EventStorageException.class, () -> ArchiveReader.open(file, KeyProvider.NONE));
        assertTrue(refused.getMessage().contains("has format version 2"), refused.getMessage());
        assertTrue(refused.getMessage().contains("reads version 1"), refused.getMessage());
    }

    @Test
    void shouldRefuseWhenThereIsNoFileOrNoArchiveFile() throws IOException
    {
        final Path none = directory.resolve("none");
        final EventStorageException missing = assertThrows(
            EventStorageException.class, () -> ArchiveReader.open(none, KeyProvider.NONE));
        assertTrue(missing.getMessage().contains("no archive file " + none), missing.getMessage());
        assertThrows(EventStorageException.class, () -> ArchiveReader.open(directory, KeyProvider.NONE));
        final Path other = Files.writeString(directory.resolve("other"), "x".repeat(500));
        final ArchiveDamagedException strange = assertThrows(
            ArchiveDamagedException.class, () -> ArchiveReader.open(other, KeyProvider.NONE));
        assertTrue(strange.getMessage().contains("no archive file"), strange.getMessage());
    }

    @Test
    void shouldDetectWhenTheFileIsCutUnderAReader() throws IOException
    {
        fixture.random(9, 300);
        final byte[] bytes = write(KeyProvider.NONE);
        final Path file = directory.resolve("sound");
        try (ArchiveReader reader = ArchiveReader.open(file, KeyProvider.NONE))
        {
            Files.write(file, Arrays.copyOf(bytes, offsetOfBlock(bytes, 1) + 100));
            final UnsafeBuffer target = new UnsafeBuffer(new byte[1 << 20]);
            reader.readBlock(0, target);
            assertThrows(ArchiveDamagedException.class, () -> reader.readBlock(1, target));
        }
    }

    private void assertFlipsDetected(final KeyProvider provider) throws IOException
    {
        final byte[] sound = write(provider);
        final Random random = new Random(11);
        for (int i = 0; i < FLIPS; i++)
        {
            final byte[] bytes = sound.clone();
            final int at = random.nextInt(4) == 0 ? random.nextInt(300) : random.nextInt(bytes.length);
            final int where = i % 5 == 0 ? bytes.length - 1 - at % 400 : at;
            bytes[where] ^= (byte)(1 << random.nextInt(8));
            final boolean mayBeHarmless = provider != KeyProvider.NONE && where >= 4096 && where < 12288;
            if (!isDetected(bytes, provider, true) && !mayBeHarmless)
            {
                fail("a flip at byte " + where + " of " + bytes.length + " was not detected");
            }
        }
    }

    private void assertDetected(final byte[] bytes, final KeyProvider provider, final String what) throws IOException
    {
        assertTrue(isDetected(bytes, provider, true), what);
    }

    /** @return true if opening, reading or verifying says so; what is served without a word is what was written. */
    private boolean isDetected(final byte[] bytes, final KeyProvider provider, final boolean withDigest)
        throws IOException
    {
        final Path file = Files.write(directory.resolve("changed"), bytes);
        try (ArchiveReader reader = ArchiveReader.open(file, provider))
        {
            ArchiveFixture.assertSame(fixture.records, ArchiveFixture.read(reader));
            if (withDigest)
            {
                reader.verify();
            }
            return false;
        }
        catch (final EventStorageException ex)
        {
            return true;
        }
    }

    private byte[] write(final KeyProvider provider) throws IOException
    {
        final Path file = directory.resolve("sound");
        Files.deleteIfExists(file);
        fixture.write(file, ArchiveFixture.smallBlocks().keys(provider));
        fixture.assertHeldBy(file, provider);
        return Files.readAllBytes(file);
    }

    private static int offsetOfBlock(final byte[] bytes, final int block)
    {
        int at = (int)new UnsafeBuffer(bytes).getLong(32);
        for (int i = 0; i < block; i++)
        {
            at += 72 + new UnsafeBuffer(bytes).getInt(at + 8);
        }
        return at;
    }

    private static int lengthOfBlock(final UnsafeBuffer view, final int block)
    {
        return view.getInt(offsetOfBlock(view.byteArray(), block) + 8);
    }

    private static void scramble(final Random random, final byte[] bytes, final int from, final int length)
    {
        for (int i = 1 + random.nextInt(4); i > 0; i--)
        {
            final byte[] values = {0, 1, -1, 127, -128, (byte)random.nextInt()};
            bytes[from + random.nextInt(length)] = values[random.nextInt(values.length)];
        }
    }
}
