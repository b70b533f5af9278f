package io.sluice.journal;

import static io.sluice.journal.TestRecords.START_NS;
import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ArchiverTest
{
    private static final int COUNT = 900;

    private final List<ArchiveAction> actions = Collections.synchronizedList(new ArrayList<>());
    private ArchiveFixture journal;
    private volatile long nowNs = START_NS + COUNT;

    @TempDir
    Path directory;

    @BeforeEach
    void setUp()
    {
        journal = new ArchiveFixture(directory);
    }

    @Test
    void shouldArchiveByItselfWhenFilesAreOldEnough() throws IOException
    {
        final JournalContext context = context();
        try (JournalAppender appender = JournalAppender.open(context))
        {
            journal.append(appender, COUNT);
            journal.awaitForced(appender);
            await(() -> new ClosedFiles(journal.dataDirectory()).read().size() == appender.rolls());
            assertEquals(0, appender.archive().archived());
            nowNs += Duration.ofHours(1).toNanos();
            await(() -> journal.liveFiles().size() == 2);
            await(() -> appender.archive().files() == appender.rolls() - 1);
            assertEquals(appender.rolls() - 1, appender.archive().archived());
            assertTrue(appender.archive().bytes() > 0);
            assertEquals(0, appender.archive().failures());
            journal.append(appender, COUNT);
        }
        assertEquals(range(1, 2 * COUNT), sequences(directory));
        assertEquals(List.of(), JournalVerifier.verify(directory).findings());
        actions.forEach((action) -> assertSame(ArchiveAction.Kind.ARCHIVED, action.kind()));
        assertFalse(isThreadAlive());
    }

    @Test
    void shouldReportDamageOnceAndGoOnWithOtherFiles() throws IOException
    {
        journal.fill(COUNT);
        final Path damaged = journal.liveFiles().get(1);
        ArchiveFixture.flip(damaged, 40_000);
        nowNs += Duration.ofDays(1).toNanos();
        try (JournalAppender appender = JournalAppender.open(context()))
        {
            await(() -> appender.archive().files() > 0);
            final long files = appender.archive().files();
            for (int look = 0; look < 3; look++)
            {
                journal.append(appender, COUNT / 2);
                journal.awaitForced(appender);
                // The damaged one, the last closed one and the one that is appended to.
                await(() -> journal.liveFiles().size() == 3);
            }
            assertTrue(appender.archive().files() > files);
            assertEquals(1, appender.archive().failures());
            assertTrue(appender.archive().lastError().contains(damaged.getFileName().toString()));
            assertTrue(Files.exists(damaged));
        }
        assertEquals(1, actions.stream().filter((action) -> action.kind() == ArchiveAction.Kind.FAILED).count());
    }

    @Test
    void shouldRemoveWhatExpiresWhileAnotherFileIsCompressedInsteadOfCompressingIt() throws IOException
    {
        journal.fill(COUNT);
        final int files = journal.liveFiles().size();
        final JournalContext context = context();
        context.archive().listener(action ->
        {
            actions.add(action);
            nowNs = START_NS + COUNT + Duration.ofDays(100).toNanos();
        });
        nowNs += Duration.ofHours(1).toNanos();
        try (JournalAppender appender = JournalAppender.open(context))
        {
            await(() -> journal.liveFiles().size() == 2 && journal.archivedFiles().isEmpty());
            assertEquals(1, appender.archive().archived());
        }
        final List<ArchiveAction.Kind> kinds = actions.stream().map(ArchiveAction::kind).toList();
        assertSame(ArchiveAction.Kind.ARCHIVED, kinds.get(0));
        assertEquals(files - 2, kinds.stream().filter(kind -> kind == ArchiveAction.Kind.REMOVED).count());
        assertEquals(files - 1, kinds.size());
    }

    @Test
    void shouldNoteDigestsAndRetainWhenFilesAreNotCompressed() throws IOException
    {
        journal.fill(COUNT);
        final Path reader = directory.resolve("positions").resolve("reader");
        try (PositionFile position = PositionFile.open(reader))
        {
            position.save(1, 1);
        }
        final JournalContext context = context();
        context.archive().compress(false);
        nowNs += Duration.ofDays(100).toNanos();
        final int files = journal.liveFiles().size();
        try (JournalAppender appender = JournalAppender.open(context))
        {
            await(() -> appender.archive().held() == files - 2);
            try (PositionFile position = PositionFile.open(reader))
            {
                position.save(1, COUNT);
            }
            await(() -> journal.liveFiles().size() == 2 && appender.archive().held() == 0);
            assertEquals(0, appender.archive().archived());
        }
        assertEquals(0, journal.archivedFiles().size());
        final List<Long> left = new ArrayList<>();
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            left.addAll(sequences(tailer));
        }
        assertEquals(COUNT, left.get(left.size() - 1));
        assertEquals(COUNT - left.size(), JournalVerifier.verify(directory).expired());
        // Held once, however often it was looked at.
        assertEquals(files - 2, actions.stream().filter((action) -> action.kind() == ArchiveAction.Kind.HELD).count());
    }

    @Test
    void shouldWaitWhenAnotherProcessArchivesAndSurviveItsListener() throws IOException
    {
        journal.fill(COUNT);
        nowNs += Duration.ofDays(1).toNanos();
        Files.createDirectories(directory.resolve("archive"));
        final WriterLock lock = WriterLock.acquireArchive(journal.dataDirectory());
        final JournalContext context = context();
        context.archive().listener((action) ->
        {
            actions.add(action);
            throw new IllegalStateException("a listener that fails");
        });
        try (JournalAppender appender = JournalAppender.open(context))
        {
            journal.append(appender, 10);
            assertEquals(0, appender.archive().archived());
            lock.close();
            await(() -> appender.archive().files() > 0);
            assertEquals(0, appender.archive().failures());
        }
        assertFalse(actions.isEmpty());
    }

    @Test
    void shouldSayWhatIsWrongWhenTheArchiveCantBeWritten() throws IOException
    {
        journal.fill(COUNT);
        nowNs += Duration.ofDays(1).toNanos();
        Files.createDirectories(directory.resolve("archive").resolve("lock").resolve("a-directory-not-a-file"));
        try (JournalAppender appender = JournalAppender.open(context()))
        {
            await(() -> appender.archive().failures() > 1);
            assertFalse(appender.archive().lastError().isEmpty());
            journal.append(appender, 10);
        }
        assertEquals("archive", actions.get(0).file());
        assertEquals(range(1, COUNT + 10), sequences(directory));
    }

    private JournalContext context()
    {
        return TestRecords.context(directory)
            .clock(() -> nowNs)
            .archive(new ArchivePolicy().interval(Duration.ofMillis(1)).listener(actions::add));
    }

    private static boolean isThreadAlive()
    {
        return Thread.getAllStackTraces().keySet().stream().anyMatch(
            (thread) -> thread.getName().equals(ArchivePolicy.THREAD_NAME));
    }

    private static void await(final Condition condition) throws IOException
    {
        while (!condition.isMet())
        {
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    @FunctionalInterface
    private interface Condition
    {
        boolean isMet() throws IOException;
    }
}
