package io.sluice.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.ContentType;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventHash;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventJson;
import io.sluice.event.EventStorageException;
import io.sluice.event.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveRoundTripTest
{
    @TempDir
    private Path directory;

    private final ArchiveFixture fixture = new ArchiveFixture();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldGiveRecordsBackWhenTheyAreRandom(final long seed)
    {
        fixture.random(seed, 700);
        final Path file = directory.resolve("a");
        final ArchiveSummary summary = fixture.write(
            file, ArchiveFixture.smallBlocks().blockRecords(1 + (int)seed * 40));

        fixture.assertHeldBy(file, KeyProvider.NONE);
        assertEquals(700, summary.records());
    }

    @Test
    void shouldGiveRecordsBackWhenTheyAreGeneratedTraffic()
    {
        fixture.hooks(1, 3000);
        fixture.write(directory.resolve("hooks"), new ArchiveContext().blockRecords(1000));
        fixture.assertHeldBy(directory.resolve("hooks"), KeyProvider.NONE);

        final ArchiveFixture history = new ArchiveFixture().git(2, 3000);
        history.write(directory.resolve("git"), new ArchiveContext().blockRecords(1000));
        history.assertHeldBy(directory.resolve("git"), KeyProvider.NONE);
    }

    @Test
    void shouldSumUpWhatItHoldsWhenWritten() throws IOException
    {
        fixture.hooks(3, 250);
        final EventJson json = new EventJson();
        long recordBytes = 0;
        long jsonBytes = 0;
        for (final byte[] record : fixture.records)
        {
            recordBytes += record.length;
            jsonBytes += json.write(new EventFlyweight().wrap(new UnsafeBuffer(record), 0)) + 1;
        }
        final Path file = directory.resolve("a");
        final ArchiveSummary written = fixture.write(file, ArchiveFixture.smallBlocks());

        assertEquals(recordBytes, written.recordBytes());
        assertEquals(jsonBytes, written.jsonBytes());
        assertEquals(Files.size(file), written.storedBytes());
        assertEquals(1, written.firstSequence());
        assertEquals(250, written.lastSequence());
        assertEquals(ArchiveCoverage.complete(ArchiveFixture.CYCLE, 1, 250), written.coverage());
        assertFalse(written.isEncrypted());
        assertTrue(written.ratio() > 5);
        try (ArchiveReader reader = ArchiveReader.open(file, KeyProvider.NONE))
        {
            assertEquals(written, reader.summary());
            assertEquals(file, reader.file());
            assertEquals(3, reader.blockCount());
            reader.verify();
        }
    }

    @Test
    void shouldFindBlocksWhenAskedForSequenceOrTime()
    {
        fixture.random(9, 300);
        final Path file = directory.resolve("a");
        final ArchiveSummary summary = fixture.write(file, ArchiveFixture.smallBlocks());
        try (ArchiveReader reader = ArchiveReader.open(file, KeyProvider.NONE))
        {
            int next = 0;
            for (long sequence = 0; sequence <= fixture.lastSequence(); sequence++)
            {
                if (sequence > ArchiveFixture.sequence(fixture.records.get(next)))
                {
                    next++;
                }
                assertEquals(next / 100, reader.findSequence(sequence), "sequence " + sequence);
            }
            assertEquals(3, reader.findSequence(fixture.lastSequence() + 1));
            assertEquals(0, reader.findTime(Long.MIN_VALUE));
            for (int block = 0; block < 3; block++)
            {
                assertEquals(block, reader.findTime(reader.firstTimeNs(block)));
                assertEquals(block, reader.findTime(reader.lastTimeNs(block)));
                assertEquals(block + 1, reader.findTime(reader.lastTimeNs(block) + 1));
            }
            assertEquals(summary.firstTimeNs(), reader.firstTimeNs(0));
            assertEquals(summary.lastTimeNs(), reader.lastTimeNs(2));
            assertThrows(IndexOutOfBoundsException.class, () -> reader.blockLength(3));
            assertThrows(IndexOutOfBoundsException.class, () -> reader.readBlock(-1, new UnsafeBuffer(new byte[1])));
        }
    }

    @Test
    void shouldCountEveryByteWhenAskedForFields()
    {
        fixture.hooks(4, 1000);
        final Path file = directory.resolve("a");
        fixture.write(file, new ArchiveContext());
        try (ArchiveReader reader = ArchiveReader.open(file, KeyProvider.NONE))
        {
            final List<FieldBytes> fields = reader.fieldBytes();
            final long sum = fields.stream().mapToLong(FieldBytes::storedBytes).sum();
            // All but headers, directory and 9 bytes a block.
            assertTrue(sum <= reader.summary().storedBytes() && sum > reader.summary().storedBytes() - 600, "" + sum);
            assertEquals("id", fields.get(0).field());
            assertTrue(fields.get(0).storedBytes() >= 9 * 1000, "random bits can't be compressed");
            assertTrue(fields.get(0).plainBytes() >= fields.get(0).storedBytes());
        }
    }

    @Test
    void shouldSayWhatIsGoneWhenRetentionPruned()
    {
        fixture.random(5, 20);
        final Path file = directory.resolve("a");
        final ArchiveCoverage coverage = ArchiveCoverage.pruned("c", 1, 900, 880);
        try (ArchiveWriter writer = ArchiveWriter.create(file, new ArchiveContext()))
        {
            writer.append(new UnsafeBuffer(fixture.records.get(3)), 0, fixture.records.get(3).length);
            writer.finish(coverage);
        }
        try (ArchiveReader reader = ArchiveReader.open(file, KeyProvider.NONE))
        {
            assertEquals(coverage, reader.summary().coverage());
            assertTrue(reader.summary().coverage().covers(900));
            assertFalse(reader.summary().coverage().covers(901));
        }
    }

    @Test
    void shouldHoldNothingWhenNothingWasAppended()
    {
        final Path file = directory.resolve("a");
        final ArchiveSummary summary = fixture.write(file, new ArchiveContext());
        try (ArchiveReader reader = ArchiveReader.open(file, KeyProvider.NONE))
        {
            reader.verify();
            assertEquals(summary, reader.summary());
            assertEquals(0, reader.blockCount());
            assertEquals(0, reader.findSequence(1));
            assertEquals(0, summary.firstTimeNs() + summary.lastTimeNs() + summary.lastSequence());
            assertEquals(List.of(), reader.fieldBytes());
        }
    }

    @Test
    void shouldGiveOddRecordsBackWhenColumnsCannotHoldThem()
    {
        fixture.random(6, 200);
        final Random random = new Random(6);
        for (int i = 0; i < fixture.records.size(); i++)
        {
            final byte[] record = fixture.records.get(i);
            final UnsafeBuffer view = new UnsafeBuffer(record);
            switch (i % 10)
            {
                case 0:
                    record[RecordLayout.PRIORITY] = 9;
                    break;
                case 1:
                    record[RecordLayout.ID_CODE] = 7;
                    break;
                case 2:
                    record[RecordLayout.RESERVED] = 1;
                    break;
                case 3:
                    view.putLong(RecordLayout.ORIGINAL_SEQUENCE, view.getLong(RecordLayout.SEQUENCE));
                    break;
                case 4:
                    view.putShort(6, (short)3);
                    break;
                case 5:
                    view.putLong(RecordLayout.ID_HIGH, random.nextLong());
                    break;
                case 6:
                    record[EventDescriptor.FIXED_LENGTH + 2] ^= 1;
                    break;
                case 7:
                    record[RecordLayout.CHECKSUM] ^= 1;
                    continue;
                case 8:
                    fixture.records.set(i, withBytesBehind(record));
                    continue;
                default:
                    fixture.records.set(i, withLongerHeader(record));
                    continue;
            }
            ArchiveFixture.reseal(record);
        }
        final Path file = directory.resolve("a");
        fixture.write(file, ArchiveFixture.smallBlocks());

        fixture.assertHeldBy(file, KeyProvider.NONE);
    }

    @Test
    void shouldGiveRecordsBackWhenAllOfABlockAreOdd()
    {
        fixture.random(7, 5);
        fixture.records.forEach(record -> record[RecordLayout.CHECKSUM] ^= 1);
        fixture.write(directory.resolve("a"), new ArchiveContext());

        fixture.assertHeldBy(directory.resolve("a"), KeyProvider.NONE);
    }

    @Test
    void shouldGiveRecordsBackWhenFieldsAreEmptyOrExtreme()
    {
        final long[] extremes = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1, 1_000_000_000L};
        for (final long time : extremes)
        {
            for (final long version : extremes)
            {
                fixture.builder.clear().type("t").id(new UUID(time, version)).eventTimeNs(time)
                    .aggregate("", "", version);
                fixture.add(time, Verdict.ACCEPTED, 0);
                fixture.skip(version == 1 ? Integer.MAX_VALUE : 0);
            }
        }
        fixture.builder.clear().type("x".repeat(255)).id("i".repeat(128)).source("s".repeat(255))
            .subject("u".repeat(1024)).contentType("a/b").payload(new byte[0]);
        fixture.add();
        fixture.write(directory.resolve("a"), ArchiveFixture.smallBlocks().blockRecords(33));

        fixture.assertHeldBy(directory.resolve("a"), KeyProvider.NONE);
    }

    @Test
    void shouldGiveRecordsBackWhenPayloadsAreLargeOrNoJson()
    {
        final Random random = new Random(8);
        final List<byte[]> payloads = new ArrayList<>();
        for (final int length : new int[] {1, 256, 257, 5000, 1 << 20, (1 << 20) + 77})
        {
            final byte[] bytes = new byte[length];
            payloads.add(bytes.clone());
            random.nextBytes(bytes);
            payloads.add(bytes);
        }
        payloads.add(("{\"text\":\"" + "abc ".repeat(300_000) + "\"}").getBytes(StandardCharsets.UTF_8));
        payloads.add(("[" + "1,".repeat(100_000) + "2]").getBytes(StandardCharsets.UTF_8));
        payloads.add("[".repeat(40).getBytes(StandardCharsets.UTF_8));
        for (final byte[] payload : payloads)
        {
            fixture.builder.clear().type(payload.length % 2 == 0 ? "even" : "odd").contentType(ContentType.BINARY)
                .payload(payload);
            fixture.add();
        }
        final ArchiveContext context = new ArchiveContext().blockLength(1 << 19);
        final Path file = directory.resolve("a");
        fixture.write(file, context);

        fixture.assertHeldBy(file, KeyProvider.NONE);
        try (ArchiveReader reader = ArchiveReader.open(file, KeyProvider.NONE))
        {
            assertTrue(reader.blockCount() >= 6, "a record beyond the block length has a block of its own");
        }
    }

    @Test
    void shouldGiveRecordsBackWhenEveryPayloadHasOtherNames()
    {
        for (int i = 0; i < 400; i++)
        {
            fixture.builder.clear().type("t").payload(
                ("{\"n" + i + "\":" + i + ",\"m" + i + "\":{\"x\":[\"" + i + "\",true]},\"a\":1}")
                    .getBytes(StandardCharsets.UTF_8));
            fixture.add();
        }
        fixture.write(directory.resolve("a"), new ArchiveContext());

        fixture.assertHeldBy(directory.resolve("a"), KeyProvider.NONE);
    }

    @Test
    void shouldRefuseWhenARecordIsOutOfOrderOrNone()
    {
        fixture.random(10, 3);
        try (ArchiveWriter writer = ArchiveWriter.create(directory.resolve("a"), new ArchiveContext()))
        {
            final byte[] second = fixture.records.get(1);
            writer.append(new UnsafeBuffer(second), 0, second.length);
            final IllegalArgumentException again = assertThrows(
                IllegalArgumentException.class, () -> writer.append(new UnsafeBuffer(second), 0, second.length));
            assertTrue(again.getMessage().contains("does not come after"), again.getMessage());
            assertThrows(
                IllegalArgumentException.class,
                () -> writer.append(new UnsafeBuffer(fixture.records.get(2)), 0, fixture.records.get(2).length - 8));
            assertThrows(
                IllegalArgumentException.class, () -> writer.append(new UnsafeBuffer(new byte[200]), 0, 200));
            final byte[] third = Arrays.copyOf(fixture.records.get(2), fixture.records.get(2).length + 8);
            assertThrows(
                IllegalArgumentException.class, () -> writer.append(new UnsafeBuffer(third), 0, third.length));
            assertThrows(
                IllegalArgumentException.class, () -> writer.finish(ArchiveCoverage.complete("c", 100_000, 100_001)));
            writer.finish(ArchiveCoverage.complete("c", 1, 100_000));
            assertThrows(
                IllegalStateException.class, () -> writer.finish(ArchiveCoverage.complete("c", 1, 100_000)));
        }
        ArchiveFixture.assertSame(
            fixture.records.subList(1, 2), ArchiveFixture.read(directory.resolve("a"), KeyProvider.NONE));
    }

    @Test
    void shouldLeaveNoFileWhenClosedBeforeItIsFinished()
    {
        fixture.random(11, 3);
        final Path file = directory.resolve("a");
        final ArchiveWriter writer = ArchiveWriter.create(file, new ArchiveContext());
        writer.append(new UnsafeBuffer(fixture.records.get(0)), 0, fixture.records.get(0).length);
        assertTrue(Files.exists(file));
        writer.close();
        writer.close();

        assertFalse(Files.exists(file));
        assertThrows(IllegalStateException.class, () -> writer.finish(ArchiveCoverage.complete("c", 1, 9)));
    }

    @Test
    void shouldRefuseToWriteWhenTheFileExistsOrItsDirectoryDoesNot() throws IOException
    {
        final Path file = Files.writeString(directory.resolve("a"), "precious");
        final EventStorageException there = assertThrows(
            EventStorageException.class, () -> ArchiveWriter.create(file, new ArchiveContext()));
        assertTrue(there.getMessage().contains(file + " exists already"), there.getMessage());
        assertEquals("precious", Files.readString(file));
        assertThrows(
            EventStorageException.class,
            () -> ArchiveWriter.create(directory.resolve("none").resolve("a"), new ArchiveContext()));
    }

    @Test
    void shouldForceTheFileOnceWhenFinished()
    {
        final List<Path> forced = new ArrayList<>();
        fixture.random(12, 5);
        fixture.write(directory.resolve("a"), new ArchiveContext().forceListener(forced::add));

        assertEquals(List.of(directory.resolve("a")), forced);
    }

    @Test
    void shouldStayReadableWhenRenamedOrDeletedUnderAReader() throws IOException
    {
        fixture.random(13, 50);
        final Path file = directory.resolve("a");
        fixture.write(file, new ArchiveContext());
        try (ArchiveReader reader = ArchiveReader.open(file, KeyProvider.NONE))
        {
            Files.move(file, directory.resolve("b"));
            ArchiveFixture.assertSame(fixture.records, ArchiveFixture.read(reader));
            Files.delete(directory.resolve("b"));
            ArchiveFixture.assertSame(fixture.records, ArchiveFixture.read(reader));
        }
    }

    @Test
    void shouldReadOnWhenItsThreadIsInterrupted()
    {
        fixture.random(15, 250);
        fixture.write(directory.resolve("a"), ArchiveFixture.smallBlocks());
        try (ArchiveReader reader = ArchiveReader.open(directory.resolve("a"), KeyProvider.NONE))
        {
            Thread.currentThread().interrupt();
            ArchiveFixture.assertSame(fixture.records, ArchiveFixture.read(reader));
        }
        finally
        {
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void shouldRefuseWhenTheTargetIsTooSmall()
    {
        fixture.random(14, 5);
        fixture.write(directory.resolve("a"), new ArchiveContext());
        try (ArchiveReader reader = ArchiveReader.open(directory.resolve("a"), KeyProvider.NONE))
        {
            assertThrows(
                IndexOutOfBoundsException.class, () -> reader.readBlock(0, new UnsafeBuffer(new byte[100])));
        }
    }

    @Test
    void shouldRefuseWhenAContextIsOutOfRangeOrUsedTwice()
    {
        assertThrows(IllegalArgumentException.class, () -> new ArchiveContext().level(0).conclude());
        assertThrows(IllegalArgumentException.class, () -> new ArchiveContext().blockRecords(0).conclude());
        assertThrows(IllegalArgumentException.class, () -> new ArchiveContext().blockLength(-1).conclude());
        assertThrows(IllegalArgumentException.class, () -> new ArchiveContext().keys(null).conclude());
        final ArchiveContext context = new ArchiveContext();
        fixture.write(directory.resolve("a"), context);
        assertThrows(IllegalStateException.class, () -> context.level(3));
        assertThrows(IllegalStateException.class, () -> ArchiveWriter.create(directory.resolve("b"), context));
    }

    @Test
    void shouldRefuseWhenACoverageIsNone()
    {
        assertThrows(IllegalArgumentException.class, () -> ArchiveCoverage.complete(null, 1, 2));
        assertThrows(IllegalArgumentException.class, () -> ArchiveCoverage.complete("x".repeat(256), 1, 2));
        assertThrows(IllegalArgumentException.class, () -> ArchiveCoverage.complete("c", 3, 1));
        assertThrows(IllegalArgumentException.class, () -> ArchiveCoverage.complete("c", -1, 1));
        assertThrows(IllegalArgumentException.class, () -> ArchiveCoverage.pruned("c", 1, 2, -1));
        assertThrows(IllegalArgumentException.class, () -> new ArchiveCoverage("c", 1, 2, false, 1));
    }

    private static byte[] withBytesBehind(final byte[] record)
    {
        final byte[] longer = Arrays.copyOf(record, record.length + 3);
        new UnsafeBuffer(longer).putInt(RecordLayout.RECORD_LENGTH, longer.length);
        return longer;
    }

    /** As a later version of the schema might write it. */
    private static byte[] withLongerHeader(final byte[] record)
    {
        final byte[] longer = new byte[record.length + 8];
        System.arraycopy(record, 0, longer, 0, EventDescriptor.FIXED_LENGTH);
        System.arraycopy(
            record, EventDescriptor.FIXED_LENGTH, longer, EventDescriptor.FIXED_LENGTH + 8,
            record.length - EventDescriptor.FIXED_LENGTH);
        final UnsafeBuffer view = new UnsafeBuffer(longer);
        view.putShort(0, (short)(view.getShort(0) + 8));
        view.putInt(RecordLayout.RECORD_LENGTH, longer.length);
        view.putLong(RecordLayout.CHECKSUM, EventHash.hash64(view, 0, RecordLayout.CHECKSUM));
        return longer;
    }
}
