package io.sluice.journal;

import io.sluice.archive.ArchiveKeyException;
import io.sluice.archive.KeyProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the process that appends wants of the archive, in {@code control/policy}: how long events are kept, and whether
 * archive files are encrypted. So work from outside can't remove what the engine would keep, nor leave readable what
 * the engine would encrypt. After a repair of a damaged file it says that neither is known; then they are refused.
 */
final class StoredPolicy
{
    private static final String RETENTION = "retention ";
    private static final String ENCRYPTED = "encrypted";
    private static final String UNKNOWN = "unknown";

    private final Path path;
    private final List<String> lines;

    private StoredPolicy(final Path path, final List<String> lines)
    {
        this.path = path;
        this.lines = lines;
    }

    static StoredPolicy read(final DataDirectory directory) throws IOException
    {
        return new StoredPolicy(
            ControlFileKind.POLICY.in(directory), ControlFileKind.POLICY.readSound(directory));
    }

    /** @return how long events are kept; the standard where nobody has said anything yet. */
    RetentionPolicy retention()
    {
        requireKnown();
        for (final String line : lines)
        {
            if (line.startsWith(RETENTION))
            {
                return RetentionPolicy.parse(line.substring(RETENTION.length()));
            }
        }
        return RetentionPolicy.standard();
    }

    /** @return true if archive files are to be encrypted. */
    boolean isEncrypted()
    {
        return lines.contains(ENCRYPTED);
    }

    /** A part of it is lost: whoever acts without the engine must not guess, until that says again what it wants. */
    static void forget(final DataDirectory directory, final DeviceForce force) throws IOException
    {
        ControlFile.append(ControlFileKind.POLICY.in(directory), UNKNOWN, force);
    }

    /** Keep a policy, where it is another one than before. */
    void keep(final ArchivePolicy policy, final DeviceForce force) throws IOException
    {
        final String retention = RETENTION + policy.retention();
        final List<String> wanted =
            policy.keys().currentKeyId() == null ? List.of(retention) : List.of(retention, ENCRYPTED);
        if (!wanted.equals(lines))
        {
            Files.createDirectories(path.getParent());
            ControlFile.replace(path, wanted, force);
        }
    }

    /**
     * @param keys to archive with.
     * @throws ArchiveKeyException if there is no key where files are to be encrypted.
     */
    void check(final KeyProvider keys)
    {
        requireKnown();
        if (isEncrypted() && keys.currentKeyId() == null)
        {
            throw new ArchiveKeyException(
                "the archive of " + path.getParent().getParent() +
                " is encrypted and no key is given; name the key file");
        }
    }

    private void requireKnown()
    {
        if (lines.contains(UNKNOWN))
        {
            throw new DataDirectoryException(
                DirectoryState.DAMAGED,
                path + " was damaged and repaired, so nobody knows how long events are to be kept and whether " +
                "archives are to be encrypted; start the engine on the directory once, which says so again");
        }
    }
}
