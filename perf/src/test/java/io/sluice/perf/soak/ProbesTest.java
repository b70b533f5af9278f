package io.sluice.perf.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is held is seen. */
class ProbesTest
{
    private static final int LENGTH = 1 << 20;
    private static final int DIRECT = 2;
    private static final int MAPPED = 5;
    private static final int HANDLES = 6;
    private static final int MAPPINGS = 7;

    @TempDir
    private Path directory;

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldSeeHandlesMappingsAndBuffersWhenTheyAreHeld() throws IOException
    {
        final ProcessProbe probe = new ProcessProbe(directory.toRealPath());
        final double[] before = probe.sample();
        assertEquals(Series.ofProcess().size(), before.length);

        final ByteBuffer buffer = ByteBuffer.allocateDirect(LENGTH);
        final Path file = directory.toRealPath().resolve("mapped");
        try (FileChannel channel = FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            final MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH);
            final double[] held = probe.sample();

            assertEquals(LENGTH / 1e6, held[MAPPED] - before[MAPPED], 0.01);
            assertTrue(held[DIRECT] - before[DIRECT] >= LENGTH / 1e6, "direct");
            assertTrue(held[HANDLES] > before[HANDLES], "handles");
            assertTrue(held[MAPPINGS] > before[MAPPINGS], "mappings");
            assertEquals(LENGTH, mapped.capacity());
        }
        assertEquals(LENGTH, buffer.capacity());
    }

    @Test
    void shouldReadALengthWhenItIsALineOfTheMap()
    {
        assertEquals(4096, ProcessProbe.length("7f0000001000-7f0000002000 rw-s 00000000 08:01 12  /x/y"));
    }

    @Test
    void shouldTellJournalAndArchiveApartWhenBothHaveFiles() throws IOException
    {
        write("journal/1.cq4", 3_000_000);
        write("journal/metadata.cq4t", 1_000_000);
        write("archive/1.sla", 500_000);
        write("index/a/b", 250_000);
        write("telemetry/x", 125_000);

        final double[] sample = new DiskProbe(directory).sample();

        assertEquals(Series.ofDisk().size(), sample.length);
        assertEquals("[4.0, 0.5, 0.25, 0.125, 1.0, 1.0, 1.0]", java.util.Arrays.toString(sample));
    }

    @Test
    void shouldBeAllZeroWhenThereIsNothingYet()
    {
        for (final double value : new DiskProbe(directory.resolve("none")).sample())
        {
            assertEquals(0, value);
        }
    }

    private void write(final String name, final int length) throws IOException
    {
        final Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[length]);
    }
}
