package io.sluice.archive;

import static io.sluice.archive.ArchiveFormat.*;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Keys in a text file, one per line, the newest last: that one is the current key. Only its owner may read the file.
 *
 * <pre>
 *   # comment
 *   k1-5d41402a mYq3…=        name of the key, base64 of its 32 bytes
 *   k2-7793ab11 Zk0v…=        the current key
 * </pre>
 *
 * <p>Read once, when it is opened; open it again after a rotation. Thread-safe. Wiped when it is closed.
 */
public final class KeyFile implements KeyProvider, AutoCloseable
{
    private static final int MAX_LENGTH = 1 << 20;
    private static final Set<PosixFilePermission> OWNER_ONLY =
        EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final List<String> ids = new ArrayList<>();
    private final List<byte[]> keys = new ArrayList<>();

    private KeyFile()
    {
    }

    /**
     * Read a key file.
     *
     * @param file to read.
     * @return its keys.
     * @throws ArchiveKeyException if it does not exist, others may read it, or a line is no key.
     */
    public static KeyFile open(final Path file)
    {
        final byte[] bytes = readOwned(file);
        final KeyFile keyFile = new KeyFile();
        try
        {
            keyFile.parse(file, bytes);
            return keyFile;
        }
        catch (final ArchiveKeyException ex)
        {
            keyFile.close();
            throw ex;
        }
        finally
        {
            Arrays.fill(bytes, (byte)0);
        }
    }

    /**
     * Make a key file with one random key.
     *
     * @param file to make; must not exist.
     * @return name of the key.
     * @throws ArchiveKeyException if it exists or can't be written.
     */
    public static String generate(final Path file)
    {
        if (Files.exists(file))
        {
            throw new ArchiveKeyException(file + " exists already: rotate its keys, or name another file");
        }
        return write(file, new byte[0], 1);
    }

    /**
     * Add a random key, which becomes the current one. The old keys stay. After a crash the file is either the old or
     * the new one, whole. One rotation at a time: of two at once, one is lost or fails.
     *
     * @param file to change.
     * @return name of the new key.
     * @throws ArchiveKeyException as for {@link #open}, or if it can't be written.
     */
    public static String rotate(final Path file)
    {
        final byte[] bytes = readOwned(file);
        try (KeyFile present = new KeyFile())
        {
            present.parse(file, bytes);
            return write(file, bytes, present.ids.size() + 1);
        }
        finally
        {
            Arrays.fill(bytes, (byte)0);
        }
    }

    /** @return names of all keys, the newest last. */
    public synchronized List<String> keyIds()
    {
        return List.copyOf(ids);
    }

    @Override
    public synchronized String currentKeyId()
    {
        if (ids.isEmpty())
        {
            throw new IllegalStateException("the key file is closed");
        }
        return ids.get(ids.size() - 1);
    }

    @Override
    public synchronized byte[] key(final String keyId)
    {
        final int index = ids.indexOf(keyId);
        return index < 0 ? null : keys.get(index).clone();
    }

    @Override
    public synchronized void close()
    {
        keys.forEach(key -> Arrays.fill(key, (byte)0));
        keys.clear();
        ids.clear();
    }

    private void parse(final Path file, final byte[] bytes)
    {
        int line = 1;
        int from = 0;
        while (from < bytes.length)
        {
            int to = from;
            while (to < bytes.length && bytes[to] != '\n')
            {
                to++;
            }
            final int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
            if (end > from && bytes[from] != '#')
            {
                parseLine(file, line, bytes, from, end);
            }
            line++;
            from = to + 1;
        }
        if (ids.isEmpty())
        {
            throw new ArchiveKeyException(file + " holds no key: generate one");
        }
    }

    /** Never as text: a string can't be wiped. */
    private void parseLine(final Path file, final int line, final byte[] bytes, final int from, final int end)
    {
        int blank = from;
        while (blank < end && bytes[blank] != ' ')
        {
            blank++;
        }
        final String id = new String(bytes, from, blank - from, StandardCharsets.UTF_8);
        final byte[] encoded = Arrays.copyOfRange(bytes, Math.min(blank + 1, end), end);
        byte[] key = new byte[0];
        try
        {
            key = Base64.getDecoder().decode(encoded);
        }
        catch (final IllegalArgumentException ignored)
        {
            // Its message would quote the key; no key is what the next check finds.
        }
        Arrays.fill(encoded, (byte)0);
        if (blank == from || blank - from > MAX_KEY_ID_LENGTH || key.length != KEY_LENGTH || ids.contains(id))
        {
            Arrays.fill(key, (byte)0);
            throw new ArchiveKeyException(
                file + " line " + line + " is no key: a line is a name of its own, a blank, and the base64 of " +
                KEY_LENGTH + " bytes");
        }
        ids.add(id);
        keys.add(key);
    }

    private static byte[] readOwned(final Path file)
    {
        try
        {
            final PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (view != null)
            {
                final Set<PosixFilePermission> permissions = view.readAttributes().permissions();
                if (!OWNER_ONLY.containsAll(permissions))
                {
                    throw new ArchiveKeyException(
                        file + " has mode " + PosixFilePermissions.toString(permissions) +
                        ": others must not be able to read or change it, run 'chmod 600 " + file +
                        "', and rotate the keys if others could read them");
                }
            }
            if (Files.size(file) > MAX_LENGTH)
            {
                throw new ArchiveKeyException(file + " is too long to be a key file");
            }
            return Files.readAllBytes(file);
        }
        catch (final NoSuchFileException ex)
        {
            throw new ArchiveKeyException("there is no key file " + file + ": generate one, or name the right file");
        }
        catch (final IOException ex)
        {
            throw new ArchiveKeyException("the key file " + file + " can't be read: " + ex);
        }
    }

    /** Write the present lines and a new key under another name, and rename it: nobody sees half of it. */
    private static String write(final Path file, final byte[] present, final int number)
    {
        final SecureRandom random = new SecureRandom();
        final String id = String.format(Locale.ROOT, "k%d-%08x", number, random.nextInt());
        final byte[] key = new byte[KEY_LENGTH];
        random.nextBytes(key);
        final byte[] encoded = Base64.getEncoder().encode(key);
        Arrays.fill(key, (byte)0);
        final ByteBuffer content = ByteBuffer.allocate(present.length + id.length() + encoded.length + 3);
        content.put(present);
        if (present.length > 0 && present[present.length - 1] != '\n')
        {
            content.put((byte)'\n');
        }
        content.put(utf8(id)).put((byte)' ').put(encoded).put((byte)'\n').flip();
        Arrays.fill(encoded, (byte)0);
        final Path absolute = file.toAbsolutePath();
        final Path temporary = absolute.resolveSibling(absolute.getFileName() + ".new");
        try
        {
            Files.deleteIfExists(temporary);
            writeForced(temporary, content);
            Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory = FileChannel.open(absolute.getParent(), StandardOpenOption.READ))
            {
                directory.force(true);
            }
            return id;
        }
        catch (final FileAlreadyExistsException ex)
        {
            throw new ArchiveKeyException(temporary + " appeared while keys were written: try again");
        }
        catch (final IOException ex)
        {
            throw new ArchiveKeyException("the key file " + file + " can't be written: " + ex);
        }
        finally
        {
            Arrays.fill(content.array(), (byte)0);
        }
    }

    private static void writeForced(final Path file, final ByteBuffer content) throws IOException
    {
        final Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        final boolean isPosix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        final FileAttribute<?>[] attributes = isPosix ?
            new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)} : new FileAttribute<?>[0];
        try (FileChannel channel = FileChannel.open(file, options, attributes))
        {
            while (content.hasRemaining())
            {
                channel.write(content);
            }
            channel.force(true);
        }
    }
}
