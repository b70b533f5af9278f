package io.sluice.journal;

import static io.sluice.journal.TestRecords.context;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyncSupportTest
{
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final String ROOT = "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw";

    private final TestRecords records = new TestRecords();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "rw,relatime|ext4|rw,barrier=0|barrier=0",
        "rw,relatime|ext4|rw,nobarrier|nobarrier",
        "rw|xfs|rw,attr2,nobarrier,inode64|nobarrier",
        "rw|tmpfs|rw,size=10k|memory",
        "rw|ramfs|rw|memory",
        "rw|overlay|rw,lowerdir=/a,upperdir=/b,workdir=/c,volatile|volatile"})
    void shouldNotBeHonouredWhenMountDropsForces(
        final String options, final String type, final String superOptions, final String reason)
    {
        final SyncSupport support = at(options, type, superOptions);
        assertFalse(support.isHonoured());
        assertEquals(type, support.fileSystem());
        assertTrue(support.problem().contains(reason), support.problem());
        assertTrue(support.report().contains(directory.toString()), support.report());
        final DataDirectoryException ex = assertThrows(DataDirectoryException.class, support::require);
        assertEquals(DirectoryState.NOT_DURABLE, ex.state());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "rw,relatime|ext4|rw,data=ordered", "rw|xfs|rw,attr2", "rw|overlay|rw,lowerdir=/volatile",
        "rw|ext4|rw,barrier=1"})
    void shouldBeHonouredWhenMountKeepsForces(final String options, final String type, final String superOptions)
    {
        final SyncSupport support = at(options, type, superOptions);
        assertTrue(support.isHonoured(), support.problem());
        assertTrue(support.canForceNames());
        support.require();
    }

    @Test
    void shouldTakeNearestAndLastMountWhenSeveralMatch() throws IOException
    {
        final String here = directory.toRealPath().toString();
        assertEquals("ext4", SyncSupport.of(directory, List.of(ROOT)).fileSystem());
        assertEquals("xfs", SyncSupport.of(directory, List.of(
            ROOT,
            "30 22 8:2 / " + here + " rw - tmpfs tmpfs rw",
            "31 30 8:3 / " + here + " rw - xfs /dev/sdb1 rw",
            "32 22 8:4 / " + here + "x rw - ramfs none rw",
            "33 22 8:4 / " + here.substring(0, here.length() - 1) + " rw - ramfs none rw",
            "a line of another kind")).fileSystem());
        final Path odd = Files.createDirectory(directory.resolve("a b\u00e4"));
        final String escaped = here + "/a\\040b" +
            new String("\u00e4".getBytes(StandardCharsets.UTF_8),
                StandardCharsets.ISO_8859_1);
        assertEquals("tmpfs", SyncSupport.of(
            odd.resolve("not/yet/there"), List.of(ROOT, "34 22 8:4 / " + escaped + " rw - tmpfs t rw")).fileSystem());
    }

    @Test
    void shouldGoByForceWhenMountsAreNotKnown()
    {
        final SyncSupport support = SyncSupport.of(directory, List.of());
        assertTrue(support.isHonoured());
        assertEquals("unknown", support.fileSystem());
    }

    @Test
    void shouldLookAtThisMachineWhenAsked()
    {
        final SyncSupport support = SyncSupport.of(directory);
        assertFalse(support.mountPoint().isEmpty());
        assertTrue(directory.startsWith(support.mountPoint()));
    }

    @Test
    void shouldRefuseSyncedAndTakeJournaledWhenDirectoryIsInMemory() throws IOException
    {
        assumeTrue(Files.isWritable(MEMORY), "there is no file system in memory here");
        final Path inMemory = Files.createTempDirectory(MEMORY, "sluice-test");
        try
        {
            final Path root = inMemory.resolve("data");
            final DataDirectoryException refused = assertThrows(
                DataDirectoryException.class, () -> JournalAppender.open(context(root).syncAlways(true)));
            assertEquals(DirectoryState.NOT_DURABLE, refused.state());
            assertFalse(Files.exists(root));
            try (JournalAppender appender = JournalAppender.open(context(root)))
            {
                assertFalse(appender.syncSupport().isHonoured());
                records.appendNext(appender, 3, 100);
                final DataDirectoryException ex = assertThrows(
                    DataDirectoryException.class, () -> appender.requestSync(3));
                assertEquals(DirectoryState.NOT_DURABLE, ex.state());
                records.appendNext(appender, 3, 100);
            }
            assertEquals(TestRecords.range(1, 6), TestRecords.sequences(root));
        }
        finally
        {
            IoUtil.delete(inMemory.toFile(), false);
        }
    }

    private SyncSupport at(final String options, final String type, final String superOptions)
    {
        try
        {
            return SyncSupport.of(directory, List.of(
                ROOT,
                "40 22 0:50 / " + directory.toRealPath() + " " + options + " shared:1 - " + type + " source " +
                superOptions));
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException(ex);
        }
    }
}
