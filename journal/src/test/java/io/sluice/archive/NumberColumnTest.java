package io.sluice.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NumberColumnTest
{
    private static final int COUNT = 2000;

    private final SegmentWriter out = new SegmentWriter(3);
    private final SegmentReader in = new SegmentReader();
    private final NumberWriter writer = new NumberWriter();
    private final NumberReader reader = new NumberReader();

    @AfterEach
    void close()
    {
        out.close();
        in.close();
    }

    @Test
    void shouldGiveNumbersBackWhenTheyAreOfAnyKind()
    {
        final Random random = new Random(1);
        assertComesBack(i -> 0, 8);
        assertComesBack(i -> Long.MIN_VALUE, 16);
        assertComesBack(i -> i, 10);
        assertComesBack(i -> -i, 10);
        assertComesBack(i -> i * 1_000_000_000L, 10);
        assertComesBack(i -> 1_700_000_000_000_000_000L + i * 1_000L, 24);
        assertComesBack(i -> random.nextInt(2), COUNT / 4);
        assertComesBack(i -> random.nextInt(200), COUNT + 40);
        assertComesBack(i -> 1_000_000 + random.nextInt(200), COUNT + 40);
        assertComesBack(i -> random.nextInt(60_000) - 30_000, 2 * COUNT + 60);
        assertComesBack(i -> random.nextInt(), 5 * COUNT);
        assertComesBack(i -> random.nextLong(), 9 * COUNT);
        assertComesBack(i -> i % 100 == 0 ? random.nextLong() : 3, COUNT / 2);
        assertComesBack(i -> i % 2 == 0 ? Long.MAX_VALUE : Long.MIN_VALUE, COUNT / 2);
        assertComesBack(i -> (long)Math.exp(random.nextGaussian() * 3 + 10), 3 * COUNT);
        assertComesBack(i -> random.nextInt(5) * 1_000L - 2_000, COUNT / 2);
    }

    @Test
    void shouldGiveNumbersBackWhenThereAreFew()
    {
        for (int count = 0; count < 40; count++)
        {
            final Random random = new Random(count);
            final long[] numbers = random.longs(count).map(number -> number >> random.nextInt(64)).toArray();
            assertArrayEquals(numbers, transfer(numbers));
        }
    }

    @Test
    void shouldEstimateLessWhenNumbersHoldLess()
    {
        final Random random = new Random(2);
        final long[] noise = random.longs(COUNT).toArray();
        final long[] small = random.longs(COUNT, 0, 16).toArray();
        final long[] steady = new long[COUNT];
        Arrays.setAll(steady, i -> i * 7L);

        assertTrue(writer.estimate(noise, COUNT) > 60.0 * COUNT);
        assertTrue(writer.estimate(small, COUNT) < 5.0 * COUNT);
        assertTrue(writer.estimate(steady, COUNT) < 1.0 * COUNT);
        assertTrue(writer.estimate(new long[COUNT], COUNT) == 0);
    }

    @Test
    void shouldRefuseWhenAFormIsUnknown()
    {
        for (final int flags : new int[] {5, 6, 7, 0x80 | NumberForm.VARINT})
        {
            out.clear();
            out.plan().put(flags).zigzag(0);
            finish();
            assertThrows(MalformedException.class, () -> reader.read(new long[3], 3, in), "flags " + flags);
        }
        out.clear();
        out.plan().put(NumberForm.CLASSES).zigzag(0);
        out.put(new byte[] {1, 65, 2}, 3, Part.ID);
        out.put(new byte[9], 9, Part.ID);
        finish();
        assertThrows(MalformedException.class, () -> reader.read(new long[3], 3, in));
    }

    private void assertComesBack(final LongUnaryOperator number, final int mostBytes)
    {
        final long[] numbers = new long[COUNT];
        Arrays.setAll(numbers, number::applyAsLong);
        assertArrayEquals(numbers, transfer(numbers));
        assertTrue(
            out.storedBytes(Part.ID) + out.storedBytes(Part.STRUCTURE) <= mostBytes,
            out.storedBytes(Part.ID) + " bytes are more than " + mostBytes);
    }

    private long[] transfer(final long[] numbers)
    {
        out.clear();
        writer.write(numbers, numbers.length, Part.ID, out);
        finish();
        final long[] found = new long[numbers.length];
        reader.read(found, found.length, in);
        in.ensureAllRead();
        return found;
    }

    private void finish()
    {
        final ByteSink packed = new ByteSink(16);
        out.finish(packed);
        in.wrap(packed.array(), 0, packed.length(), 1 << 20);
    }
}
