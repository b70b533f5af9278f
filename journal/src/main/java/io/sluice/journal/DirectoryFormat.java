package io.sluice.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;

/**
 * Decides whether a directory is ours to use, before anything in it is touched, and makes new ones. The file {@code
 * FORMAT} is what makes a directory ours; it appears at once and whole.
 */
final class DirectoryFormat
{
    private static final String PREFIX = "sluice-data ";
    private static final String TEMPORARY = "FORMAT.new";
    private static final int MAX_LENGTH = 64;
    private static final int CREATION_DIRECTORY_MADE = 3;

    private DirectoryFormat()
    {
    }

    /**
     * Check a directory for appending.
     *
     * @return true if it is a data directory, false if it is to be made: absent, empty, or left half made by a crash.
     * @throws DataDirectoryException if it is something else; nothing was touched.
     */
    static boolean check(final DataDirectory directory)
    {
        final Path root = directory.root();
        try
        {
            if (!Files.exists(root))
            {
                return false;
            }
            if (!Files.isDirectory(root))
            {
                throw new DataDirectoryException(
                    DirectoryState.NOT_ACCESSIBLE, root + " is not a directory; name another one");
            }
            if (Files.exists(directory.formatFile()))
            {
                checkVersion(directory);
                return true;
            }
            if (!isHalfMade(directory))
            {
                // Another process may have finished making it between the two looks.
                if (Files.exists(directory.formatFile()))
                {
                    checkVersion(directory);
                    return true;
                }
                throw new DataDirectoryException(
                    DirectoryState.NOT_OURS,
                    root +
                    " is not empty and holds no FORMAT file, so it is no data directory; name an empty or new one");
            }
            return false;
        }
        catch (final IOException ex)
        {
            throw notAccessible(root, ex);
        }
    }

    /**
     * Check a directory for reading.
     *
     * @throws DataDirectoryException if there is nothing in it to read.
     */
    static void checkReadable(final DataDirectory directory)
    {
        if (!check(directory))
        {
            throw new DataDirectoryException(
                DirectoryState.NO_JOURNAL, directory.root() +
                " holds no journal yet; start an engine on it, or wait for one");
        }
    }

    /**
     * Make what is missing of a data directory, under the writer lock.
     *
     * @return true if it was no data directory before.
     */
    static boolean prepare(
        final DataDirectory directory, final DeviceForce force, final JournalPhaseListener listener) throws IOException
    {
        // Looked at again under the lock: another process may have made it meanwhile.
        if (check(directory))
        {
            createParts(directory, force);
            return false;
        }
        listener.onStep(JournalPhase.FIRST_CREATION, 0);
        final int[] step = {0};
        create(directory, force, () -> listener.onStep(JournalPhase.FIRST_CREATION, ++step[0]));
        listener.onStep(JournalPhase.FIRST_CREATION, CREATION_DIRECTORY_MADE);
        return true;
    }

    /**
     * Make the parts of a data directory that are missing; {@code FORMAT} last. All of it is on the device when this
     * returns, so whatever a power loss leaves, there is a {@code FORMAT} or nothing of worth.
     */
    private static void create(final DataDirectory directory, final DeviceForce force, final Runnable afterStep)
        throws IOException
    {
        createParts(directory, force);
        afterStep.run();
        final Path temporary = directory.root().resolve(TEMPORARY);
        Files.writeString(temporary, PREFIX + DataDirectory.FORMAT_VERSION + "\n", StandardCharsets.UTF_8);
        force.file(temporary);
        afterStep.run();
        Files.move(
            temporary, directory.formatFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force.directory(directory.root());
    }

    /** Make the directories in a data directory that are missing; one may be a link to elsewhere. */
    private static void createParts(final DataDirectory directory, final DeviceForce force) throws IOException
    {
        force.createDirectories(directory.journal());
        force.createDirectories(directory.control());
        force.createDirectories(directory.positions());
        force.createDirectories(directory.archive());
        force.createDirectories(directory.telemetry());
    }

    static DataDirectoryException notAccessible(final Path path, final IOException cause)
    {
        return new DataDirectoryException(
            DirectoryState.NOT_ACCESSIBLE,
            path + " can't be created, read or written (" + cause.getClass().getSimpleName() + ": " +
            cause.getMessage() +
            "); check path, owner, permissions and free space",
            cause);
    }

    private static void checkVersion(final DataDirectory directory) throws IOException
    {
        final Path file = directory.formatFile();
        final String text = Files.size(file) > MAX_LENGTH ? "" :
            new String(Files.readAllBytes(file), StandardCharsets.UTF_8).trim();
        final String version = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : "";
        if (!version.matches("[1-9][0-9]{0,8}"))
        {
            throw new DataDirectoryException(
                DirectoryState.NOT_OURS, file + " is not the FORMAT file of a data directory; name another directory");
        }
        if (Integer.parseInt(version) > DataDirectory.FORMAT_VERSION)
        {
            throw new DataDirectoryException(
                DirectoryState.NEWER,
                directory.root() + " has format " + version + ", this version knows " + DataDirectory.FORMAT_VERSION +
                "; use the version that wrote it, or a newer one");
        }
    }

    private static boolean isHalfMade(final DataDirectory directory) throws IOException
    {
        final Set<Path> ours = Set.of(
            directory.lockFile(),
            directory.root().resolve(TEMPORARY),
            directory.journal(),
            directory.control(),
            directory.positions(),
            directory.archive(),
            directory.telemetry());
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.root()))
        {
            for (final Path entry : entries)
            {
                if (!ours.contains(entry) || Files.isDirectory(entry) && !isEmpty(entry))
                {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isEmpty(final Path path) throws IOException
    {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path))
        {
            return !entries.iterator().hasNext();
        }
    }
}
