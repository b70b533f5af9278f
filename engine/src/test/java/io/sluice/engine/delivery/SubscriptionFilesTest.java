package io.sluice.engine.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import io.sluice.event.Priority;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of durable subscriptions: what is stored is found again, what is damaged sets back and never forward. */
class SubscriptionFilesTest
{
    private static final Map<Long, Long> RUN_ENDS = Map.of(1L, 1_000L, 2L, 2_000L);

    @TempDir
    private Path directory;

    @Test
    void shouldFindPositionsAgainWhenTheFileIsOpenedAnew()
    {
        try (SubscriptionPositions positions = open(1, 0))
        {
            final DeliveryPosition position = positions.add(7, 10);
            assertFalse(position.isLive());
            assertEquals(10, position.lowest());
            position.advance(Priority.HIGH.code(), 50);
            position.advance(Priority.HIGH.code(), 40);
            position.cursor(30);
            position.cursor(20);
            position.live(true);
            position.reached(70);
            position.reached(60);
            positions.add(8, 0).cursor(99);
            positions.force();
        }
        try (SubscriptionPositions positions = open(2, 1_000))
        {
            final DeliveryPosition position = positions.find(7);
            assertTrue(position.isLive());
            assertEquals(50, position.of(Priority.HIGH.code()));
            assertEquals(30, position.of(Priority.LOW.code()));
            assertEquals(30, position.cursor());
            assertEquals(30, position.lowest());
            assertEquals(70, position.reached());
            assertTrue(position.isDue(Priority.LOW.code(), 31));
            assertFalse(position.isDue(Priority.HIGH.code(), 50));
            assertEquals(99, positions.find(8).cursor());
            assertNull(positions.find(9));
            position.restart(5);
            assertEquals(0, position.reached());
            assertEquals(5, position.of(Priority.HIGH.code()));
            positions.remove(8);
            assertNull(positions.find(8));
        }
        try (SubscriptionPositions positions = open(3, 2_000))
        {
            assertEquals(5, positions.find(7).of(Priority.HIGH.code()));
            assertNull(positions.find(8));
            assertEquals(0, positions.add(9, 0).lowest());
        }
    }

    @Test
    void shouldNotLieBeyondTheEndWhenTheJournalWasCut()
    {
        try (SubscriptionPositions positions = open(1, 0))
        {
            positions.add(7, 0).cursor(900);
            positions.add(8, 0).cursor(90);
        }
        try (SubscriptionPositions positions = open(2, 500))
        {
            assertEquals(500, positions.find(7).cursor(), "the end of the journal");
            positions.find(7).cursor(600);
        }
        try (SubscriptionPositions positions =
            SubscriptionPositions.open(directory.resolve("p"), 3, 2_000, Map.of(2L, 550L)))
        {
            assertEquals(550, positions.find(7).cursor(), "the end of what the run left");
        }
        try (SubscriptionPositions positions = SubscriptionPositions.open(directory.resolve("p"), 4, 2_000, Map.of()))
        {
            assertEquals(0, positions.find(8).cursor(), "nobody knows the run");
        }
    }

    @Test
    void shouldSetBackAndNeverForwardWhenBytesAreDamaged() throws IOException
    {
        for (int offset = DeliveryPosition.LENGTH + 64; offset < 2 * DeliveryPosition.LENGTH; offset += Long.BYTES)
        {
            final Path file = directory.resolve("damaged");
            Files.deleteIfExists(file);
            try (SubscriptionPositions positions = SubscriptionPositions.open(file, 1, 0, RUN_ENDS))
            {
                final DeliveryPosition position = positions.add(7, 100);
                position.advance(0, 300);
                position.cursor(200);
            }
            flip(file, offset);
            try (SubscriptionPositions positions = SubscriptionPositions.open(file, 2, 1_000, RUN_ENDS))
            {
                final DeliveryPosition position = positions.find(7);
                final int at = offset;
                assertTrue(position.of(0) <= 300 && position.cursor() <= 200, () -> "damage at " + at);
            }
        }
    }

    @Test
    void shouldTellTheLeastPositionOfThoseThatAreNotLive()
    {
        final Path file = directory.resolve("p");
        assertEquals(Long.MAX_VALUE, SubscriptionPositions.lowest(file));
        try (SubscriptionPositions positions = open(1, 0))
        {
            assertEquals(Long.MAX_VALUE, SubscriptionPositions.lowest(file));
            positions.add(1, 40).live(true);
            assertEquals(Long.MAX_VALUE, SubscriptionPositions.lowest(file));
            positions.add(2, 60);
            positions.add(3, 50);
            assertEquals(50, SubscriptionPositions.lowest(file));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, (1 + SubscriptionPositions.CAPACITY) * DeliveryPosition.LENGTH})
    void shouldBeginAnewWhenAPowerLossLeftNothingOfTheFile(final int length) throws IOException
    {
        final Path file = directory.resolve("p");
        Files.write(file, new byte[length]);
        assertThrows(EventStorageException.class, () -> SubscriptionPositions.lowest(file));
        try (SubscriptionPositions positions = open(1, 1_000))
        {
            assertNull(positions.find(7));
            positions.add(7, 10);
        }
        assertEquals(10, SubscriptionPositions.lowest(file));
    }

    @Test
    void shouldGoOnWithWhatIsLeftWhenAPowerLossTookTheFirstPage() throws IOException
    {
        final Path file = directory.resolve("p");
        final int positionsInPage = 4096 / DeliveryPosition.LENGTH;
        try (SubscriptionPositions positions = open(1, 1_000))
        {
            for (int id = 1; id <= 2 * positionsInPage; id++)
            {
                positions.add(id, 10L * id);
            }
        }
        final byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 0, 4096, (byte)0);
        Files.write(file, bytes);
        // Who only looks can't know which positions are missing.
        assertThrows(EventStorageException.class, () -> SubscriptionPositions.lowest(file));
        try (SubscriptionPositions positions = open(2, 1_000))
        {
            assertNull(positions.find(1));
            assertEquals(20L * positionsInPage, positions.find(2L * positionsInPage).lowest());
        }
        assertEquals(20L * positionsInPage, SubscriptionPositions.look(file).get(2L * positionsInPage));
    }

    @Test
    void shouldRefuseAFileThatIsNotOfPositions() throws IOException
    {
        final Path file = directory.resolve("p");
        final byte[] strange = new byte[1 << 20];
        strange[3] = 1;
        Files.write(file, Arrays.copyOf(strange, 100));
        assertTrue(message(file).contains("100 bytes"));
        Files.write(file, strange);
        assertTrue(message(file).contains("no such header"));
        assertThrows(EventStorageException.class, () -> SubscriptionPositions.lowest(file));
        Files.delete(file);
        Files.createDirectory(file);
        assertTrue(message(file).contains(file.toString()));
    }

    @Test
    void shouldSaySoWhenThereIsNoRoomForMore()
    {
        try (SubscriptionPositions positions = open(1, 0))
        {
            for (int i = 1; i <= SubscriptionPositions.CAPACITY; i++)
            {
                assertNotNull(positions.add(i, 0));
            }
            assertThrows(EventStorageException.class, () -> positions.add(10_000, 0));
            positions.remove(3);
            assertNotNull(positions.add(10_000, 0));
        }
    }

    @Test
    void shouldFindSubscriptionsAgainAndNeverGiveAnIdTwice() throws IOException
    {
        final Path file = directory.resolve("control").resolve(SubscriptionRegistry.NAME);
        final SubscriptionRegistry registry = SubscriptionRegistry.read(file);
        assertEquals(List.of(), registry.list());
        final RegisteredSubscription first = subscription(registry.nextId(), "a \"quoted\"\nname");
        registry.put(first);
        registry.put(subscription(registry.nextId(), "second"));
        registry.put(first.paused(true));
        registry.remove("second");
        registry.remove("unknown");
        final SubscriptionRegistry again = SubscriptionRegistry.read(file);
        assertEquals(List.of(first.paused(true)), again.list());
        assertEquals(first.paused(true), again.find(first.name()));
        assertEquals(3, again.nextId());
        Files.writeString(file, "{\"nextId\":1,\"more\":[1],\"subscriptions\":[{\"id\":9,\"name\":\"x\"}]}");
        assertEquals(10, SubscriptionRegistry.read(file).nextId());
    }

    @Test
    void shouldSaySoWhenTheRegistryIsDamagedOrCannotBeWritten() throws IOException
    {
        final Path file = directory.resolve("r");
        for (final String bad : List.of(
            "", "[]", "{\"subscriptions\":[{}]}", "{\"subscriptions\":{}}", "{\"nextId\":1"))
        {
            Files.writeString(file, bad);
            final String message =
                assertThrows(EventStorageException.class, () -> SubscriptionRegistry.read(file)).getMessage();
            assertTrue(message.contains(file.toString()) && message.contains("move it away"), message);
        }
        final Path blocked = Files.createFile(directory.resolve("file")).resolve("r");
        final SubscriptionRegistry registry = SubscriptionRegistry.read(blocked);
        assertThrows(EventStorageException.class, () -> registry.put(subscription(1, "one")));
        assertEquals(List.of(), registry.list());
    }

    private static RegisteredSubscription subscription(final long id, final String name)
    {
        return new RegisteredSubscription(id, name, "who", "order.*", "a = 1", "low", "tailing", 7L, 5L, false);
    }

    private SubscriptionPositions open(final long runId, final long lastSequence)
    {
        return SubscriptionPositions.open(directory.resolve("p"), runId, lastSequence, RUN_ENDS);
    }

    private static String message(final Path file)
    {
        return assertThrows(
            EventStorageException.class, () -> SubscriptionPositions.open(file, 1, 0, RUN_ENDS)).getMessage();
    }

    private static void flip(final Path file, final int offset) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            final ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
            channel.read(word, offset);
            word.putLong(0, ~word.getLong(0));
            word.rewind();
            channel.write(word, offset);
        }
    }
}
