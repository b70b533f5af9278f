package io.sluice.journal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * An ext4 file system whose device fails on demand: a loop device on a sparse file in a small memory file system. Once
 * that is full, the device can't take a block that it did not have before. Needs the rights to mount.
 */
final class LoopDevice implements AutoCloseable
{
    private static final int FILL_LENGTH = 1 << 16;

    private final Path memory;
    private final Path mountPoint;
    private final Path image;
    private final Path ballast;
    private final Deque<String[]> undo = new ArrayDeque<>();
    private String loop;

    private LoopDevice(final Path directory)
    {
        memory = directory.resolve("memory");
        mountPoint = directory.resolve("mount");
        image = memory.resolve("image");
        ballast = memory.resolve("ballast");
    }

    /** Make one below a directory, or skip the test where that is not permitted. */
    static LoopDevice open(final Path directory, final String memorySize, final String deviceSize) throws IOException
    {
        final LoopDevice device = new LoopDevice(directory);
        Files.createDirectory(device.memory);
        Files.createDirectory(device.mountPoint);
        try
        {
            assumeTrue(
                isDone("mount", "-t", "tmpfs", "-o", "size=" + memorySize, "tmpfs", device.memory.toString()),
                "mounting is not permitted here");
            device.undo.push(new String[]{"umount", device.memory.toString()});
            assumeTrue(
                isDone("truncate", "-s", deviceSize, device.image.toString()) &&
                isDone(
                    "mkfs.ext4", "-q", "-F", "-b", "4096", "-O", "^has_journal", "-E", "nodiscard,lazy_itable_init=0",
                    device.image.toString()),
                "there is no mkfs.ext4 here");
            device.attach();
            device.mount();
            return device;
        }
        catch (final Throwable ex)
        {
            device.close();
            throw ex;
        }
    }

    /** @return directory in the file system. */
    Path directory()
    {
        return mountPoint;
    }

    /** From now on a write to a block that was not written before fails. */
    void fail() throws IOException
    {
        final byte[] bytes = new byte[FILL_LENGTH];
        boolean isFull = false;
        while (!isFull)
        {
            try
            {
                Files.write(ballast, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
            catch (final IOException ex)
            {
                isFull = true;
            }
        }
    }

    void heal() throws IOException
    {
        Files.delete(ballast);
    }

    /** Drop everything that only the kernel's memory holds. */
    void remount() throws IOException
    {
        if (!isDone(undo.pop()))
        {
            throw new IOException(mountPoint + " is still in use");
        }
        mount();
    }

    @Override
    public void close() throws IOException
    {
        while (!undo.isEmpty())
        {
            final String[] command = undo.pop();
            if (!isDone(command) && !isDone("umount", "-l", command[command.length - 1]))
            {
                throw new IOException(String.join(" ", command) + " failed");
            }
        }
    }

    private void attach() throws IOException
    {
        final String name = output("losetup", "--find", "--show", image.toString());
        assumeTrue(name != null, "loop devices are not permitted here");
        loop = name.trim();
        undo.push(new String[]{"losetup", "--detach", loop});
        // Of a write that its file takes only in part, a loop device says that it is done. One page is taken or not.
        final Path limit = Path.of("/sys/block", Path.of(loop).getFileName().toString(), "queue/max_sectors_kb");
        assumeTrue(Files.isWritable(limit), "the device can't be set up here");
        Files.writeString(limit, "4\n");
    }

    private void mount() throws IOException
    {
        assumeTrue(isDone("mount", loop, mountPoint.toString()), "loop mounts are not permitted here");
        undo.push(new String[]{"umount", mountPoint.toString()});
    }

    private static boolean isDone(final String... command) throws IOException
    {
        return output(command) != null;
    }

    /** @return what a command said, or null if it failed. */
    private static String output(final String... command) throws IOException
    {
        try
        {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? text : null;
        }
        catch (final InterruptedException ex)
        {
            throw new IllegalStateException(ex);
        }
        catch (final IOException ex)
        {
            // There is no such command.
            return null;
        }
    }
}
