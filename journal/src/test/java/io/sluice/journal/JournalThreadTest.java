package io.sluice.journal;

import static io.sluice.journal.TestRecords.context;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalThreadTest
{
    private final TestRecords records = new TestRecords();

    @TempDir
    Path directory;

    @Test
    void shouldLeakNoThreadMappingOrFileWhenClosed() throws IOException
    {
        for (int run = 0; run < 3; run++)
        {
            try (JournalAppender appender = JournalAppender.open(context(directory).prepareAhead(1 << 20)))
            {
                records.appendNext(appender, 600, 150);
                try (JournalTailer tailer = TestRecords.tailer(directory))
                {
                    TestRecords.sequences(tailer);
                    tailer.seek(StartPosition.sequence(5));
                }
                assertTrue(mappings().size() > 0);
                assertTrue(openFiles() > 0);
            }
            JournalVerifier.verify(directory);
        }
        BackgroundResourceReleaser.releasePendingResources();
        assertEquals(List.of(), mappings());
        assertEquals(0, openFiles());
        assertEquals(Set.of(), threads());
    }

    @Test
    void shouldGoOnInAnotherThreadWhenHandedOver() throws InterruptedException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            records.appendNext(appender, 10, 100);
            final Throwable[] failure = new Throwable[1];
            final Thread thread = new Thread(() ->
            {
                try
                {
                    records.appendNext(appender, 600, 150);
                }
                catch (final Throwable ex)
                {
                    failure[0] = ex;
                }
            });
            thread.start();
            thread.join();
            assertEquals(null, failure[0]);
            records.appendNext(appender, 10, 100);
        }
        assertEquals(TestRecords.range(1, 620), TestRecords.sequences(directory));
    }

    private List<String> mappings() throws IOException
    {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps")))
        {
            return lines.filter((line) -> line.contains(directory.toString())).collect(Collectors.toList());
        }
    }

    private long openFiles() throws IOException
    {
        long count = 0;
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd")))
        {
            for (final Path descriptor : (Iterable<Path>)descriptors::iterator)
            {
                if (Files.isSymbolicLink(descriptor) &&
                    Files.readSymbolicLink(descriptor).toString().startsWith(directory.toString()))
                {
                    count++;
                }
            }
        }
        return count;
    }

    private static Set<String> threads()
    {
        return Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter((name) -> name.startsWith("sluice") || name.contains("disk~space"))
            .collect(Collectors.toSet());
    }
}
