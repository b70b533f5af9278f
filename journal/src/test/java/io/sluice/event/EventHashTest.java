package io.sluice.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.openhft.hashing.LongHashFunction;
import net.openhft.hashing.LongTupleHashFunction;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventHashTest
{
    private static final LongHashFunction XXH3 = LongHashFunction.xx3();
    private static final LongTupleHashFunction XXH128 = LongTupleHashFunction.xx128();

    // The xxHash project's own command line tool, version 0.8.1, says so of the bytes (31 i + 7) mod 256. The lengths
    // are the edges between the ways that the algorithm goes.
    @ParameterizedTest
    @CsvSource({
        "0, 99aa06d3014798d8, 6001c324468d497f, 2d06800538d394c2",
        "1, 495b62073ef70ca4, 4c5cca45d0f4811f, 4c5cca45d0f4811f",
        "3, 46f66cb935381565, 15f7093b173d005c, 15f7093b173d005c",
        "4, 7fefeeffb4d0eab3, b987ca5d9241572a, dca012f95811b6b9",
        "8, 803c675a846cc6c2, 56bb836ceb6d4baa, dec6a9a43575982e",
        "9, d46556872d230f22, 4376673580310154, cbe393399f17ffbd",
        "16, 650fe308c566747d, f853dd94614dfa07, 7e484c18d74895d0",
        "17, 18217300b5132d5a, 78c349fe81b2f26c, 208bde5ee2bed407",
        "64, f9bfa77da0891a96, 36c5f7e547426bc4, dd30702ab46b3745",
        "128, b4f87b99d2db8a51, 1e04fad9f0cacb4d, f92b70eaa21a6288",
        "129, 6881633650cd8924, c51bc887976aef63, f8f76713f2bb60fa",
        "200, 8d8629a1aef9ef90, 60ea018811f9a437, 12fdb864685f344d",
        "240, de57aab31e77a2ff, 93e173833f75ab66, ccc7375172c41f03",
        "241, 92b991a7192f3f08, 0b3b630948ce4a00, 0b3b630948ce4a00",
        "256, 24ee30633ca52c6a, ec85b75bafe6ca74, ec85b75bafe6ca74",
        "512, 2080c7d36a7ea4bb, efc2e52d1c2ffbaa, efc2e52d1c2ffbaa",
        "1024, 4c17271c906df792, 23bc880ebf0d29c6, 23bc880ebf0d29c6",
        "1025, 70a4eb1b9691d77f, c09fdfbc398c7d82, c09fdfbc398c7d82",
        "4096, 49d3842b33d51e8a, a3c19f8174cde0bb, a3c19f8174cde0bb",
        "10000, d53e809be21e616d, 441f01d9711bebed, 441f01d9711bebed"})
    void shouldAgreeWithTheSpecificationWhenHashing(
        final int length, final String high128, final String low128, final String hash64)
    {
        final UnsafeBuffer heap = new UnsafeBuffer(new byte[length + 13], 3, length + 10);
        final UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(length + 13), 3, length + 10);
        for (final UnsafeBuffer buffer : new UnsafeBuffer[]{heap, direct})
        {
            for (int i = 0; i < length; i++)
            {
                buffer.putByte(5 + i, (byte)(i * 31 + 7));
            }
            assertEquals(hash64, String.format("%016x", EventHash.hash64(buffer, 5, length)));
            final EventHash hash = new EventHash().hash128(buffer, 5, length);
            assertEquals(high128, String.format("%016x", hash.high()));
            assertEquals(low128, String.format("%016x", hash.low()));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAgreeWithAnotherImplementationWhenHashingEveryLength(final boolean isDirect)
    {
        final Random random = new Random(20_261_121L);
        final int capacity = 2048 + 64;
        final EventHash hash = new EventHash();
        final long[] expected = XXH128.newResultArray();
        for (int length = 0; length <= 2048; length++)
        {
            final byte[] bytes = new byte[capacity];
            random.nextBytes(bytes);
            final UnsafeBuffer buffer = bufferOf(bytes, isDirect, random.nextInt(16));
            final int offset = random.nextInt(buffer.capacity() - length + 1);
            final byte[] hashed = new byte[length];
            buffer.getBytes(offset, hashed);
            final String what = length + " bytes at " + offset + ", direct " + isDirect;
            assertEquals(XXH3.hashBytes(hashed), EventHash.hash64(buffer, offset, length), what);
            XXH128.hashBytes(hashed, expected);
            hash.hash128(buffer, offset, length);
            assertEquals(expected[0], hash.low(), what);
            assertEquals(expected[1], hash.high(), what);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 65, 96, 97, 104, 112, 128, 129, 143, 144,
        159, 160, 239, 240, 241, 255, 256, 257, 320, 1023, 1024, 1025, 1088, 1089, 2047, 2048, 2049, 65_536})
    void shouldAgreeWithAnotherImplementationWhenContentVaries(final int length)
    {
        final Random random = new Random(length);
        final EventHash hash = new EventHash();
        final long[] expected = XXH128.newResultArray();
        final byte[] bytes = new byte[length + 8];
        for (int round = 0; round < 200; round++)
        {
            fill(bytes, round, random);
            final int offset = round % 8;
            final UnsafeBuffer buffer = bufferOf(bytes, (round & 1) == 0, 0);
            assertEquals(XXH3.hashBytes(bytes, offset, length), EventHash.hash64(buffer, offset, length));
            XXH128.hashBytes(bytes, offset, length, expected);
            hash.hash128(buffer, offset, length);
            assertEquals(expected[0], hash.low());
            assertEquals(expected[1], hash.high());
        }
    }

    @Test
    void shouldDifferWhenAnyBitOfTheInputIsFlipped()
    {
        final EventHash hash = new EventHash();
        final Random random = new Random(7);
        for (final int length : new int[]{1, 3, 8, 16, 17, 112, 128, 200, 240, 241, 300, 1100})
        {
            final byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
            final long sound = EventHash.hash64(buffer, 0, length);
            hash.hash128(buffer, 0, length);
            final long low = hash.low();
            final long high = hash.high();
            for (int bit = 0; bit < 8 * length; bit++)
            {
                bytes[bit >> 3] ^= (byte)(1 << (bit & 7));
                assertNotEquals(sound, EventHash.hash64(buffer, 0, length));
                hash.hash128(buffer, 0, length);
                assertTrue(low != hash.low() || high != hash.high());
                bytes[bit >> 3] ^= (byte)(1 << (bit & 7));
            }
        }
    }

    @Test
    void shouldRefuseWhenBytesLieOutsideTheBuffer()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8]);
        assertThrows(IndexOutOfBoundsException.class, () -> EventHash.hash64(buffer, 4, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> new EventHash().hash128(buffer, -1, 2));
    }

    // Arithmetic on the edges of 32 and 64 bits shows in runs of equal bits rather than in random ones.
    private static void fill(final byte[] bytes, final int round, final Random random)
    {
        switch (round % 4)
        {
            case 0 -> Arrays.fill(bytes, (byte)0);
            case 1 -> Arrays.fill(bytes, (byte)-1);
            case 2 ->
            {
                for (int i = 0; i < bytes.length; i++)
                {
                    bytes[i] = (byte)(random.nextBoolean() ? -1 : 0);
                }
            }
            default -> random.nextBytes(bytes);
        }
    }

    private static UnsafeBuffer bufferOf(final byte[] bytes, final boolean isDirect, final int start)
    {
        if (!isDirect)
        {
            return new UnsafeBuffer(bytes, start, bytes.length - start);
        }
        final ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
        return new UnsafeBuffer(direct, start, bytes.length - start);
    }
}
