package io.sluice.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventDescriptor;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class BlockEncoderTest
{
    private final ArchiveFixture fixture = new ArchiveFixture();
    private final ByteSink region = new ByteSink(1 << 16);
    private final IntColumn lengths = new IntColumn();
    private final ByteSink packed = new ByteSink(1 << 16);

    @Test
    void shouldKeepRecordsAsTheyAreWhenColumnsDoNotGiveThemBack()
    {
        take(fixture.hooks(1, 50));
        final BlockDecoder useless = new BlockDecoder();
        useless.close();
        try (BlockEncoder encoder = new BlockEncoder(3, useless))
        {
            encoder.encode(region.array(), region.length(), lengths, packed);
            assertEquals(1, encoder.fallbacks());
            assertTrue(encoder.parts().storedBytes(Part.ODD_RECORDS) > 0);
        }
        assertArrayEquals(Arrays.copyOf(region.array(), region.length()), decode());
    }

    @Test
    void shouldKeepRecordsAsTheyAreWhenColumnsCannotBeMade()
    {
        take(fixture.hooks(2, 50));
        final IntColumn wrong = new IntColumn();
        wrong.add(region.array().length + 8);
        try (BlockEncoder encoder = new BlockEncoder(3))
        {
            encoder.encode(region.array(), region.length(), wrong, packed);
            assertEquals(1, encoder.fallbacks());
        }
        assertArrayEquals(Arrays.copyOf(region.array(), region.length()), decode());
    }

    @Test
    void shouldPackTheSameBytesWhenTheRecordsAreTheSame()
    {
        take(fixture.hooks(3, 300));
        try (BlockEncoder encoder = new BlockEncoder(9); BlockEncoder other = new BlockEncoder(9))
        {
            encoder.encode(region.array(), region.length(), lengths, packed);
            encoder.encode(region.array(), region.length(), lengths, packed);
            final ByteSink again = new ByteSink(16);
            other.encode(region.array(), region.length(), lengths, again);
            assertArrayEquals(
                Arrays.copyOf(packed.array(), packed.length()), Arrays.copyOf(again.array(), again.length()));
        }
    }

    @Test
    void shouldRefuseWhenTheRecordsMustBeMoreOrLonger()
    {
        take(fixture.random(4, 50));
        try (BlockEncoder encoder = new BlockEncoder(3); BlockDecoder decoder = new BlockDecoder())
        {
            encoder.encode(region.array(), region.length(), lengths, packed);
            final UnsafeBuffer target = new UnsafeBuffer(new byte[region.length() + 64]);
            final int[][] wrong = {{49, 0}, {51, 0}, {50, 8}, {50, -8}};
            for (final int[] difference : wrong)
            {
                assertThrows(
                    RuntimeException.class,
                    () -> decoder.decode(
                        packed.array(), 0, packed.length(), difference[0], region.length() + difference[1], target));
            }
        }
    }

    @Test
    void shouldAllocateLittleWhenBlocksAreReadAgainAndAgain()
    {
        take(fixture.hooks(5, 1000));
        final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean)ManagementFactory.getThreadMXBean();
        try (BlockEncoder encoder = new BlockEncoder(3); BlockDecoder decoder = new BlockDecoder())
        {
            encoder.encode(region.array(), region.length(), lengths, packed);
            final UnsafeBuffer target = new UnsafeBuffer(new byte[region.length()]);
            long before = 0;
            for (int i = 0; i < 40; i++)
            {
                before = i == 20 ? threads.getThreadAllocatedBytes(Thread.currentThread().getId()) : before;
                decoder.decode(packed.array(), 0, packed.length(), lengths.count(), region.length(), target);
            }
            final long allocated =
                (threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before) / 20;
            assertTrue(
                allocated < region.length() / 8, allocated + " bytes for a block of " + region.length());
        }
    }

    private void take(final ArchiveFixture records)
    {
        for (final byte[] record : records.records)
        {
            lengths.add(record.length);
            region.put(record, 0, record.length);
            while (region.length() % EventDescriptor.RECORD_ALIGNMENT != 0)
            {
                region.put(0);
            }
        }
    }

    private byte[] decode()
    {
        final byte[] target = new byte[region.length()];
        try (BlockDecoder decoder = new BlockDecoder())
        {
            decoder.decode(
                packed.array(), 0, packed.length(), lengths.count(), region.length(), new UnsafeBuffer(target));
        }
        return target;
    }
}
