package io.sluice.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import net.openhft.posix.PosixAPI;
import net.openhft.posix.internal.noop.NoOpPosixAPI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the answers of the system mean. */
class BlockReserveTest
{
    private static final int EINTR = 4;
    private static final int ENOSPC = 28;
    private static final int EOPNOTSUPP = 95;
    private static final int EDQUOT = 122;
    private static final long PIECE = ReservedFile.FOLIO_LENGTH;

    @TempDir
    private Path directory;

    private final AtomicInteger calls = new AtomicInteger();
    private long free = 1L << 40;

    @Test
    void shouldReserveWholePiecesAndNeverTheLastOfTheSpace() throws Exception
    {
        final BlockReserve blocks = blocks(PosixAPI.posix());
        final ReservedFile file = ReservedFile.create(blocks, file(), PIECE, PIECE, 10 * PIECE);
        assertEquals(PIECE, file.end());
        file.reserve(PIECE + 1, PIECE + 2);
        assertEquals(2 * PIECE, file.reservedEnd());
        assertEquals(PIECE + ReservedFile.PIECE_LENGTH, file.end(), "what lies behind is cleared first");
        file.reserve(2 * PIECE, 2 * PIECE);
        assertEquals(2 * PIECE, file.end());
        free = 3 * PIECE - 1 + 4096;
        file.reserve(2 * PIECE + 1, 9 * PIECE);
        assertEquals(4 * PIECE, file.end(), "as far as there is room");
        free = PIECE + 4095;
        assertThrows(NoRoomException.class, () -> file.reserve(4 * PIECE + 1, 4 * PIECE + 1));
        assertEquals(4 * PIECE, file.end());
        assertEquals(4 * PIECE, blocks.reservedBytes());
        assertEquals(0, Files.size(file()), "the length is the appender's to set");
        file.discard();
        assertFalse(Files.exists(file()));
        file.reserve(5 * PIECE, 5 * PIECE);
        assertEquals(4 * PIECE, blocks.reservedBytes(), "nothing more for a file that is done");
    }

    @Test
    void shouldLeaveNoFileWhenItsFirstBlocksCantBeReserved()
    {
        free = PIECE;
        assertThrows(
            NoRoomException.class, () -> ReservedFile.create(blocks(PosixAPI.posix()), file(), PIECE, PIECE, PIECE));
        assertFalse(Files.exists(file()));
        free = 1L << 40;
        final BlockReserve full = blocks(refusing("fallocate", ENOSPC));
        final NoRoomException ex =
            assertThrows(NoRoomException.class, () -> ReservedFile.create(full, file(), PIECE, PIECE, PIECE));
        assertTrue(ex.getMessage().contains("errno 28"), ex.getMessage());
        assertFalse(Files.exists(file()));
    }

    @ParameterizedTest
    @CsvSource({"open, 30", "open, 2", "open, 20", "fallocate, 30"})
    void shouldEndItWhenTheFileCanNeverBeWritten(final String call, final int error)
    {
        final EventStorageException ex = assertThrows(
            EventStorageException.class,
            () -> ReservedFile.create(blocks(refusing(call, error)), file(), PIECE, PIECE, PIECE));
        assertTrue(ex.getMessage().contains("errno " + error), ex.getMessage());
        assertFalse(Files.exists(file()));
    }

    @Test
    void shouldWaitWhenALimitOfTheUserOrTheProcessIsReached()
    {
        for (final int error : new int[]{EDQUOT, 24, 5})
        {
            final NoRoomException ex = assertThrows(
                NoRoomException.class,
                () -> ReservedFile.create(blocks(refusing("open", error)), file(), PIECE, PIECE, PIECE));
            assertTrue(ex.getMessage().contains("errno " + error), ex.getMessage());
        }
    }

    @Test
    void shouldWatchTheFreeSpaceWhereNothingCanBeReserved() throws Exception
    {
        for (final PosixAPI posix : new PosixAPI[]{refusing("fallocate", EOPNOTSUPP), new NoOpPosixAPI("none here")})
        {
            free = 1L << 40;
            final BlockReserve blocks = blocks(posix);
            final ReservedFile file = ReservedFile.create(blocks, file(), PIECE, PIECE, 10 * PIECE);
            assertFalse(blocks.canReserve());
            assertEquals(PIECE, file.end());
            assertEquals(0, blocks.reservedBytes());
            assertFalse(blocks.lastError().isEmpty());
            free = 0;
            assertThrows(NoRoomException.class, () -> file.reserve(2 * PIECE, 2 * PIECE));
            assertThrows(NoRoomException.class, () -> ReservedFile.create(blocks, file(), PIECE, PIECE, PIECE));
            file.retire(0);
            Files.deleteIfExists(file());
        }
    }

    @Test
    void shouldTryAgainWhenASystemCallWasInterrupted() throws Exception
    {
        final PosixAPI interrupted = answering("fallocate", () -> calls.incrementAndGet() < 4, EINTR);
        final ReservedFile file = ReservedFile.create(blocks(interrupted), file(), PIECE, PIECE, PIECE);
        assertEquals(PIECE, file.end());
        assertEquals(4, calls.get());
        file.abandon();
    }

    @Test
    void shouldKeepTheBlocksWhenTheyCantBeGivenBack() throws Exception
    {
        final PosixAPI posix = answering("fallocate", () -> calls.incrementAndGet() > 1, EOPNOTSUPP);
        final BlockReserve blocks = blocks(posix);
        final ReservedFile file = ReservedFile.create(blocks, file(), 4 * PIECE, 4 * PIECE, 4 * PIECE);
        file.retire(10);
        assertTrue(blocks.canReserve());
        assertTrue(blocks.lastError().contains("PUNCH_HOLE"), blocks.lastError());
        assertEquals(PIECE, file.end(), "no more pages are brought in");
    }

    @Test
    void shouldNoticeThatAnotherFileHasItsName() throws Exception
    {
        final ReservedFile file = ReservedFile.create(blocks(PosixAPI.posix()), file(), PIECE, PIECE, 4 * PIECE);
        file.checkThere();
        Files.move(file(), directory.resolve("away"));
        Files.createFile(file());
        assertThrows(EventStorageException.class, () -> file.reserve(2 * PIECE, 2 * PIECE));
        assertTrue(file.end() < 0);
        file.abandon();
    }

    @Test
    void shouldNotMindAnotherFileUnderTheNameWhenItWasLeft() throws Exception
    {
        final ReservedFile file = ReservedFile.create(blocks(PosixAPI.posix()), file(), PIECE, PIECE, 4 * PIECE);
        file.leave();
        Files.delete(file());
        Files.createFile(file());
        file.checkThere();
        file.reserve(2 * PIECE, 2 * PIECE);
        assertEquals(2 * PIECE, file.end());
        file.retire(PIECE);
    }

    private Path file()
    {
        return directory.resolve("file");
    }

    private BlockReserve blocks(final PosixAPI posix)
    {
        return new BlockReserve(posix, directory, () -> free, 4096);
    }

    private static PosixAPI refusing(final String call, final int error)
    {
        return answering(call, () -> true, error);
    }

    private static PosixAPI answering(final String call, final BooleanSupplier isRefused, final int error)
    {
        final PosixAPI real = PosixAPI.posix();
        final InvocationHandler handler = (proxy, method, arguments) ->
        {
            if (method.getName().equals(call) && isRefused.getAsBoolean())
            {
                return -1;
            }
            return "lastError".equals(method.getName()) ? error : method.invoke(real, arguments);
        };
        return (PosixAPI)Proxy.newProxyInstance(
            PosixAPI.class.getClassLoader(), new Class<?>[]{PosixAPI.class}, handler);
    }
}
