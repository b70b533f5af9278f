package io.sluice.tail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStorageException;
import io.sluice.event.filter.EventFilter;
import io.sluice.journal.ControlledRecordHandler.Action;
import io.sluice.journal.DataDirectoryException;
import io.sluice.journal.JournalDamagedException;
import io.sluice.journal.PositionException;
import io.sluice.journal.PositionFile;
import io.sluice.journal.StartPosition;
import io.sluice.journal.VisibleAt;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailerGroupTest
{
    private final List<Throwable> errors = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private TailFixture journal;
    private long sum;
    private long nowNs = 1;

    @TempDir
    private Path directory;

    @BeforeEach
    void openJournal()
    {
        journal = new TailFixture(directory, 1);
    }

    @AfterEach
    void closeJournal()
    {
        journal.close();
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldReadEachRecordOnceWhenManyMembersFollow()
    {
        journal.append(10);
        final List<List<Long>> received = new ArrayList<>();
        final List<TailerMember> members = new ArrayList<>();
        try (TailerGroup group = launch())
        {
            for (int i = 0; i < 100; i++)
            {
                final List<Long> own = new ArrayList<>();
                received.add(own);
                members.add(group.join(TailerMemberSpec.of("m" + i, (event) -> own.add(event.sequence()))
                    .filter(EventFilter.of("payload.n % 100 = " + i))));
            }
            TailFixture.runUntilIdle(group);
            assertEquals(100, group.size());
            assertEquals(1, group.readings());
            assertEquals(0, group.recordsRead());
            journal.append(1000);
            TailFixture.runUntilIdle(group);
            assertEquals(1000, group.recordsRead());
            for (int i = 0; i < 100; i++)
            {
                final long number = i;
                assertEquals(
                    LongStream.rangeClosed(11, 1010).filter((n) -> n % 100 == number).boxed().toList(),
                    received.get(i));
                assertEquals(10, members.get(i).delivered());
                assertEquals(1011, members.get(i).nextSequence());
            }
        }
        assertTrue(members.stream().allMatch((member) -> member.state() == TailerMemberState.ENDED));
        assertTrue(members.stream().allMatch((member) -> member.failure() == null));
    }

    @Test
    void shouldGiveTheOthersTheirEventsWhenOneRefusesAndAnotherIsLate()
    {
        journal.append(5000);
        final boolean[] isWilling = new boolean[1];
        final List<Long> refused = new ArrayList<>();
        final List<Long> live = new ArrayList<>();
        final List<Long> late = new ArrayList<>();
        try (TailerGroup group = TailerGroup.launch(context().sliceLimit(50)))
        {
            final TailerMember refusing = group.join(TailerMemberSpec.controlled("refusing", (event) ->
            {
                if (!isWilling[0])
                {
                    return Action.ABORT;
                }
                refused.add(event.sequence());
                return Action.CONTINUE;
            }));
            group.join(TailFixture.collecting("live", live));
            TailFixture.runUntilIdle(group);
            group.join(TailFixture.collecting("late", late).from(StartPosition.start()));
            journal.append(1);
            group.invoke();
            group.invoke();
            // The late one is at its start still, and the refusing one refuses.
            assertEquals(List.of(5001L), live);
            assertTrue(late.size() <= 100, late.size() + " read for the late one");
            assertEquals(5001, refusing.nextSequence());
            assertEquals(3, group.readings());
            for (int i = 0; i < 30; i++)
            {
                journal.append(1);
                group.invoke();
                assertEquals(i + 2, live.size());
            }
            TailFixture.runUntilIdle(group);
            assertEquals(LongStream.rangeClosed(1, journal.last()).boxed().toList(), late);
            assertEquals(List.of(), refused);
            assertEquals(2, group.readings());
            isWilling[0] = true;
            TailFixture.runUntilIdle(group);
            assertEquals(live, refused);
            assertEquals(1, group.readings());
        }
    }

    @Test
    void shouldEndOnlyTheMemberWhoseHandlerThrows()
    {
        final List<Long> sound = new ArrayList<>();
        final Error thrown = new StackOverflowError();
        try (TailerGroup group = launch())
        {
            final TailerMember failing = group.join(TailerMemberSpec.of("failing", (event) ->
            {
                if (event.sequence() == 3)
                {
                    throw thrown;
                }
            }).listener(telling()));
            final TailerMember nothing =
                group.join(TailerMemberSpec.controlled("null", (event) -> null).listener(telling()));
            group.join(TailFixture.collecting("sound", sound));
            TailFixture.runUntilIdle(group);
            journal.append(5);
            TailFixture.runUntilIdle(group);
            assertEquals(List.of(1L, 2L, 3L, 4L, 5L), sound);
            assertSame(thrown, failing.failure());
            assertEquals(3, failing.nextSequence());
            assertEquals(2, failing.delivered());
            assertEquals(TailerMemberState.ENDED, failing.state());
            assertEquals(1, nothing.nextSequence());
            assertEquals("the handler returned null; return an action", nothing.failure().getMessage());
            assertEquals(
                List.of("failing from 1", "null from 1", "null ended at 1: NullPointerException",
                    "failing ended at 3: StackOverflowError"),
                told);
            // Names are free again.
            group.join(TailFixture.collecting("failing", sound));
            assertEquals("member failing, ENDED before 3", failing.toString());
        }
    }

    @Test
    void shouldGoOnFromThePositionWhenAMemberComesBack()
    {
        final Path file = directory.resolve("positions/reader");
        journal.append(10);
        final List<Long> received = new ArrayList<>();
        try (TailerGroup group = launch())
        {
            final TailerMember member = group.join(
                TailFixture.collecting("reader", received).positionFile(file).filter(EventFilter.of("payload.n < 15")));
            TailFixture.runUntilIdle(group);
            // The end, where it started, is kept at once.
            assertEquals(10, PositionFile.read(file));
            journal.append(3);
            TailFixture.runUntilIdle(group);
            assertEquals(13, PositionFile.read(file));
            journal.append(7);
            TailFixture.runUntilIdle(group);
            assertEquals(14, PositionFile.read(file), "behind the last one it got");
            nowNs += 200_000_000L;
            group.invoke();
            assertEquals(20, PositionFile.read(file), "and behind those it did not want, after a while");
            journal.append(1);
            TailFixture.runUntilIdle(group);
            member.leave();
            TailFixture.runUntilIdle(group);
            assertEquals(21, PositionFile.read(file));
            journal.append(4);
            group.join(TailFixture.collecting("again", received).positionFile(file).from(StartPosition.start()));
            TailFixture.runUntilIdle(group);
        }
        assertEquals(List.of(11L, 12L, 13L, 14L, 22L, 23L, 24L, 25L), received);
        assertEquals(25, PositionFile.read(file));
    }

    @Test
    void shouldStartWhereItIsToldTo()
    {
        journal.append(10);
        try (TailerGroup group = launch())
        {
            join(group, "start", StartPosition.start());
            join(group, "end", StartPosition.end());
            join(group, "sequence", StartPosition.sequence(4));
            join(group, "time", StartPosition.timeNs(TailFixture.timeOf(7)));
            join(group, "after", StartPosition.timeNs(TailFixture.timeOf(70)));
            final TailerMember beyond = join(group, "beyond", StartPosition.sequence(12));
            assertEquals(TailerMemberState.JOINING, beyond.state());
            assertEquals(0, beyond.nextSequence());
            TailFixture.runUntilIdle(group);
            assertEquals(
                List.of("start from 1", "end from 11", "sequence from 4", "time from 7", "after from 11",
                    "beyond ended at 0: PositionException"),
                told);
            assertInstanceOf(PositionException.class, beyond.failure());
        }
    }

    @Test
    void shouldTellThoseBeforeTheDamageWhenBytesAreDamaged() throws IOException
    {
        journal.append(400);
        journal.appender().roll();
        journal.append(10);
        final Path first = files().get(0);
        damage(first);
        final List<Long> before = new ArrayList<>();
        final List<Long> behind = new ArrayList<>();
        try (TailerGroup group = launch())
        {
            final TailerMember reading = group.join(
                TailFixture.collecting("before", before).from(StartPosition.start()).listener(telling()));
            final TailerMember sound = group.join(
                TailFixture.collecting("behind", behind).from(StartPosition.sequence(405)).listener(telling()));
            TailFixture.runUntilIdle(group);
            assertEquals(TailerMemberState.ENDED, reading.state());
            assertInstanceOf(JournalDamagedException.class, reading.failure());
            assertTrue(reading.failure().getMessage().contains(first.getFileName().toString()));
            assertEquals(before.size() + 1, reading.nextSequence());
            assertTrue(reading.nextSequence() > 1 && reading.nextSequence() <= 400, reading.toString());
            assertEquals(TailerMemberState.READING, sound.state());
            journal.append(1);
            TailFixture.runUntilIdle(group);
            assertEquals(List.of(405L, 406L, 407L, 408L, 409L, 410L, 411L), behind);
            assertEquals(3, told.size(), told.toString());
        }
    }

    @Test
    void shouldWaitForTheJournalWhenThereIsNone()
    {
        final Path later = directory.resolve("later");
        assertThrows(
            DataDirectoryException.class,
            () -> TailerGroup.launch(new TailerGroupContext().directory(later).thread(false)));
        final List<Long> received = new ArrayList<>();
        try (TailerGroup group = TailerGroup.launch(
            context().directory(later).waitForJournal(true)))
        {
            final TailerMember member = group.join(TailFixture.collecting("early", received));
            final TailerMember gone = group.join(TailFixture.collecting("gone", received));
            group.invoke();
            group.invoke();
            assertEquals(TailerMemberState.JOINING, member.state());
            gone.leave();
            try (TailFixture other = new TailFixture(later, 1))
            {
                other.append(3);
                group.invoke();
                assertEquals(TailerMemberState.JOINING, member.state(), "not every cycle looks for it");
                nowNs += 20_000_000L;
                TailFixture.runUntilIdle(group);
                assertEquals(List.of(1L, 2L, 3L), received);
                assertEquals(TailerMemberState.ENDED, gone.state());
            }
        }
        final TailerMember never;
        try (TailerGroup group = TailerGroup.launch(
            context().directory(directory.resolve("never")).waitForJournal(true)))
        {
            never = group.join(TailFixture.collecting("never", received));
            group.invoke();
        }
        assertEquals(TailerMemberState.ENDED, never.state());
        assertNull(never.failure());
    }

    @Test
    void shouldTellWhoWaitsWhenTheDirectoryIsNoJournal() throws IOException
    {
        final Path odd = directory.resolve("odd");
        final List<Long> received = new ArrayList<>();
        try (TailerGroup group = TailerGroup.launch(context().directory(odd).waitForJournal(true)))
        {
            final TailerMember member = group.join(TailFixture.collecting("waiting", received).listener(telling()));
            Files.createDirectories(odd.resolve("journal"));
            Files.writeString(odd.resolve("FORMAT"), "something else");
            TailFixture.runUntilIdle(group);
            assertInstanceOf(DataDirectoryException.class, member.failure());
            assertEquals(List.of("waiting ended at 0: DataDirectoryException"), told);
        }
    }

    @Test
    void shouldShowOnlyWhatIsSyncedWhenToldSo()
    {
        journal.append(3);
        final List<Long> received = new ArrayList<>();
        try (TailerGroup group = TailerGroup.launch(
            context().visibleAt(VisibleAt.SYNCED).verifyChecksums(false)))
        {
            group.join(TailFixture.collecting("synced", received).from(StartPosition.start()));
            journal.appender().requestSync(3);
            while (journal.appender().syncedSequence() < 3)
            {
                Thread.onSpinWait();
            }
            TailFixture.runUntilIdle(group);
            assertEquals(List.of(1L, 2L, 3L), received);
        }
    }

    @Test
    void shouldEndTheMemberWhenItsPositionFileIsNone() throws IOException
    {
        final Path file = directory.resolve("positions/odd");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "odd");
        try (TailerGroup group = launch())
        {
            final TailerMember odd = group.join(
                TailFixture.collecting("odd", new ArrayList<>()).positionFile(file).listener(telling()));
            final TailerMember inside = group.join(
                TailFixture.collecting("inside", new ArrayList<>()).positionFile(directory.resolve("journal/p")));
            TailFixture.runUntilIdle(group);
            assertInstanceOf(EventStorageException.class, odd.failure());
            assertInstanceOf(IllegalArgumentException.class, inside.failure());
            assertEquals(0, group.size());
        }
    }

    @Test
    void shouldAllocateNothingWhenFiltersLookAtFieldsOnly()
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        journal.close();
        journal = new TailFixture(directory, 1, 1 << 28);
        try (TailerGroup group = launch())
        {
            for (int i = 0; i < 20; i++)
            {
                group.join(TailerMemberSpec.of("m" + i, (event) -> sum += event.sequence())
                    .positionFile(directory.resolve("positions/m" + i))
                    .filter(EventFilter.of(
                        "type = '" + TailFixture.TYPES[i % 5] + "' AND sequence % 3 = " + i % 3)));
            }
            TailFixture.runUntilIdle(group);
            int free = 0;
            long allocated = 0;
            for (int round = 0; round < 30 && free < 3; round++)
            {
                // At the end of the journal the directory is listed, so stop before.
                journal.append(3000);
                nowNs += 200_000_000L;
                final long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 10; i++)
                {
                    assertEquals(256, group.invoke());
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
                free = allocated == 0 ? free + 1 : 0;
                TailFixture.runUntilIdle(group);
            }
            assertEquals(3, free, "2560 records allocated " + allocated + " bytes");
            assertTrue(sum > 0);
        }
    }

    private TailerMember join(final TailerGroup group, final String name, final StartPosition from)
    {
        return group.join(TailerMemberSpec.of(name, this::ignore).from(from).listener(telling()));
    }

    private void ignore(final EventFlyweight event)
    {
        sum += event.sequence();
    }

    private TailerMemberListener telling()
    {
        return new TailerMemberListener()
        {
            @Override
            public void onStart(final TailerMember member, final long nextSequence)
            {
                told.add(member.name() + " from " + nextSequence);
            }

            @Override
            public void onEnd(final TailerMember member, final Throwable cause)
            {
                if (cause != null)
                {
                    told.add(member.name() + " ended at " + member.nextSequence() + ": " +
                        cause.getClass().getSimpleName());
                }
            }
        };
    }

    private TailerGroupContext context()
    {
        return new TailerGroupContext()
            .directory(directory)
            .thread(false)
            .clock(() -> nowNs)
            .errorHandler(errors::add);
    }

    private TailerGroup launch()
    {
        return TailerGroup.launch(context());
    }

    private List<Path> files() throws IOException
    {
        try (Stream<Path> files = Files.list(directory.resolve("journal")))
        {
            return files.filter((file) -> file.toString().endsWith(".cq4")).sorted().toList();
        }
    }

    private static void damage(final Path file) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            // Somewhere in the middle of the records, behind the indices.
            channel.write(ByteBuffer.wrap(new byte[]{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}), 70_003);
        }
    }
}
