package io.sluice.tail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFlyweight;
import io.sluice.event.filter.EventFilter;
import io.sluice.journal.ControlledRecordHandler.Action;
import io.sluice.journal.StartPosition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Members with random filters and starts join, leave, refuse, fail and go on from their position files, in groups that
 * are closed or abandoned, while a journal grows; each gets what a naive reader finds, each once, in sequence.
 * {@code sluice.tail.rounds} says for how many more seeds.
 */
class TailerGroupModelTest
{
    private static final String[] FILTERS = {
        "TRUE", "type LIKE 'order.%'", "type = 'payment.failed' AND priority >= 'high'", "payload.even",
        "payload.n % 7 = 0", "source = 'desk-1' AND payload.n % 2 = 1", "type MATCHES 'hook.*' OR payload.n % 5 = 0",
        "priority = 'critical'", "type LIKE '%.done' AND EXISTS payload.n", "FALSE"};

    /** What a reader with a position file has got in all its memberships, or one membership without. */
    private static final class Reader
    {
        private final EventFilter filter;
        private final Path file;
        private final List<Long> received = new ArrayList<>();
        private StartPosition from;
        private TailerMember member;
        private long firstStart;
        private long wantedStart;
        private long lastStop;
        private long startsDuring;
        private int moody;
        private RuntimeException thrown;
        private long thrownAt;
        private boolean isLeft;
        private boolean mayLag;

        private Reader(final EventFilter filter, final Path file)
        {
            this.filter = filter;
            this.file = file;
        }
    }

    @TempDir
    private Path directory;

    private final List<Reader> readers = new ArrayList<>();
    private final Set<Reader> present = new HashSet<>();
    private final List<TailerGroup> abandoned = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();
    private Random random;
    private TailFixture journal;
    private TailerGroup group;
    private int names;
    private int starts;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldHandOutExactlyWhatMatchesWhenMembersComeAndGo(final long seed)
    {
        run(directory, seed);
        for (long i = 0; i < Long.getLong("sluice.tail.rounds", 0); i++)
        {
            readers.clear();
            present.clear();
            run(directory.resolve("more-" + i), 1000 * seed + i);
        }
    }

    private void run(final Path root, final long seed)
    {
        random = new Random(seed);
        journal = new TailFixture(root, seed);
        try
        {
            journal.append(50);
            launch(root);
            for (int step = 0; step < 900; step++)
            {
                step(root);
            }
            settle();
            checkAll("seed " + seed);
        }
        finally
        {
            CloseHelper.closeAll(group, journal);
            CloseHelper.closeAll(abandoned);
            abandoned.clear();
        }
        assertEquals(List.of(), errors);
    }

    private void step(final Path root)
    {
        switch (random.nextInt(24))
        {
            case 0, 1, 2, 3, 4 -> journal.append(random.nextInt(15));
            case 5, 6 -> join(root);
            case 7 -> leave();
            case 8 -> sway();
            case 9 ->
            {
                if (random.nextInt(8) == 0)
                {
                    relaunch(root);
                }
            }
            default -> group.invoke();
        }
    }

    private void launch(final Path root)
    {
        group = TailerGroup.launch(
            new TailerGroupContext()
                .directory(root)
                .thread(false)
                .sliceLimit(1 + random.nextInt(40))
                .errorHandler(errors::add));
    }

    private void relaunch(final Path root)
    {
        sweep();
        final boolean isClosed = random.nextBoolean();
        if (isClosed)
        {
            group.close();
            group.close();
        }
        else
        {
            abandoned.add(group);
        }
        for (final Reader reader : List.copyOf(present))
        {
            if (isClosed)
            {
                assertEquals(TailerMemberState.ENDED, reader.member.state());
                assertNull(reader.member.failure());
            }
            retire(reader);
            reader.mayLag |= !isClosed;
        }
        launch(root);
    }

    private void join(final Path root)
    {
        Reader reader = null;
        final List<Reader> away =
            readers.stream().filter((one) -> one.file != null && !present.contains(one)).toList();
        if (!away.isEmpty() && random.nextBoolean())
        {
            reader = away.get(random.nextInt(away.size()));
        }
        if (reader == null)
        {
            final int number = readers.size();
            reader = new Reader(
                EventFilter.of(FILTERS[random.nextInt(FILTERS.length)]),
                random.nextBoolean() ? root.resolve("positions").resolve("reader-" + number) : null);
            readers.add(reader);
        }
        final Reader joined = reader;
        joined.from = randomStart(joined);
        joined.moody = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 0;
        joined.thrown = null;
        joined.isLeft = false;
        joined.startsDuring = 0;
        present.add(joined);
        joined.member = group.join(TailerMemberSpec.controlled("reader-" + names++, (event) -> onEvent(joined, event))
            .filter(joined.filter)
            .from(joined.from)
            .positionFile(joined.file)
            .listener(new TailerMemberListener()
            {
                @Override
                public void onStart(final TailerMember member, final long nextSequence)
                {
                    onStarted(joined, nextSequence);
                }

                @Override
                public void onEnd(final TailerMember member, final Throwable cause)
                {
                    // An abandoned group ends long after its members are others.
                    if (joined.member == member)
                    {
                        assertSame(joined.thrown, cause, () -> String.valueOf(cause));
                    }
                }
            }));
    }

    private StartPosition randomStart(final Reader reader)
    {
        final long sequence = 1L + random.nextInt((int)journal.last() + 1);
        switch (random.nextInt(4))
        {
            case 0 ->
            {
                reader.wantedStart = wanted(reader, 1);
                return StartPosition.start();
            }
            case 1 ->
            {
                reader.wantedStart = wanted(reader, sequence);
                return StartPosition.sequence(sequence);
            }
            case 2 ->
            {
                reader.wantedStart = wanted(reader, sequence);
                return StartPosition.timeNs(TailFixture.timeOf(sequence) - random.nextInt(2));
            }
            default ->
            {
                // The end when it starts.
                reader.wantedStart = wanted(reader, 0);
                return StartPosition.end();
            }
        }
    }

    private static long wanted(final Reader reader, final long start)
    {
        return reader.file != null && reader.firstStart > 0 ? reader.lastStop : start;
    }

    private void onStarted(final Reader reader, final long nextSequence)
    {
        starts++;
        reader.startsDuring = nextSequence;
        final long wanted = reader.wantedStart == 0 ? journal.last() + 1 : reader.wantedStart;
        if (reader.mayLag && reader.file != null && !reader.received.isEmpty())
        {
            // Saved behind every event that it got, and not behind each that it did not want.
            final long handled = reader.received.get(reader.received.size() - 1);
            assertTrue(nextSequence > handled && nextSequence <= wanted, nextSequence + " of " + wanted);
        }
        else
        {
            assertTrue(reader.mayLag ? nextSequence <= wanted : nextSequence == wanted, nextSequence + " " + wanted);
        }
        reader.mayLag = false;
        if (reader.firstStart == 0 || reader.file == null)
        {
            reader.firstStart = nextSequence;
        }
    }

    private Action onEvent(final Reader reader, final EventFlyweight event)
    {
        assertTrue(reader.startsDuring > 0, "an event before the start");
        assertTrue(!reader.isLeft, "an event after leaving");
        assertEquals("desk-" + event.sequence() % 3, event.source());
        final Action action = mood(reader, event.sequence());
        if (action != Action.ABORT)
        {
            reader.received.add(event.sequence());
        }
        // What one does to its view concerns no other.
        event.deliveryFlags(7).unwrap();
        return action;
    }

    private Action mood(final Reader reader, final long sequence)
    {
        if (random.nextInt(10) != 0)
        {
            return Action.CONTINUE;
        }
        switch (reader.moody)
        {
            case 1:
                return Action.ABORT;
            case 2:
                return Action.BREAK;
            case 3:
                if (random.nextInt(5) == 0)
                {
                    reader.thrown = new IllegalStateException("thrown at " + sequence);
                    reader.thrownAt = sequence;
                    throw reader.thrown;
                }
                return Action.CONTINUE;
            case 4:
                if (random.nextInt(10) == 0)
                {
                    reader.member.leave();
                    reader.isLeft = true;
                }
                return Action.CONTINUE;
            default:
                return Action.CONTINUE;
        }
    }

    private void leave()
    {
        final Reader reader = randomPresent();
        if (reader != null)
        {
            reader.member.leave();
            reader.member.leave();
            reader.isLeft = true;
        }
        sweep();
    }

    private void sway()
    {
        final Reader reader = randomPresent();
        if (reader != null)
        {
            reader.moody = random.nextInt(5);
        }
    }

    private Reader randomPresent()
    {
        final List<Reader> all = readers.stream().filter(present::contains).toList();
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    private void sweep()
    {
        for (final Reader reader : List.copyOf(present))
        {
            if (reader.member.state() == TailerMemberState.ENDED)
            {
                if (reader.thrown != null)
                {
                    assertEquals(reader.thrownAt, reader.member.nextSequence());
                    assertSame(reader.thrown, reader.member.failure());
                }
                retire(reader);
            }
        }
    }

    private void retire(final Reader reader)
    {
        present.remove(reader);
        reader.lastStop = reader.startsDuring == 0 ? reader.lastStop : reader.member.nextSequence();
        if (reader.file == null && reader.startsDuring > 0)
        {
            check(reader, reader.lastStop);
        }
    }

    private void settle()
    {
        readers.forEach((reader) -> reader.moody = 0);
        int idle = 0;
        for (int i = 0; i < 100_000 && idle < 10; i++)
        {
            idle = group.invoke() == 0 ? idle + 1 : 0;
        }
        assertEquals(10, idle);
        sweep();
        assertTrue(group.readings() <= 1, group.readings() + " readings");
        assertEquals(present.size(), group.size());
    }

    private void checkAll(final String what)
    {
        long received = 0;
        int checked = 0;
        for (final Reader reader : readers)
        {
            if (present.contains(reader))
            {
                assertEquals(TailerMemberState.READING, reader.member.state());
                assertEquals(journal.last() + 1, reader.member.nextSequence());
                check(reader, journal.last() + 1);
            }
            else if (reader.file != null && reader.firstStart > 0)
            {
                check(reader, reader.lastStop);
            }
            received += reader.received.size();
            checked++;
        }
        assertTrue(
            received > 500 && starts > 10 && checked > 10,
            what + ": " + received + " received, " + starts + " starts, " + checked + " readers");
    }

    private void check(final Reader reader, final long end)
    {
        final List<Long> expected = journal.picked(reader.filter, reader.firstStart, end);
        int same = 0;
        while (same < Math.min(expected.size(), reader.received.size()) &&
            expected.get(same).equals(reader.received.get(same)))
        {
            same++;
        }
        assertTrue(
            same == expected.size() && same == reader.received.size(),
            reader.filter + " from " + reader.from + " at " + reader.firstStart + " to " + end + ": " +
            rest(expected, same) + " expected, " + rest(reader.received, same) + " received");
    }

    private static List<Long> rest(final List<Long> sequences, final int from)
    {
        return sequences.subList(from, Math.min(sequences.size(), from + 5));
    }
}
