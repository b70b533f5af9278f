package io.sluice.journal;

import static io.sluice.journal.TestRecords.context;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnforcedFileTest
{
    private final TestRecords records = new TestRecords();
    private boolean isFailing;
    private int forces;
    private final DeviceForce force = new DeviceForce((path, isDirectory) ->
    {
        if (isFailing)
        {
            throw new IllegalStateException("not confirmed");
        }
        forces++;
    });
    private Path path;
    private long end;

    @TempDir
    Path directory;

    @BeforeEach
    void writeFile() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory).rollSize(1 << 20)))
        {
            records.appendNext(appender, 500, 200);
        }
        final DataDirectory data = new DataDirectory(directory);
        path = CycleFiles.list(data.journal()).get(0);
        end = SyncedMark.read(data).position();
    }

    @Test
    void shouldForceOnlyWhatIsNewWhenAskedAgain() throws IOException
    {
        try (UnforcedFile file = UnforcedFile.made(path, 7, 1, 2, 3))
        {
            assertTrue(file.isNew());
            assertEquals(7, file.cycle());
            assertTrue(file.force(force, end));
            assertFalse(file.isNew());
            assertFalse(file.force(force, end));
            assertEquals(1, forces);
            assertTrue(file.force(force, end + 8));
        }
        assertEquals(2, forces);
    }

    @Test
    void shouldChangeNoByteWhenMadeDirtyAgain() throws IOException
    {
        final byte[] before = Files.readAllBytes(path);
        try (UnforcedFile file = failedOnce(0))
        {
            assertTrue(file.force(force, end));
        }
        assertEquals(1, forces);
        assertArrayEquals(before, Files.readAllBytes(path));
    }

    @Test
    void shouldStaySuspectUntilWrittenAnewWhenForceFailed() throws IOException
    {
        final byte[] before = Files.readAllBytes(path);
        final Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        try (UnforcedFile file = failedOnce(0))
        {
            assertTrue(file.isSuspect());
            file.force(force, end);
            assertTrue(file.isSuspect());
            assertTrue(file.force(force, end), "no force of it counts");
            file.rewrite(force, directory.resolve("temporary"));
            assertFalse(file.isSuspect());
        }
        assertEquals(3, forces);
        assertArrayEquals(before, Files.readAllBytes(path));
        assertNotEquals(key, Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        assertFalse(Files.exists(directory.resolve("temporary")));
        assertEquals(TestRecords.range(1, 500), TestRecords.sequences(directory));
    }

    @Test
    void shouldEndForGoodWhenKernelDroppedARecord() throws IOException
    {
        try (UnforcedFile file = failedOnce(0))
        {
            overwrite(end - 100, 1);
            final EventStorageException ex = assertThrows(EventStorageException.class, () -> file.force(force, end));
            assertTrue(ex.getMessage().contains("lost"), ex.getMessage());
        }
        assertEquals(0, forces);
    }

    @Test
    void shouldEndForGoodWhenKernelDroppedAPage() throws IOException
    {
        try (UnforcedFile file = failedOnce(0))
        {
            overwrite(end / 2 & -4096, 4096);
            assertThrows(EventStorageException.class, () -> file.force(force, end));
        }
        writeFileAgain();
        try (UnforcedFile file = failedOnce(0))
        {
            final long excerpt = lastExcerpt();
            overwrite(excerpt, (int)(end - excerpt));
            final EventStorageException ex = assertThrows(EventStorageException.class, () -> file.force(force, end));
            assertTrue(ex.getMessage().contains("offset " + excerpt), ex.getMessage());
        }
    }

    @Test
    void shouldEndForGoodWhenASuspectFileLosesAPageBeforeItIsWrittenAnew() throws IOException
    {
        try (UnforcedFile file = failedOnce(0))
        {
            assertTrue(file.force(force, end));
            overwrite(end / 2 & -4096, 4096);
            assertThrows(
                EventStorageException.class, () -> file.rewrite(force, directory.resolve("temporary")));
        }
    }

    @Test
    void shouldReadOnlyWhatWasNotForcedWhenMadeDirtyAgain() throws IOException
    {
        try (UnforcedFile file = failedOnce(lastExcerpt()))
        {
            overwrite(end / 2 & -4096, 4096);
            assertTrue(file.force(force, end));
        }
    }

    private UnforcedFile failedOnce(final long forced)
    {
        final UnforcedFile file = UnforcedFile.reopened(path, 7, forced);
        isFailing = true;
        assertThrows(IllegalStateException.class, () -> file.force(force, end));
        isFailing = false;
        return file;
    }

    private void writeFileAgain() throws IOException
    {
        directory = Files.createDirectory(directory.resolve("again"));
        writeFile();
    }

    private long lastExcerpt() throws IOException
    {
        try (ExcerptScanner scanner = ExcerptScanner.open(path))
        {
            long last = 0;
            while (scanner.nextPosition() < end)
            {
                scanner.next();
                last = scanner.position();
            }
            return last;
        }
    }

    private void overwrite(final long position, final int length) throws IOException
    {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE))
        {
            channel.write(ByteBuffer.allocate(length), position);
        }
    }
}
