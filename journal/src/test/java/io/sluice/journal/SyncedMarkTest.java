package io.sluice.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncedMarkTest
{
    private static final long RUN_ID = 77;

    private final List<Path> forced = new ArrayList<>();
    private final DeviceForce force = new DeviceForce((path, isDirectory) -> forced.add(path));
    private DataDirectory directory;

    @TempDir
    Path root;

    @BeforeEach
    void makeDirectory() throws IOException
    {
        directory = new DataDirectory(root);
        Files.createDirectories(directory.control());
    }

    @Test
    void shouldReadLastSaveWhenReadFromFile() throws IOException
    {
        assertSame(SyncedMark.NONE, SyncedMark.read(directory));
        assertFalse(SyncedMark.NONE.isSet());
        try (SyncedFile file = SyncedFile.open(directory, force))
        {
            assertSame(SyncedMark.NONE, SyncedMark.read(directory));
            for (int i = 1; i <= 5; i++)
            {
                file.save(RUN_ID, i, 100 + i, 1000 + i, 10_000 + i);
                assertEquals(new SyncedMark(RUN_ID, i, 100 + i, 1000 + i, 10_000 + i), SyncedMark.read(directory));
            }
        }
        try (SyncedFile file = SyncedFile.open(directory, force))
        {
            assertEquals(5, SyncedMark.read(directory).sequence());
            file.save(RUN_ID + 1, 3, -1, 0, 7);
            assertEquals(new SyncedMark(RUN_ID + 1, 3, -1, 0, 7), SyncedMark.read(directory));
            assertTrue(SyncedMark.read(directory).isSet());
        }
    }

    @Test
    void shouldWriteInFullAndForceWhenMade() throws IOException
    {
        try (SyncedFile file = SyncedFile.open(directory, force))
        {
            assertEquals(List.of(directory.synced(), directory.control()), forced);
            assertEquals(SyncedMark.FILE_LENGTH, Files.size(directory.synced()));
            file.save(RUN_ID, 1, 1, 1, 1);
        }
        SyncedFile.open(directory, force).close();
        assertEquals(2, forced.size(), "it is there already");
        Files.write(directory.synced(), new byte[100]);
        try (SyncedFile file = SyncedFile.open(directory, force))
        {
            file.save(RUN_ID, 2, 1, 1, 1);
        }
        assertEquals(4, forced.size());
        assertEquals(2, SyncedMark.read(directory).sequence());
    }

    @Test
    void shouldHoldOldOrNewMarkWhenSaveIsCutShortAnywhere() throws IOException
    {
        final byte[] before = bytesAfter(2);
        final byte[] after = bytesAfter(3);
        int newer = 0;
        for (int cut = 0; cut <= TwinPlaces.LENGTH; cut++)
        {
            final byte[] mixed = before.clone();
            System.arraycopy(after, 0, mixed, 0, cut);
            Files.write(directory.synced(), mixed);
            final long sequence = SyncedMark.read(directory).sequence();
            assertTrue(sequence == 20 || sequence == 30, "cut at " + cut + ": " + sequence);
            newer += sequence == 30 ? 1 : 0;
        }
        assertTrue(newer > 0 && newer < TwinPlaces.LENGTH, "new mark seen " + newer + " times");
    }

    @Test
    void shouldFallBackOrFindNoneWhenAnyBitFlips() throws IOException
    {
        final byte[] sound = bytesAfter(3);
        for (int bit = 0; bit < TwinPlaces.LENGTH * 8; bit++)
        {
            final byte[] flipped = sound.clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Files.write(directory.synced(), flipped);
            final long sequence = SyncedMark.read(directory).sequence();
            assertTrue(sequence == 20 || sequence == 30, "bit " + bit + ": " + sequence);
        }
        final byte[] both = sound.clone();
        both[20] ^= 1;
        both[64 + 20] ^= 1;
        Files.write(directory.synced(), both);
        assertSame(SyncedMark.NONE, SyncedMark.read(directory));
    }

    @Test
    void shouldWaitForFileWhenReaderIsFirst() throws IOException
    {
        try (SyncedReader reader = new SyncedReader(directory))
        {
            assertEquals(0, reader.sequence());
            Files.createFile(directory.synced());
            assertEquals(0, reader.sequence());
            try (SyncedFile file = SyncedFile.open(directory, force))
            {
                file.save(RUN_ID, 9, 1, 1, 1);
                long sequence = reader.sequence();
                while (sequence == 0)
                {
                    Thread.onSpinWait();
                    sequence = reader.sequence();
                }
                assertEquals(9, sequence);
                file.save(RUN_ID, 10, 1, 1, 1);
                assertEquals(10, reader.sequence());
            }
        }
    }

    @Test
    void shouldSeeOnlySavedMarksWhenReadWhileSaving() throws IOException, InterruptedException
    {
        final AtomicBoolean isDone = new AtomicBoolean();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        try (SyncedFile file = SyncedFile.open(directory, force);
            SyncedReader reader = new SyncedReader(directory))
        {
            final Thread writer = new Thread(() ->
            {
                try
                {
                    for (long i = 1; i <= 300_000; i++)
                    {
                        file.save(RUN_ID, i * 0x1_0000_0001L, (int)i, i, i);
                    }
                }
                catch (final Throwable ex)
                {
                    failure.set(ex);
                }
                isDone.set(true);
            });
            writer.start();
            long last = 0;
            while (!isDone.get())
            {
                final long sequence = reader.sequence();
                assertEquals(0, sequence % 0x1_0000_0001L);
                assertTrue(sequence >= last, sequence + " after " + last);
                last = sequence;
            }
            writer.join();
            assertNull(failure.get());
            assertEquals(300_000L * 0x1_0000_0001L, reader.sequence());
        }
    }

    @Test
    void shouldAllocateNothingWhenSavingAndReading() throws IOException
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        try (SyncedFile file = SyncedFile.open(directory, force);
            SyncedReader reader = new SyncedReader(directory))
        {
            int free = 0;
            for (int round = 0; round < 20 && free < 3; round++)
            {
                final long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 1; i <= 20_000; i++)
                {
                    file.save(RUN_ID, i, i, i, i);
                    reader.sequence();
                }
                free = threads.getCurrentThreadAllocatedBytes() == before ? free + 1 : 0;
            }
            assertEquals(3, free);
        }
    }

    private byte[] bytesAfter(final int saves) throws IOException
    {
        Files.deleteIfExists(directory.synced());
        try (SyncedFile file = SyncedFile.open(directory, force))
        {
            for (int i = 1; i <= saves; i++)
            {
                file.save(i, 10L * i, i, i, i);
            }
        }
        return Files.readAllBytes(directory.synced());
    }
}
