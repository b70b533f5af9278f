package io.sluice.tools.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.journal.SyncSupport;
import io.sluice.tools.CommandIo;
import io.sluice.tools.CommandResult;
import io.sluice.tools.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorActionTest
{
    @TempDir
    private Path root;

    @Test
    void shouldCheckThisMachineAndLeaveNothingBehind() throws IOException
    {
        final CommandResult result = CommandResult.run("doctor", "--dir", root.resolve("data").toString(), "--json");

        assertTrue(result.lastLine().matches("\\{\"ok\":(true|false),\"checks\":13,\"warned\":\\d+,\"failed\":\\d+}"));
        assertTrue(result.out().contains("{\"check\":\"jvm-flags\",\"status\":\"ok\","), result.out());
        assertTrue(result.out().contains("{\"check\":\"sync\","), result.out());
        try (var files = Files.list(root))
        {
            assertEquals(0, files.count());
        }
    }

    @Test
    void shouldFailAndListFlagsWhenSomeAreMissing()
    {
        final List<String> missing = List.of("--add-opens=java.base/java.io=ALL-UNNAMED");
        final List<Finding> findings = new HostChecks(new HostFacts(root), missing, 4).run();

        final Finding flags = find(findings, "jvm-flags");
        assertEquals(Finding.Status.FAIL, flags.status());
        assertEquals("start java with --add-opens=java.base/java.io=ALL-UNNAMED", flags.remedy());
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final CommandIo io = CommandIo.plain(
            InputStream.nullInputStream(), new PrintStream(out, true, StandardCharsets.UTF_8), System.err);
        assertEquals(
            ExitCode.FAILED_CHECK, new DoctorAction(root, false, new HostFacts(root)).report(io, List.of(flags)));
        assertEquals(
            """
            fail  jvm-flags     1 missing
                                → start java with --add-opens=java.base/java.io=ALL-UNNAMED
            1 checks, 0 warned, 1 failed
            """,
            out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldMissNoFlagInATestJvm()
    {
        assertEquals(List.of(), JvmFlags.missing());
    }

    @Test
    void shouldReadWhatTheKernelSays() throws IOException
    {
        write("proc/sys/kernel/osrelease", "5.13.19-generic\n");
        write("proc/sys/vm/max_map_count", "1024\n");
        write("proc/self/limits", "Limit  Soft  Hard  Units\nMax open files            1024      524288   files\n");
        write("sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n");
        write("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");

        final List<Finding> findings = new HostChecks(new HostFacts(root), List.of(), 1).run();

        assertWarned(findings, "kernel", "5.14");
        assertWarned(findings, "memory-maps", "vm.max_map_count=262144");
        assertWarned(findings, "open-files", "ulimit -n 65536");
        assertWarned(findings, "clock-source", "tsc");
        assertWarned(findings, "cores", "milliseconds");
        assertEquals("madvise", find(findings, "huge-pages").value());
    }

    @Test
    void shouldCompareKernelVersionsAsNumbers() throws IOException
    {
        write("proc/sys/kernel/osrelease", "6.2-rc1");
        final HostFacts facts = new HostFacts(root);

        assertTrue(facts.isKernelAtLeast(5, 14));
        assertTrue(facts.isKernelAtLeast(6, 2));
        assertFalse(facts.isKernelAtLeast(6, 10));
        assertFalse(new HostFacts(root.resolve("none")).isKernelAtLeast(1, 0));
    }

    @Test
    void shouldJudgePlacesOfData()
    {
        assertEquals(Finding.Status.OK, StorageChecks.fileSystem("ext4", root).status());
        assertEquals(Finding.Status.FAIL, StorageChecks.fileSystem("nfs4", root).status());
        assertEquals(Finding.Status.WARN, StorageChecks.fileSystem("tmpfs", root).status());
        assertEquals(Finding.Status.WARN, StorageChecks.fileSystem("overlay", root).status());
        assertEquals(Finding.Status.FAIL, StorageChecks.freeSpace(100_000_000L).status());
        assertEquals(Finding.Status.WARN, StorageChecks.freeSpace(2_000_000_000L).status());
        assertEquals(Finding.Status.OK, StorageChecks.freeSpace(20_000_000_000L).status());
        assertEquals(Finding.Status.WARN, StorageChecks.sync(2_000L).status());
        assertEquals(Finding.Status.OK, StorageChecks.sync(500_000L).status());
        assertEquals(Finding.Status.WARN, StorageChecks.sync(80_000_000L).status());
    }

    @Test
    void shouldSayThatSyncedIsRefusedWhenTheDataWouldLieInMemory() throws IOException
    {
        final Path memory = Path.of("/dev/shm");
        assumeTrue(
            Files.isWritable(memory) && !SyncSupport.of(memory).isHonoured(), "no file system in memory here");

        final Finding sync = find(new StorageChecks(new HostFacts(root)).run(memory.resolve("data")), "sync");

        assertEquals(Finding.Status.WARN, sync.status());
        assertEquals("--durability synced is refused here", sync.value());
        assertTrue(sync.remedy().contains("tmpfs"), sync.remedy());
    }

    private void write(final String file, final String text) throws IOException
    {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), text);
    }

    private static void assertWarned(final List<Finding> findings, final String check, final String remedy)
    {
        final Finding finding = find(findings, check);
        assertEquals(Finding.Status.WARN, finding.status(), finding.toString());
        assertTrue(finding.remedy().contains(remedy), finding.toString());
    }

    private static Finding find(final List<Finding> findings, final String check)
    {
        return findings.stream().filter(finding -> finding.check().equals(check)).findFirst().orElseThrow();
    }
}
