package io.sluice.engine.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.Priority;
import io.sluice.journal.ForceListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a checkpoint keeps, whatever a power loss leaves of its file, and where positions go back to by it. */
class CheckpointTest
{
    private static final Map<Long, Long> RUN_ENDS = Map.of(1L, 1_000L, 2L, 1_000L);
    private static final long[] PIPELINE = {11, 12, 13, 14};

    @TempDir
    private Path directory;

    @Test
    void shouldFindTheNewestOneWhenTheFileIsOpenedAnew() throws IOException
    {
        final List<Path> forced = new ArrayList<>();
        final CheckpointFile file = CheckpointFile.open(file(), (path, isDirectory) -> forced.add(path));
        assertNull(file.last());
        for (long run = 1; run <= 5; run++)
        {
            final Checkpoint checkpoint = checkpoint(run);
            assertTrue(file.isNews(checkpoint));
            file.write(checkpoint);
            assertFalse(file.isNews(checkpoint(run)));
            final Checkpoint found = CheckpointFile.open(file(), ForceListener.NONE).last();
            assertEquals(run, found.runId());
            assertEquals("boot-7", found.boot());
            assertFalse(found.isEnd());
            assertEquals(14, found.pipeline(Priority.LOW.code()));
            assertEquals(run, found.find(3).sequence(Priority.COUNT));
            assertNull(found.find(4));
        }
        assertEquals(5, forced.stream().filter(file()::equals).count());
        assertTrue(forced.contains(directory), "its name");
        assertEquals(2L * CheckpointFile.SLOT_LENGTH, Files.size(file()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 16, 100, 150})
    void shouldFindTheOneBeforeWhenTheNewestIsTorn(final int torn) throws IOException
    {
        writeTwo();
        overwrite(CheckpointFile.SLOT_LENGTH + torn);
        final CheckpointFile file = CheckpointFile.open(file(), ForceListener.NONE);
        assertEquals(1, file.last().runId());
        file.write(checkpoint(9));
        assertEquals(9, CheckpointFile.open(file(), ForceListener.NONE).last().runId());
        assertEquals(2, Checkpoint.number(Files.readAllBytes(file())), "the sound one is not written over");
    }

    @Test
    void shouldFindNoneWhenBothAreTorn() throws IOException
    {
        writeTwo();
        overwrite(24);
        overwrite(CheckpointFile.SLOT_LENGTH + 24);
        assertNull(CheckpointFile.open(file(), ForceListener.NONE).last());
        Files.write(file(), new byte[100]);
        final CheckpointFile cut = CheckpointFile.open(file(), ForceListener.NONE);
        assertNull(cut.last());
        cut.write(checkpoint(1));
        assertEquals(1, CheckpointFile.open(file(), ForceListener.NONE).last().runId());
    }

    @Test
    void shouldSayTheLesserOfTheJournalsEndWhenItIsCut()
    {
        final Checkpoint cut = checkpoint(500).cut(12);
        assertEquals(11, cut.pipeline(0));
        assertEquals(12, cut.pipeline(3));
        assertEquals(12, cut.find(3).sequence(Priority.COUNT));
    }

    @Test
    void shouldGoBackToTheLesserOneEntryByEntryWhenAPositionIsNewerOrOlder()
    {
        final CheckpointEntry entry;
        try (SubscriptionPositions positions = open(1, null))
        {
            final DeliveryPosition position = positions.add(3, 10);
            position.advance(0, 40);
            position.cursor(30);
            entry = only(positions);
            // Only these are on the device beyond it.
            position.advance(0, 70);
            position.advance(1, 60);
        }
        try (SubscriptionPositions positions = open(2, checkpoint(entry)))
        {
            final DeliveryPosition position = positions.find(3);
            assertEquals(40, position.of(0));
            assertEquals(30, position.of(1));
            assertEquals(30, position.cursor());
            assertEquals(1_000, position.reached(), "all of it may have been handed out");
            position.advance(0, 35);
            assertEquals(40, position.of(0));
        }
        final CheckpointEntry beyond = new CheckpointEntry(3, 100, new long[] {90, 90, 90, 90, 90});
        try (SubscriptionPositions positions = open(2, checkpoint(beyond)))
        {
            assertEquals(40, positions.find(3).of(0), "never forward");
            assertEquals(30, positions.find(3).cursor());
        }
    }

    @Test
    void shouldGoToTheCheckpointWhenThePageIsLostOrTheRingsServedIt() throws IOException
    {
        final CheckpointEntry live;
        try (SubscriptionPositions positions = open(1, null))
        {
            positions.add(3, 5).live(true);
            live = only(positions);
            assertEquals(11, live.sequence(0));
            assertEquals(5, live.sequence(Priority.COUNT));
        }
        try (SubscriptionPositions positions = open(2, checkpoint(live)))
        {
            assertFalse(positions.find(3).isLive(), "the pipeline may be ahead of it");
            assertEquals(11, positions.find(3).of(0));
            assertEquals(14, positions.find(3).of(3));
        }
        Files.write(directory.resolve("subscriptions"), new byte[(int)Files.size(directory.resolve("subscriptions"))]);
        try (SubscriptionPositions positions = open(2, checkpoint(live)))
        {
            assertNull(positions.find(3));
            final DeliveryPosition position = positions.restore(3, 1_000, checkpoint(live));
            assertEquals(11, position.of(0));
            assertEquals(5, position.cursor());
            assertEquals(1_000, position.reached());
            assertEquals(0, positions.restore(4, 1_000, checkpoint(live)).lowest(), "rather everything than nothing");
        }
    }

    @Test
    void shouldGoBackToWhereItBeganWhenItBeganAnewSinceTheCheckpoint()
    {
        final CheckpointEntry before;
        try (SubscriptionPositions positions = open(1, null))
        {
            final DeliveryPosition position = positions.add(3, 0);
            position.cursor(100);
            before = only(positions);
            // Back, on, and forward again: of all that nothing is in the checkpoint.
            position.restart(20);
            position.cursor(50);
            position.restart(80);
            position.cursor(90);
            positions.add(5, 60).cursor(70);
        }
        try (SubscriptionPositions positions = open(2, checkpoint(before)))
        {
            assertEquals(0, positions.find(3).cursor(), "the least at which it ever began in the run");
            assertEquals(60, positions.find(5).cursor(), "one that the checkpoint does not know, where it began");
            positions.find(3).cursor(40);
        }
        try (SubscriptionPositions positions = open(2, checkpoint(before)))
        {
            assertEquals(0, positions.find(3).cursor(), "also a second time");
        }
    }

    private CheckpointEntry only(final SubscriptionPositions positions)
    {
        return positions.read(PIPELINE).get(0);
    }

    private SubscriptionPositions open(final long run, final Checkpoint checkpoint)
    {
        return SubscriptionPositions.open(directory.resolve("subscriptions"), run, 1_000, RUN_ENDS, checkpoint);
    }

    private void writeTwo()
    {
        final CheckpointFile file = CheckpointFile.open(file(), ForceListener.NONE);
        // The newest is in the second slot.
        file.write(checkpoint(7));
        file.write(checkpoint(1));
        file.write(checkpoint(2));
    }

    private void overwrite(final int offset) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            final ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            channel.write(one.put(0, (byte)(one.get(0) ^ 0x55)).flip(), offset);
        }
    }

    private Path file()
    {
        return directory.resolve(CheckpointFile.NAME);
    }

    private static Checkpoint checkpoint(final long run)
    {
        return new Checkpoint(
            run, "boot-7", false, PIPELINE,
            List.of(new CheckpointEntry(3, 1, new long[] {run, run, run, run, run})));
    }

    private static Checkpoint checkpoint(final CheckpointEntry entry)
    {
        return new Checkpoint(1, "boot-7", false, PIPELINE, List.of(entry));
    }
}
