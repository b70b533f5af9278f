package io.sluice.journal;

import static io.sluice.journal.TestRecords.context;
import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import net.openhft.posix.PosixAPI;
import org.agrona.BufferUtil;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreparerTest
{
    private static final int LENGTH = 1 << 20;

    private final TestRecords records = new TestRecords();

    @TempDir
    Path directory;

    @Test
    void shouldChangeNoByteAndStayWithinBoundWhenItPrepares() throws IOException
    {
        final Path file = directory.resolve("file");
        final byte[] bytes = new byte[LENGTH];
        new Random(5).nextBytes(bytes);
        Files.write(file, bytes);
        final MappedByteBuffer mapped = map(file);
        final Preparer preparer = preparer(PosixAPI.posix(), blocks(PosixAPI.posix()), 200_000);
        preparer.position(10_000);
        preparer.target(reserved(blocks(PosixAPI.posix()), file, LENGTH), BufferUtil.address(mapped), LENGTH);
        runToIdle(preparer);
        final PreparerStatus status = preparer.status();
        assertEquals("", status.lastError());
        assertEquals(PreparerStatus.Mode.FULL, status.mode());
        assertTrue(status.isEnabled());
        assertTrue(status.preparedBytes() >= 200_000 && status.preparedBytes() <= 200_000 + 2 * 4096);
        assertEquals(200_000, status.aheadBytes());
        assertArrayEquals(bytes, Files.readAllBytes(file));
        preparer.position(500_000);
        runToIdle(preparer);
        assertEquals(1, preparer.status().overtaken());
        assertEquals(LENGTH, Files.size(file));
        preparer.close();
        IoUtil.unmap(mapped);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "lseek", "write"})
    void shouldOpenWhatIsAheadAsZerosInMemory(final String refused) throws IOException, NoRoomException
    {
        final int length = 4 << 20;
        final int ahead = 600_000;
        final Path path = directory.resolve("file");
        final PosixAPI posix = refusing(refused, 28);
        final BlockReserve blocks = blocks(posix);
        final ReservedFile file = ReservedFile.create(blocks, path, 1 << 16, 1 << 21, length);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            final MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, length);
            final Preparer preparer = preparer(posix, blocks, ahead);
            preparer.target(file, BufferUtil.address(mapped), length);
            runToIdle(preparer);
            assertTrue(file.end() >= ahead && file.end() < ahead + 2 * ReservedFile.PIECE_LENGTH, "" + file.end());
            assertEquals(refused.equals("none"), preparer.status().lastError().isEmpty());
            assertTrue(preparer.status().preparedBytes() >= ahead);
            preparer.position(3_000_000);
            runToIdle(preparer);
            preparer.position(length - 10);
            runToIdle(preparer);
            assertEquals(length, file.end());
            assertArrayEquals(new byte[length], Files.readAllBytes(path), "and the file gets no longer");
            preparer.close();
            IoUtil.unmap(mapped);
        }
        file.abandon();
    }

    /** The appender goes wherever the file says that it may, as fast as it can; the preparer is ahead, or behind. */
    @Test
    void shouldNeverClearWhatWasAppended() throws Exception
    {
        final int length = 1 << 26;
        final Path path = directory.resolve("file");
        final BlockReserve blocks = blocks(PosixAPI.posix());
        final ReservedFile file = ReservedFile.create(blocks, path, 1 << 16, 1 << 21, length);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            final MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, length);
            final SpareFile none = new SpareFile(blocks, Path.of("/nowhere"), 1 << 21, 1 << 21, 1 << 21, 1 << 21);
            final Preparer preparer = Preparer.start(PosixAPI.posix(), blocks, none, 1 << 20);
            preparer.target(file, BufferUtil.address(mapped), length);
            final Random random = new Random(11);
            int position = 0;
            while (position < length)
            {
                final int record = Math.min(length - position, 8 * (1 + random.nextInt(1 << 12)));
                // Now and then the preparer gets a start, or none at all.
                if (random.nextInt(4) == 0 && file.end() < position + record)
                {
                    Thread.yield();
                }
                file.reserve(position + record, Math.min(length, position + record + random.nextInt(1 << 18)));
                for (int at = position; at < position + record; at += Long.BYTES)
                {
                    mapped.putLong(at, ~at);
                }
                position += record;
                preparer.position(position);
            }
            preparer.close();
            for (int at = 0; at < length; at += Long.BYTES)
            {
                assertEquals(~at, mapped.getLong(at));
            }
            assertTrue(preparer.status().preparedBytes() > 0);
            IoUtil.unmap(mapped);
        }
        file.abandon();
    }

    @Test
    void shouldStopAtTheEndOfTheMappingWhenItWasCut() throws IOException
    {
        final Path file = directory.resolve("file");
        Files.write(file, new byte[LENGTH]);
        final MappedByteBuffer mapped = map(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.truncate(LENGTH / 2);
        }
        final Preparer preparer = preparer(PosixAPI.posix(), blocks(PosixAPI.posix()), LENGTH);
        preparer.target(reserved(blocks(PosixAPI.posix()), file, LENGTH), BufferUtil.address(mapped), LENGTH);
        runToIdle(preparer);
        assertTrue(preparer.status().lastError().contains("MADV_POPULATE_WRITE"), preparer.status().lastError());
        assertEquals(LENGTH / 2, Files.size(file));
        preparer.close();
        IoUtil.unmap(mapped);
    }

    @Test
    void shouldSayWhatIsMissingWhenSystemCallsAreRefused() throws IOException
    {
        final Path file = directory.resolve("file");
        Files.write(file, new byte[LENGTH]);
        final MappedByteBuffer mapped = map(file);
        assertEquals(PreparerStatus.Mode.PAGES_ONLY, modeWhenRefused(file, mapped, "fallocate", 95));
        assertEquals(PreparerStatus.Mode.BLOCKS_ONLY, modeWhenRefused(file, mapped, "madvise", 22));
        assertEquals(PreparerStatus.Mode.UNAVAILABLE, modeWhenRefused(file, mapped, "fallocate madvise", 38));
        assertEquals(PreparerStatus.Mode.FULL, modeWhenRefused(file, mapped, "fallocate", 28));
        IoUtil.unmap(mapped);
    }

    @Test
    void shouldFollowRollsAndStopWhenAppenderCloses() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(
            context(directory).prepareAhead(1 << 20).rollSize(1 << 20)))
        {
            records.appendNext(appender, 3000, 1000);
            assertTrue(appender.rolls() >= 2);
            while (appender.preparer().preparedBytes() == 0)
            {
                Thread.onSpinWait();
            }
            assertEquals(PreparerStatus.Mode.FULL, appender.preparer().mode());
            assertTrue(hasThread());
        }
        assertFalse(hasThread());
        assertEquals(range(1, 3000), sequences(directory));
        assertEquals(
            PreparerStatus.Mode.OFF,
            modeOf(context(directory)));
        assertTrue(JournalVerifier.verify(directory).isSound());
    }

    private static PreparerStatus.Mode modeOf(final JournalContext context)
    {
        try (JournalAppender appender = JournalAppender.open(context))
        {
            assertFalse(appender.preparer().isEnabled());
            return appender.preparer().mode();
        }
    }

    private static PreparerStatus.Mode modeWhenRefused(
        final Path file, final MappedByteBuffer mapped, final String calls, final int error)
    {
        final PosixAPI posix = refusing(calls, error);
        final BlockReserve blocks = blocks(posix);
        final Preparer preparer = preparer(posix, blocks, 100_000);
        preparer.target(reserved(blocks, file, 0), BufferUtil.address(mapped), LENGTH);
        for (int i = 0; i < 100; i++)
        {
            preparer.step();
        }
        final PreparerStatus status = preparer.status();
        assertTrue(status.lastError().contains("errno " + error), status.lastError());
        preparer.close();
        return status.mode();
    }

    private static PosixAPI refusing(final String calls, final int error)
    {
        final PosixAPI real = PosixAPI.posix();
        final InvocationHandler refusing = (proxy, method, arguments) ->
        {
            if (Arrays.asList(calls.split(" ")).contains(method.getName()))
            {
                return method.getReturnType() == long.class ? (Object)Long.valueOf(-1L) : Integer.valueOf(-1);
            }
            return "lastError".equals(method.getName()) ? error : method.invoke(real, arguments);
        };
        return (PosixAPI)Proxy.newProxyInstance(
            PosixAPI.class.getClassLoader(), new Class<?>[]{PosixAPI.class}, refusing);
    }

    private static Preparer preparer(final PosixAPI posix, final BlockReserve blocks, final long ahead)
    {
        final SpareFile spare = new SpareFile(blocks, Path.of("/nowhere"), 1 << 21, 1 << 21, 1 << 21, 1 << 21);
        return new Preparer(posix, blocks, spare, ahead);
    }

    private static BlockReserve blocks(final PosixAPI posix)
    {
        return new BlockReserve(posix, Path.of("/somewhere"), () -> Long.MAX_VALUE, 0);
    }

    private static ReservedFile reserved(final BlockReserve blocks, final Path file, final long used)
    {
        try
        {
            return ReservedFile.open(blocks, file, used, LENGTH);
        }
        catch (final NoRoomException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    private static void runToIdle(final Preparer preparer)
    {
        for (int i = 0; i < 1000; i++)
        {
            preparer.step();
        }
    }

    private static MappedByteBuffer map(final Path file) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
        }
    }

    private static boolean hasThread()
    {
        return Thread.getAllStackTraces().keySet().stream()
            .anyMatch((thread) -> Preparer.THREAD_NAME.equals(thread.getName()));
    }
}
