package io.sluice.tail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.filter.EventFilter;
import io.sluice.journal.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailerProcessesTest
{
    private static final int PROCESSES = 10;
    private static final int COUNT = 2000;

    @TempDir
    private Path directory;

    @Test
    void shouldGiveEachExactlyItsEventsWhenTenProcessesReadBesideEachOther() throws Exception
    {
        final List<ChildJvm> children = new ArrayList<>();
        final List<String> filters = new ArrayList<>();
        try (TailFixture journal = new TailFixture(directory, 5))
        {
            // Half of them tail for themselves, half have a group.
            for (int i = 0; i < PROCESSES; i++)
            {
                filters.add("sequence % " + PROCESSES + " = " + i + " OR payload.n % 7 = " + i);
                children.add(ChildJvm.start(
                    ChildReader.class, directory.toString(), Integer.toString(COUNT),
                    i % 2 == 0 ? "tailer" : "group-" + i, filters.get(i)));
            }
            for (final ChildJvm child : children)
            {
                assertEquals("ready", child.readLine());
            }
            for (int i = 0; i < COUNT; i += 20)
            {
                journal.append(20);
            }
            for (int i = 0; i < PROCESSES; i++)
            {
                final List<Long> picked = journal.picked(EventFilter.of(filters.get(i)), 1, COUNT + 1);
                assertEquals(picked, rest(children.get(i)), "process " + i);
                assertEquals(0, children.get(i).waitFor());
            }
        }
        finally
        {
            CloseHelper.closeAll(children);
        }
    }

    @Test
    void shouldRepeatAtMostTheEventInHandWhenTheProcessOfAGroupIsKilled() throws Exception
    {
        final String[] filters = {"TRUE", "payload.even", "type LIKE 'order.%'"};
        final Random random = new Random(11);
        final List<List<Long>> received = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        try (TailFixture journal = new TailFixture(directory, 6))
        {
            journal.append(COUNT);
            int kills = 0;
            boolean isEnded = false;
            while (!isEnded)
            {
                try (ChildJvm child = ChildJvm.start(
                    ChildReader.class, directory.toString(), Integer.toString(COUNT), "group", filters[0], filters[1],
                    filters[2]))
                {
                    int lines = kills < 4 ? 1 + random.nextInt(900) : Integer.MAX_VALUE;
                    String line = child.readLine();
                    while (line != null)
                    {
                        take(line, received);
                        if (--lines == 0)
                        {
                            child.kill();
                            kills++;
                        }
                        line = child.readLine();
                    }
                    isEnded = lines > 0;
                }
            }
            assertEquals(4, kills);
            for (int i = 0; i < filters.length; i++)
            {
                final List<Long> once = new ArrayList<>();
                int repeats = 0;
                for (final Long sequence : received.get(i))
                {
                    if (!once.isEmpty() && once.get(once.size() - 1).equals(sequence))
                    {
                        repeats++;
                    }
                    else
                    {
                        once.add(sequence);
                    }
                }
                assertEquals(journal.picked(EventFilter.of(filters[i]), 1, COUNT + 1), once);
                assertTrue(repeats <= kills, repeats + " repeats after " + kills + " kills");
            }
        }
    }

    private static void take(final String line, final List<List<Long>> received)
    {
        if (line.startsWith("m"))
        {
            received.get(line.charAt(1) - '0').add(Long.parseLong(line.substring(3)));
        }
    }

    private static List<Long> rest(final ChildJvm child) throws IOException
    {
        final List<Long> sequences = new ArrayList<>();
        for (String line = child.readLine(); line != null; line = child.readLine())
        {
            sequences.add(Long.parseLong(line.substring(3)));
        }
        return sequences;
    }
}
