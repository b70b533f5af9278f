package io.sluice.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LargePagesTest
{
    private static final Path ALLOWED = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
    private static final int LARGE = 1 << 21;

    @ParameterizedTest
    @ValueSource(ints = {1, 4096, LARGE - 1, LARGE, 3 * LARGE + 77})
    void shouldClearJustTheMemoryItIsGiven(final int length)
    {
        final ByteBuffer memory = ByteBuffer.allocateDirect(length + 2000);
        for (int i = 0; i < memory.capacity(); i++)
        {
            memory.put(i, (byte)7);
        }
        LargePages.clear(new UnsafeBuffer(memory.slice(1000, length)));
        for (int i = 0; i < memory.capacity(); i++)
        {
            assertEquals(i < 1000 || i >= 1000 + length ? 7 : 0, memory.get(i));
        }
    }

    @Test
    void shouldHaveItLieInLargePagesWhereTheSystemAllowsIt() throws IOException
    {
        assumeTrue(Files.isReadable(ALLOWED) && !Files.readString(ALLOWED).contains("[never]"));
        final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(8 * LARGE));
        LargePages.clear(memory);
        assertTrue(advised(memory.addressOffset() + 4 * LARGE), "the kernel was asked for them");
        assertEquals(0, memory.getByte(5 * LARGE));
    }

    // Whether there was one left to have is the machine's affair; that it was asked for stands among the flags.
    private static boolean advised(final long address) throws IOException
    {
        boolean isInside = false;
        for (final String line : Files.readAllLines(Path.of("/proc/self/smaps")))
        {
            final String[] words = line.split("[- ]", 3);
            if (words[0].matches("[0-9a-f]{6,}"))
            {
                isInside = Long.parseUnsignedLong(words[0], 16) <= address &&
                    address < Long.parseUnsignedLong(words[1], 16);
            }
            else if (isInside && line.startsWith("VmFlags:"))
            {
                return line.contains(" hg");
            }
        }
        return false;
    }
}
