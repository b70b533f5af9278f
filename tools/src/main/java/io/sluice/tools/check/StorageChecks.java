package io.sluice.tools.check;

import io.sluice.journal.SyncSupport;
import io.sluice.tools.text.Quantity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Checks of the place where the data lie, or would lie. Writes one small file there, and deletes it. */
final class StorageChecks
{
    private static final Set<String> GOOD = Set.of("ext4", "ext3", "xfs", "btrfs", "zfs", "f2fs");
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "devtmpfs");
    private static final Set<String> REMOTE = Set.of(
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "virtiofs", "vboxsf", "fuse.sshfs");
    private static final long LEAST_FREE = 1_000_000_000L;
    private static final long GOOD_FREE = 5_000_000_000L;
    private static final int SYNC_ROUNDS = 5;
    private static final int SYNC_LENGTH = 4096;
    private static final long IMPLAUSIBLE_SYNC_NS = 20_000L;
    private static final long SLOW_SYNC_NS = 50_000_000L;
    private static final long LARGE_READ_AHEAD_KB = 4096;

    private final HostFacts facts;

    StorageChecks(final HostFacts facts)
    {
        this.facts = facts;
    }

    List<Finding> run(final Path directory)
    {
        final Path place = nearestExisting(directory.toAbsolutePath().normalize());
        final List<Finding> findings = new ArrayList<>();
        try
        {
            final FileStore store = Files.getFileStore(place);
            findings.add(fileSystem(store.type(), place));
            findings.add(freeSpace(store.getUsableSpace()));
        }
        catch (final IOException ex)
        {
            findings.add(Finding.fail("file-system", place + ": " + ex.getMessage(), "choose another --dir"));
        }
        findings.add(sync(place));
        findings.add(readAhead(place));
        return findings;
    }

    private static Path nearestExisting(final Path directory)
    {
        Path place = directory;
        while (!Files.exists(place) && place.getParent() != null)
        {
            place = place.getParent();
        }
        return place;
    }

    static Finding fileSystem(final String type, final Path place)
    {
        final String value = type + " at " + place;
        final String known = type.toLowerCase(Locale.ROOT);
        if (REMOTE.contains(known))
        {
            return Finding.fail("file-system", value,
                "a journal is memory-mapped and needs a local disk: choose another --dir");
        }
        if (IN_MEMORY.contains(known))
        {
            return Finding.warn("file-system", value,
                "what lies in memory is gone after a restart of the machine: choose a --dir on a disk");
        }
        return GOOD.contains(known) ? Finding.ok("file-system", value) :
            Finding.warn("file-system", value, "not tried by us; ext4 and xfs are");
    }

    static Finding freeSpace(final long bytes)
    {
        final String value = Quantity.bytes(bytes) + " free";
        if (bytes < LEAST_FREE)
        {
            return Finding.fail("free-space", value,
                "a full disk under a mapped file kills the process: free " + Quantity.bytes(LEAST_FREE) + " at least");
        }
        return bytes < GOOD_FREE ?
            Finding.warn("free-space", value, "a journal grows by the size of its events: watch it") :
            Finding.ok("free-space", value);
    }

    private static Finding sync(final Path place)
    {
        try
        {
            final Path file =
                Files.createTempFile(Files.isDirectory(place) ? place : place.getParent(), "sluice-doctor", ".tmp");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
            {
                final long[] times = new long[SYNC_ROUNDS];
                for (int i = 0; i < SYNC_ROUNDS; i++)
                {
                    channel.write(ByteBuffer.allocate(SYNC_LENGTH), (long)i * SYNC_LENGTH);
                    final long start = System.nanoTime();
                    channel.force(true);
                    times[i] = System.nanoTime() - start;
                }
                Arrays.sort(times);
                final SyncSupport support = SyncSupport.of(place);
                return support.isHonoured() ? sync(times[SYNC_ROUNDS / 2]) :
                    Finding.warn("sync", "--durability synced is refused here", support.report());
            }
            finally
            {
                Files.delete(file);
            }
        }
        catch (final IOException ex)
        {
            return Finding.fail("sync", "no file can be written at " + place + ": " + ex.getMessage(),
                "choose another --dir, or change its rights");
        }
    }

    static Finding sync(final long medianNs)
    {
        final String value = Quantity.duration(medianNs) + " to force 4 KB to the device";
        if (medianNs < IMPLAUSIBLE_SYNC_NS)
        {
            return Finding.warn("sync", value, "faster than any disk: a power failure may lose what was forced");
        }
        return medianNs > SLOW_SYNC_NS ?
            Finding.warn("sync", value, "slow: prefer --durability journaled, or a faster disk") :
            Finding.ok("sync", value);
    }

    private Finding readAhead(final Path place)
    {
        final long kb = facts.readAheadKb(place);
        if (kb == HostFacts.UNKNOWN)
        {
            return Finding.ok("read-ahead", "not known");
        }
        return kb >= LARGE_READ_AHEAD_KB ?
            Finding.ok("read-ahead", kb + " KB: large, so pages have to be prepared ahead (they are)") :
            Finding.ok("read-ahead", kb + " KB");
    }
}
