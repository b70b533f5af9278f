package io.sluice.perf.soak;

import io.sluice.journal.DataDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** What a data directory holds on disk, while files come and go. */
final class DiskProbe
{
    private static final double BYTES_PER_MB = 1e6;
    private static final String JOURNAL_FILE = ".cq4";

    private final DataDirectory directory;

    /**
     * @param directory of the data.
     */
    DiskProbe(final Path directory)
    {
        this.directory = new DataDirectory(directory);
    }

    private static final class Sum extends SimpleFileVisitor<Path>
    {
        private double bytes;
        private double files;
        private double segments;

        @Override
        public FileVisitResult visitFile(final Path file, final BasicFileAttributes facts)
        {
            bytes += facts.size() / BYTES_PER_MB;
            files++;
            segments += file.toString().endsWith(JOURNAL_FILE) ? 1 : 0;
            return FileVisitResult.CONTINUE;
        }

        // It was there a moment ago.
        @Override
        public FileVisitResult visitFileFailed(final Path file, final IOException e)
        {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(final Path path, final IOException e)
        {
            return FileVisitResult.CONTINUE;
        }
    }

    /** @return values in the order of {@link Series#ofDisk()}. */
    double[] sample()
    {
        final Sum all = sum(directory.root());
        final Sum journal = sum(directory.journal());
        final Sum archive = sum(directory.archive());
        final Sum index = sum(directory.root().resolve("index"));
        return new double[] {
            journal.bytes,
            archive.bytes,
            index.bytes,
            Math.max(0, all.bytes - journal.bytes - archive.bytes - index.bytes),
            journal.segments,
            archive.files,
            index.files};
    }

    private static Sum sum(final Path root)
    {
        final Sum sum = new Sum();
        try
        {
            Files.walkFileTree(root, sum);
            return sum;
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
