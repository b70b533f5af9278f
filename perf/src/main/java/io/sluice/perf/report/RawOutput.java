package io.sluice.perf.report;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * The directory where a run keeps its raw histograms and its JSON, and makes its scratch directories. Not thread-safe.
 */
public final class RawOutput
{
    private static final double NS_PER_US = 1000.0;
    private static final double MS_PER_S = 1000.0;

    private final Path directory;
    private final long startMs;
    private int nextScratch;

    /**
     * @param directory made if it does not exist.
     * @param startMs   of the run, milliseconds since 1970 UTC.
     * @throws UncheckedIOException if it can't be made.
     */
    public RawOutput(final Path directory, final long startMs)
    {
        try
        {
            this.directory = Files.createDirectories(directory).toRealPath();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("can't use " + directory + " for output: " + e.getMessage(), e);
        }
        this.startMs = startMs;
    }

    /** @return the directory. */
    public Path directory()
    {
        return directory;
    }

    /**
     * Name a directory for a journal; it does not exist yet.
     *
     * @param name what it is for.
     * @return the path.
     */
    public Path scratch(final String name)
    {
        return directory.resolve("scratch-" + nextScratch++ + "-" + name);
    }

    /**
     * Delete a scratch directory and all in it.
     *
     * @param scratch from {@link #scratch}.
     */
    public void discard(final Path scratch)
    {
        if (!scratch.startsWith(directory) || scratch.equals(directory))
        {
            throw new IllegalArgumentException(scratch + " is not a scratch directory of " + directory);
        }
        deleteTree(scratch);
    }

    /**
     * Write histograms of nanoseconds as an interval log, one line each, the largest value in microseconds.
     *
     * @param name       of the file, without {@code .hlog}.
     * @param histograms with their tags set.
     */
    public void writeHistograms(final String name, final Iterable<Histogram> histograms)
    {
        try (PrintStream out = new PrintStream(Files.newOutputStream(directory.resolve(name + ".hlog"))))
        {
            final HistogramLogWriter writer = new HistogramLogWriter(out);
            writer.outputLogFormatVersion();
            writer.outputStartTime(startMs);
            writer.setBaseTime(startMs);
            writer.outputLegend();
            for (final Histogram histogram : histograms)
            {
                writer.outputIntervalHistogram(
                    (histogram.getStartTimeStamp() - startMs) / MS_PER_S,
                    (System.currentTimeMillis() - startMs) / MS_PER_S,
                    histogram,
                    NS_PER_US);
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Write a text file.
     *
     * @param name of the file.
     * @param text in it.
     */
    public void writeText(final String name, final String text)
    {
        try
        {
            Files.writeString(directory.resolve(name), text + "\n");
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Delete a directory and all in it; nothing happens if it does not exist.
     *
     * @param root to delete.
     */
    public static void deleteTree(final Path root)
    {
        if (!Files.exists(root))
        {
            return;
        }
        try
        {
            Files.walkFileTree(root, new SimpleFileVisitor<>()
            {
                @Override
                public FileVisitResult visitFile(final Path file, final BasicFileAttributes facts) throws IOException
                {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(final Path dir, final IOException e) throws IOException
                {
                    Files.deleteIfExists(dir);
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
