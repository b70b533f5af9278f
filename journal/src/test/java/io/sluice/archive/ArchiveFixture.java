package io.sluice.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.EventStamp;
import io.sluice.event.IdGenerator;
import io.sluice.event.RandomEvents;
import io.sluice.event.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes stamped records, writes them to archive files and compares what comes back. */
final class ArchiveFixture
{
    static final long NOW_NS = 1_763_700_000_000_000_000L;
    static final String CYCLE = "20261121-0900";

    final EventBuilder builder = new EventBuilder();
    final List<byte[]> records = new ArrayList<>();

    private final EventEncoder encoder = new EventEncoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 22]);
    private final EventDefaults defaults = new EventDefaults(() -> NOW_NS, new IdGenerator(5));
    private long sequence;

    /** Add what the builder holds. */
    byte[] add()
    {
        return add(NOW_NS + sequence * 1000, Verdict.ACCEPTED, 0);
    }

    byte[] add(final long journalTimeNs, final Verdict verdict, final long original)
    {
        builder.encode(encoder, buffer, 0, buffer.capacity(), defaults);
        EventStamp.stamp(buffer, 0, 77, ++sequence, journalTimeNs, verdict, original);
        final byte[] record = new byte[new EventFlyweight().wrap(buffer, 0).recordLength()];
        buffer.getBytes(0, record);
        records.add(record);
        return record;
    }

    /** Leave out sequences. */
    void skip(final int count)
    {
        sequence += count;
    }

    ArchiveFixture random(final long seed, final int count)
    {
        final RandomEvents events = new RandomEvents(seed);
        final Random random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            events.fill(builder);
            final boolean isDuplicate = i > 0 && random.nextInt(9) == 0;
            add(
                NOW_NS + i * 1000L + random.nextInt(1000),
                isDuplicate ? Verdict.DUPLICATE_ID : Verdict.ACCEPTED,
                isDuplicate ? 1 + random.nextInt(i) : 0);
            skip(random.nextInt(20) == 0 ? random.nextInt(50) : 0);
        }
        return this;
    }

    ArchiveFixture hooks(final long seed, final int count)
    {
        final HookTraffic traffic = new HookTraffic(seed);
        for (int i = 0; i < count; i++)
        {
            traffic.next(builder);
            add(traffic.journalTimeNs(), Verdict.ACCEPTED, 0);
        }
        return this;
    }

    ArchiveFixture git(final long seed, final int count)
    {
        final GitTraffic traffic = new GitTraffic(seed);
        for (int i = 0; i < count; i++)
        {
            traffic.next(builder);
            add(traffic.journalTimeNs(), Verdict.ACCEPTED, 0);
        }
        return this;
    }

    long firstSequence()
    {
        return sequence(records.get(0));
    }

    long lastSequence()
    {
        return sequence(records.get(records.size() - 1));
    }

    static long sequence(final byte[] record)
    {
        return new EventFlyweight().wrap(new UnsafeBuffer(record), 0).sequence();
    }

    /** Make the checksum of a record fit after its header was changed. */
    static byte[] reseal(final byte[] record)
    {
        final UnsafeBuffer view = new UnsafeBuffer(record);
        view.putLong(RecordLayout.CHECKSUM, EventHash.hash64(view, 0, RecordLayout.CHECKSUM));
        return record;
    }

    ArchiveSummary write(final Path file, final ArchiveContext context)
    {
        try (ArchiveWriter writer = ArchiveWriter.create(file, context))
        {
            for (final byte[] record : records)
            {
                writer.append(new UnsafeBuffer(record), 0, record.length);
            }
            assertEquals(records.size(), writer.records());
            final ArchiveSummary summary = writer.finish(
                records.isEmpty() ? ArchiveCoverage.complete(CYCLE, 1, 0) :
                ArchiveCoverage.complete(CYCLE, firstSequence(), lastSequence()));
            assertEquals(0, writer.fallbacks(), "blocks that columns did not give back");
            return summary;
        }
    }

    static ArchiveContext smallBlocks()
    {
        return new ArchiveContext().level(3).blockRecords(100);
    }

    /** Every record of a file, in order. */
    static List<byte[]> read(final Path file, final KeyProvider keys)
    {
        try (ArchiveReader reader = ArchiveReader.open(file, keys))
        {
            return read(reader);
        }
    }

    static List<byte[]> read(final ArchiveReader reader)
    {
        final List<byte[]> found = new ArrayList<>();
        final EventFlyweight event = new EventFlyweight();
        for (int block = 0; block < reader.blockCount(); block++)
        {
            final int length = reader.blockLength(block);
            final byte[] bytes = new byte[length];
            final UnsafeBuffer target = new UnsafeBuffer(bytes);
            assertEquals(length, reader.readBlock(block, target));
            int at = 0;
            final int before = found.size();
            while (at < length)
            {
                final int recordLength = event.wrap(target, at).recordLength();
                found.add(Arrays.copyOfRange(bytes, at, at + recordLength));
                final int next = at + EventDescriptor.alignedLength(recordLength);
                for (int i = at + recordLength; i < next; i++)
                {
                    assertEquals(0, bytes[i], "padding");
                }
                at = next;
            }
            assertEquals(reader.blockRecords(block), found.size() - before);
            assertEquals(reader.firstSequence(block), sequence(found.get(before)));
            assertEquals(reader.lastSequence(block), sequence(found.get(found.size() - 1)));
        }
        return found;
    }

    void assertHeldBy(final Path file, final KeyProvider keys)
    {
        assertSame(records, read(file, keys));
    }

    static void assertSame(final List<byte[]> expected, final List<byte[]> found)
    {
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++)
        {
            assertArrayEquals(expected.get(i), found.get(i), "record " + i);
        }
    }

    static boolean isSame(final List<byte[]> expected, final List<byte[]> found)
    {
        if (expected.size() != found.size())
        {
            return false;
        }
        for (int i = 0; i < expected.size(); i++)
        {
            if (!Arrays.equals(expected.get(i), found.get(i)))
            {
                return false;
            }
        }
        return true;
    }

    /** Keys of a host: the last one is the current one. */
    static final class Keys implements KeyProvider
    {
        final Map<String, byte[]> byId = new java.util.LinkedHashMap<>();
        final List<byte[]> handedOut = new ArrayList<>();
        String current;

        Keys with(final String id, final int seed)
        {
            final byte[] key = new byte[32];
            new Random(seed).nextBytes(key);
            byId.put(id, key);
            current = id;
            return this;
        }

        @Override
        public String currentKeyId()
        {
            return current;
        }

        @Override
        public byte[] key(final String keyId)
        {
            final byte[] key = byId.get(keyId);
            if (key == null)
            {
                return null;
            }
            handedOut.add(key.clone());
            return handedOut.get(handedOut.size() - 1);
        }
    }
}
