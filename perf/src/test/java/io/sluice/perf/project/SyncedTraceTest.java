package io.sluice.perf.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the kernel saw of a process that publishes with SYNCED: no acknowledgement before the force that covers it.
 * Needs strace, which the CI script installs.
 */
class SyncedTraceTest
{
    private static final Pattern EVENT = Pattern.compile(TracedPublishers.PAYLOAD + "(\\d+)\\.");

    @TempDir
    private Path directory;

    @BeforeAll
    static void findStrace() throws Exception
    {
        final Process probe = new ProcessBuilder("sh", "-c", "strace -qq -o /dev/null true").start();
        probe.getOutputStream().close();
        assumeTrue(probe.waitFor() == 0, "strace is not installed or not permitted here");
    }

    @ParameterizedTest
    @CsvSource({"0, 300", "1, 300", "8, 60"})
    void shouldAcknowledgeOnlyWhatWasForcedBeforeWhenThreadsPublish(final int threads, final int each) throws Exception
    {
        final int count = Math.max(1, threads) * each;
        final Path data = directory.toRealPath().resolve("data");
        final Path journal = data.resolve("journal");
        final Path lines = directory.resolve("trace");
        final List<String> command = new ArrayList<>(List.of(
            "strace", "-f", "-qq", "-ttt", "-y", "-s", "256", "-o", lines.toString(),
            "-e", "trace=write,openat,open,rename,fsync,fdatasync,mmap,munmap,msync"));
        command.addAll(ChildJvm.command(TracedPublishers.class.getName()));
        command.addAll(List.of(data.toString(), Integer.toString(threads), Integer.toString(each)));
        final Path error = directory.resolve("error");
        final Process child = new ProcessBuilder(command)
            .redirectOutput(directory.resolve("marks").toFile())
            .redirectError(error.toFile()).start();
        try
        {
            child.getOutputStream().close();
            assertTrue(child.waitFor(120, TimeUnit.SECONDS), "the publishers did not end");
        }
        finally
        {
            child.descendants().forEach(ProcessHandle::destroyForcibly);
            child.destroyForcibly();
        }
        assertEquals(0, child.exitValue(), Files.readString(error));

        final Map<Integer, ForceTrace.Place> places = places(journal);
        final ForceTrace trace = new ForceTrace(Files.readAllLines(lines, StandardCharsets.ISO_8859_1), journal);

        assertEquals(count, places.size());
        final long files = places.values().stream().map(ForceTrace.Place::file).distinct().count();
        assertTrue(files > 4, "rolls: " + files);
        assertEquals(count, trace.acknowledgements());
        assertEquals(List.of(), trace.violations(places));
        if (threads > 1)
        {
            assertTrue(trace.forcesOfFiles() < count, "one force for many: " + trace.forcesOfFiles());
        }
    }

    /** Where each event lies; by their bytes, so that nothing of the journal's own is trusted. */
    private static Map<Integer, ForceTrace.Place> places(final Path journal) throws Exception
    {
        final Map<Integer, ForceTrace.Place> places = new HashMap<>();
        try (Stream<Path> list = Files.list(journal))
        {
            for (final Path file : list.filter(path -> path.toString().endsWith(".cq4")).toList())
            {
                final Matcher event = EVENT.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
                while (event.find())
                {
                    places.put(
                        Integer.parseInt(event.group(1)), new ForceTrace.Place(file, event.start(), event.end()));
                }
            }
        }
        return places;
    }
}
