package io.sluice.perf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.perf.measure.Histograms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawOutputTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldKeepHistogramsReadableWhenWritten() throws IOException
    {
        final Histogram histogram = Histograms.create("some.tag");
        Histograms.record(histogram, 1000);
        Histograms.record(histogram, 3000);

        new RawOutput(directory, System.currentTimeMillis()).writeHistograms("some", List.of(histogram));

        try (HistogramLogReader reader = new HistogramLogReader(directory.resolve("some.hlog").toFile()))
        {
            final Histogram read = (Histogram)reader.nextIntervalHistogram();
            assertEquals("some.tag", read.getTag());
            assertEquals(2, read.getTotalCount());
            assertEquals(3000, read.lowestEquivalentValue(read.getMaxValue()));
        }
    }

    @Test
    void shouldDeleteOnlyScratchDirectoriesWhenDiscarding() throws IOException
    {
        final RawOutput output = new RawOutput(directory, 0);
        final Path scratch = output.scratch("x");
        Files.createDirectories(scratch.resolve("deep"));
        Files.writeString(scratch.resolve("deep").resolve("file"), "x");

        output.discard(scratch);

        assertFalse(Files.exists(scratch));
        assertTrue(Files.exists(output.directory()));
        assertThrows(IllegalArgumentException.class, () -> output.discard(output.directory()));
        assertThrows(IllegalArgumentException.class, () -> output.discard(output.directory().getParent()));
    }

    @Test
    void shouldSayWhichDirectoryWhenItCannotBeUsed() throws IOException
    {
        final Path file = Files.writeString(directory.resolve("file"), "x");

        final UncheckedIOException failure =
            assertThrows(UncheckedIOException.class, () -> new RawOutput(file.resolve("below"), 0));

        assertTrue(failure.getMessage().contains(file.toString()), failure.getMessage());
    }
}
