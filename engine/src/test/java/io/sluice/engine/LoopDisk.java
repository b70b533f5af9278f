package io.sluice.engine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A small file system in an image file. Tests that need one are skipped where mounting is not permitted. */
final class LoopDisk implements AutoCloseable
{
    private static final int CHUNK = 1 << 16;

    private final Path mountPoint;
    private final Path image;

    private LoopDisk(final Path mountPoint, final Path image)
    {
        this.mountPoint = mountPoint;
        this.image = image;
    }

    /**
     * @param directory  to make image and mount point in.
     * @param type       of file system: ext4, or ext2, which can't reserve blocks.
     * @param megabytes  of the image.
     */
    static LoopDisk mount(final Path directory, final String type, final int megabytes) throws IOException
    {
        final Path image = directory.resolve("image");
        final Path mountPoint = Files.createDirectories(directory.resolve("disk"));
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw"))
        {
            file.setLength((long)megabytes << 20);
        }
        // Blocks as on large disks, and none set aside for root, as whom this runs.
        skipUnless(run("mkfs." + type, "-q", "-F", "-b", "4096", "-m", "0", image.toString()));
        skipUnless(run("mount", "-o", "loop", image.toString(), mountPoint.toString()));
        return new LoopDisk(mountPoint, image);
    }

    Path path()
    {
        return mountPoint;
    }

    long free()
    {
        return mountPoint.toFile().getUsableSpace();
    }

    /** Take space until so much is left, all of it for 0. */
    Balloon inflate(final long left) throws IOException
    {
        final Balloon balloon = new Balloon(Files.createTempFile(mountPoint, "balloon", ""));
        balloon.inflate(left);
        return balloon;
    }

    @Override
    public void close() throws IOException
    {
        String output = run("umount", mountPoint.toString());
        if (!output.isEmpty())
        {
            output += run("umount", "-l", mountPoint.toString());
        }
        Files.deleteIfExists(image);
        if (Files.exists(mountPoint.resolve("lost+found")))
        {
            throw new IOException(mountPoint + " is still mounted: " + output);
        }
    }

    final class Balloon
    {
        private final Path file;

        private Balloon(final Path file)
        {
            this.file = file;
        }

        void inflate(final long left) throws IOException
        {
            try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw"))
            {
                final byte[] chunk = new byte[CHUNK];
                out.seek(out.length());
                int length = CHUNK;
                while (length > 0 && free() > left)
                {
                    length = write(out, chunk, (int)Math.min(length, Math.max(1, free() - left)));
                }
            }
        }

        void release() throws IOException
        {
            Files.delete(file);
        }

        private int write(final RandomAccessFile out, final byte[] chunk, final int length)
        {
            try
            {
                out.write(chunk, 0, length);
                return length;
            }
            catch (final IOException ex)
            {
                // No room for so much: less may fit.
                return length / 2;
            }
        }
    }

    private static void skipUnless(final String output)
    {
        Assumptions.assumeTrue(output.isEmpty(), () -> "no file system can be mounted here: " + output);
    }

    /** @return empty if it went well, otherwise what it said. */
    private static String run(final String... command)
    {
        try
        {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? "" : String.join(" ", command) + ": " + output;
        }
        catch (final IOException | InterruptedException ex)
        {
            return String.join(" ", command) + ": " + ex;
        }
    }
}
