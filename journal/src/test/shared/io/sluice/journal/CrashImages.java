package io.sluice.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a power loss may leave of a directory. Listens to forces and so knows what is on the device for sure; of the
 * rest, an image holds a random part:
 *
 * <ul>
 * <li>of each file, any 4 KiB page that was changed since the last force: as it was, as it is, or torn, with old and
 * new sectors of 512 bytes mixed; and its old or its new length;</li>
 * <li>of each directory, any name that was made, changed or removed since: as it was or as it is.</li>
 * </ul>
 *
 * The file system is assumed to keep order in nothing. Names and lengths are kept apart from what they name: a file may
 * be there without a byte in it. Every file seen gets a second name in a directory beside, so that one that is deleted
 * can be read on, and no other one takes its number. Not thread-safe: everything happens on the thread that forces.
 */
public final class CrashImages implements ForceListener
{
    private static final int PAGE = 4096;
    private static final int SECTOR = 512;
    private static final int CHUNK = 1 << 18;
    private static final byte[] ZEROS = new byte[PAGE];
    /** Its content means nothing, and to open it here would drop the lock. */
    private static final Set<String> NEVER_READ = Set.of("engine.lock");
    private static final double[] SHARES = {0.0, 0.1, 0.5, 0.9, 1.0};

    /** A file, whatever its name; pages that are not there are zero. */
    private static final class Inode
    {
        private final Path link;
        private Map<Integer, byte[]> durable = new HashMap<>();
        private long durableSize;

        Inode(final Path link)
        {
            this.link = link;
        }
    }

    /** The names in a directory: a file, or null for a directory. */
    private static final class Names extends TreeMap<String, Inode>
    {
        private static final long serialVersionUID = 1L;
    }

    private final Path root;
    private final Path links;
    private final Random random;
    private final Map<Object, Inode> inodes = new HashMap<>();
    private final Map<Path, Names> durableNames = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
    private Runnable moment = () -> {};

    /**
     * @param root   directory to watch; it need not exist.
     * @param links  directory on the same file system, not below it, for second names.
     * @param random what the images take.
     */
    public CrashImages(final Path root, final Path links, final Random random) throws IOException
    {
        this.root = root.toAbsolutePath().normalize();
        this.links = links;
        this.random = random;
        Files.createDirectories(links);
    }

    /** Call something before and after the device gets what is forced; it may take an image. */
    public CrashImages onMoment(final Runnable action)
    {
        moment = action;
        return this;
    }

    /** Take all that there is as being on the device. */
    public CrashImages settle()
    {
        for (final Path directory : directories())
        {
            settleNames(directory);
            for (final Inode inode : names(directory).values())
            {
                if (inode != null)
                {
                    settle(inode);
                }
            }
        }
        return this;
    }

    @Override
    public void onForced(final Path path, final boolean isDirectory)
    {
        moment.run();
        final Path forced = path.toAbsolutePath().normalize();
        if (forced.startsWith(root))
        {
            if (isDirectory)
            {
                settleNames(forced);
            }
            else
            {
                settle(inodeOf(forced));
            }
        }
        moment.run();
    }

    @Override
    public void onForced(final Path path, final long from, final long to)
    {
        moment.run();
        final Path forced = path.toAbsolutePath().normalize();
        if (forced.startsWith(root))
        {
            settle(inodeOf(forced), from, to);
        }
        moment.run();
    }

    /** Let some of what is not forced get to the device all the same, as it does after a while. */
    public void writeBack()
    {
        for (final Path directory : directories())
        {
            if (random.nextInt(4) == 0)
            {
                settleNames(directory);
            }
            for (final Inode inode : names(directory).values())
            {
                if (inode != null)
                {
                    writeBack(inode);
                }
            }
        }
    }

    /** Write what a power loss at this moment may leave to a new directory. */
    public void crash(final Path target)
    {
        try
        {
            crash(root, target);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private void crash(final Path directory, final Path target) throws IOException
    {
        Files.createDirectories(target);
        final Names before = durableNames.getOrDefault(directory, new Names());
        final Names now = names(directory);
        final Set<String> all = new TreeSet<>(before.keySet());
        all.addAll(now.keySet());
        final double share = SHARES[random.nextInt(SHARES.length)];
        for (final String name : all)
        {
            final Names source = random.nextDouble() < share ? now : before;
            if (source.containsKey(name))
            {
                final Inode inode = source.get(name);
                if (inode == null)
                {
                    crash(directory.resolve(name), target.resolve(name));
                }
                else
                {
                    write(inode, target.resolve(name));
                }
            }
        }
    }

    private void write(final Inode inode, final Path target) throws IOException
    {
        final Map<Integer, byte[]> now = new HashMap<>();
        final long nowSize = read(inode, now);
        final Map<Integer, byte[]> image = new HashMap<>(inode.durable);
        final double share = SHARES[random.nextInt(SHARES.length)];
        boolean isAnyNew = false;
        for (final int page : changed(inode, now))
        {
            if (random.nextDouble() < share)
            {
                final byte[] newer = now.getOrDefault(page, ZEROS);
                image.put(page, random.nextInt(3) == 0 ? tear(image.getOrDefault(page, ZEROS), newer) : newer);
                isAnyNew = true;
            }
        }
        final long size = isAnyNew || random.nextBoolean() ? nowSize : inode.durableSize;
        try (FileChannel channel =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
        {
            for (final Map.Entry<Integer, byte[]> entry : image.entrySet())
            {
                final long at = (long)entry.getKey() * PAGE;
                if (at < size)
                {
                    channel.write(ByteBuffer.wrap(entry.getValue(), 0, (int)Math.min(PAGE, size - at)), at);
                }
            }
            if (channel.size() < size)
            {
                channel.write(ByteBuffer.allocate(1), size - 1);
            }
        }
    }

    private byte[] tear(final byte[] older, final byte[] newer)
    {
        final byte[] torn = older.clone();
        for (int sector = 0; sector < PAGE; sector += SECTOR)
        {
            if (random.nextBoolean())
            {
                System.arraycopy(newer, sector, torn, sector, SECTOR);
            }
        }
        return torn;
    }

    private void writeBack(final Inode inode)
    {
        final Map<Integer, byte[]> now = new HashMap<>();
        final long nowSize = read(inode, now);
        final double share = SHARES[random.nextInt(SHARES.length)];
        for (final int page : changed(inode, now))
        {
            if (random.nextDouble() < share)
            {
                put(inode.durable, page, now.getOrDefault(page, ZEROS));
                inode.durableSize = nowSize;
            }
        }
    }

    private void settle(final Inode inode)
    {
        final Map<Integer, byte[]> now = new HashMap<>();
        inode.durableSize = read(inode, now);
        inode.durable = now;
    }

    /** Bytes that lie in the same page as forced ones may be there or not; the length is not settled by a part. */
    private void settle(final Inode inode, final long from, final long to)
    {
        final Map<Integer, byte[]> now = new HashMap<>();
        read(inode, now);
        for (int page = (int)(from / PAGE); (long)page * PAGE < to; page++)
        {
            final byte[] newer = now.getOrDefault(page, ZEROS);
            final byte[] older = inode.durable.getOrDefault(page, ZEROS).clone();
            final int begin = (int)Math.max(0, from - (long)page * PAGE);
            final int end = (int)Math.min(PAGE, to - (long)page * PAGE);
            System.arraycopy(newer, begin, older, begin, end - begin);
            put(inode.durable, page, older);
        }
    }

    private void settleNames(final Path directory)
    {
        durableNames.put(directory, names(directory));
    }

    private static Set<Integer> changed(final Inode inode, final Map<Integer, byte[]> now)
    {
        final Set<Integer> changed = new TreeSet<>();
        for (final Map.Entry<Integer, byte[]> entry : now.entrySet())
        {
            if (!Arrays.equals(entry.getValue(), inode.durable.getOrDefault(entry.getKey(), ZEROS)))
            {
                changed.add(entry.getKey());
            }
        }
        for (final int page : inode.durable.keySet())
        {
            if (!now.containsKey(page))
            {
                changed.add(page);
            }
        }
        return changed;
    }

    /** Read the pages of a file that are not zero, up to {@link #CHUNK} bytes of zeros: the rest is room for more. */
    private long read(final Inode inode, final Map<Integer, byte[]> pages)
    {
        if (NEVER_READ.contains(nameOf(inode)))
        {
            return 0;
        }
        try (FileChannel channel = FileChannel.open(inode.link, StandardOpenOption.READ))
        {
            final long size = channel.size();
            boolean isAnyLeft = true;
            for (long at = 0; at < size && isAnyLeft; at += CHUNK)
            {
                final int before = pages.size();
                buffer.clear();
                while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) > 0)
                {
                    continue;
                }
                buffer.flip();
                for (int offset = 0; offset < buffer.limit(); offset += PAGE)
                {
                    final int length = Math.min(PAGE, buffer.limit() - offset);
                    if (!isZero(offset, length))
                    {
                        final byte[] bytes = new byte[PAGE];
                        buffer.get(offset, bytes, 0, length);
                        pages.put((int)((at + offset) / PAGE), bytes);
                    }
                }
                isAnyLeft = pages.size() > before;
            }
            return size;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private boolean isZero(final int offset, final int length)
    {
        int at = offset;
        final int end = offset + length;
        while (at + Long.BYTES <= end)
        {
            if (buffer.getLong(at) != 0)
            {
                return false;
            }
            at += Long.BYTES;
        }
        while (at < end)
        {
            if (buffer.get(at) != 0)
            {
                return false;
            }
            at++;
        }
        return true;
    }

    private static void put(final Map<Integer, byte[]> pages, final int page, final byte[] bytes)
    {
        if (Arrays.equals(bytes, ZEROS))
        {
            pages.remove(page);
        }
        else
        {
            pages.put(page, bytes);
        }
    }

    private Set<Path> directories()
    {
        final Set<Path> directories = new TreeSet<>();
        if (Files.isDirectory(root))
        {
            collect(root, directories);
        }
        return directories;
    }

    private void collect(final Path directory, final Set<Path> directories)
    {
        directories.add(directory);
        for (final Map.Entry<String, Inode> entry : names(directory).entrySet())
        {
            if (entry.getValue() == null)
            {
                collect(directory.resolve(entry.getKey()), directories);
            }
        }
    }

    private Names names(final Path directory)
    {
        final Names names = new Names();
        if (!Files.isDirectory(directory))
        {
            return names;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory))
        {
            for (final Path entry : entries)
            {
                names.put(entry.getFileName().toString(), Files.isDirectory(entry) ? null : inodeOf(entry));
            }
            return names;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private Inode inodeOf(final Path file)
    {
        try
        {
            final Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            Inode inode = inodes.get(key);
            if (inode == null)
            {
                final Path link = links.resolve(inodes.size() + "-" + file.getFileName());
                Files.createLink(link, file);
                inode = new Inode(link);
                inodes.put(key, inode);
            }
            return inode;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static String nameOf(final Inode inode)
    {
        final String name = inode.link.getFileName().toString();
        return name.substring(name.indexOf('-') + 1);
    }
}
