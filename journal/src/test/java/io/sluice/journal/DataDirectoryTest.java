package io.sluice.journal;

import static io.sluice.journal.TestRecords.context;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirectoryTest
{
    @TempDir
    Path directory;

    @Test
    void shouldRefuseUntouchedWhenFormatIsNewer() throws IOException
    {
        Files.writeString(directory.resolve("FORMAT"), "sluice-data 2\n");
        refuse(DirectoryState.NEWER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "sluice-data", "sluice-data x", "sluice-data 0", "sluice-data 99999999999"})
    void shouldRefuseUntouchedWhenFormatIsForeign(final String text) throws IOException
    {
        Files.writeString(directory.resolve("FORMAT"), text);
        refuse(DirectoryState.NOT_OURS);
    }

    @Test
    void shouldRefuseUntouchedWhenDirectoryHoldsOtherFiles() throws IOException
    {
        Files.writeString(directory.resolve("letter.txt"), "dear");
        refuse(DirectoryState.NOT_OURS);
    }

    @Test
    void shouldRefuseUntouchedWhenPartOfNameHoldsOtherFiles() throws IOException
    {
        Files.createDirectories(directory.resolve("journal"));
        Files.writeString(directory.resolve("journal/letter.txt"), "dear");
        refuse(DirectoryState.NOT_OURS);
    }

    @Test
    void shouldRefuseWhenPathIsFileOrBelowFile() throws IOException
    {
        final Path file = Files.writeString(directory.resolve("file"), "x");
        assertEquals(
            DirectoryState.NOT_ACCESSIBLE,
            assertThrows(DataDirectoryException.class, () -> JournalAppender.open(context(file))).state());
        assertEquals(
            DirectoryState.NOT_ACCESSIBLE,
            assertThrows(DataDirectoryException.class,
            () -> JournalAppender.open(context(file.resolve("below")))).state());
        assertEquals("x", Files.readString(file));
    }

    @Test
    void shouldFinishDirectoryWhenMakingItWasCutShort() throws IOException
    {
        Files.createDirectories(directory.resolve("journal"));
        Files.createDirectories(directory.resolve("control"));
        Files.writeString(directory.resolve("engine.lock"), "");
        Files.writeString(directory.resolve("FORMAT.new"), "slu");
        assertEquals(
            DirectoryState.NO_JOURNAL,
            assertThrows(DataDirectoryException.class, () -> TestRecords.tailer(directory)).state());
        JournalAppender.open(context(directory)).close();
        assertEquals("sluice-data 1\n", Files.readString(directory.resolve("FORMAT")));
        assertFalse(Files.exists(directory.resolve("FORMAT.new")));
    }

    @Test
    void shouldRefuseSecondAppenderWhenFirstIsOpenInThisProcess()
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            for (int i = 0; i < 2; i++)
            {
                final DataDirectoryException busy = assertThrows(
                    DataDirectoryException.class, () -> JournalAppender.open(context(directory)));
                assertEquals(DirectoryState.BUSY, busy.state());
                assertTrue(busy.getMessage().contains("pid " + ProcessHandle.current().pid()), busy.getMessage());
            }
            assertEquals(0, appender.lastSequence());
        }
        JournalAppender.open(context(directory)).close();
    }

    @Test
    void shouldReportNoJournalWhenReadingEmptyDirectory()
    {
        assertEquals(
            DirectoryState.NO_JOURNAL,
            assertThrows(DataDirectoryException.class, () -> JournalVerifier.verify(directory)).state());
        assertEquals(
            DirectoryState.NO_JOURNAL,
            assertThrows(DataDirectoryException.class,
            () -> JournalRepair.quarantine(directory.resolve("absent"))).state());
        assertFalse(Files.exists(directory.resolve("absent")));
    }

    private void refuse(final DirectoryState state) throws IOException
    {
        final List<String> before = list();
        final DataDirectoryException refusal = assertThrows(
            DataDirectoryException.class, () -> JournalAppender.open(context(directory)));
        assertEquals(state, refusal.state());
        assertTrue(refusal.getMessage().contains(directory.toString()), refusal.getMessage());
        assertEquals(
            state, assertThrows(DataDirectoryException.class, () -> TestRecords.tailer(directory)).state());
        assertEquals(before, list());
    }

    private List<String> list() throws IOException
    {
        try (Stream<Path> paths = Files.walk(directory))
        {
            return paths.sorted().map(Path::toString).collect(Collectors.toList());
        }
    }
}
