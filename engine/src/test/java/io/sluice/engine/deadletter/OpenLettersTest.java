package io.sluice.engine.deadletter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.failure.FailureKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class OpenLettersTest
{
    private static final int LIMIT = 4;

    @TempDir
    private Path directory;

    @Test
    void shouldHoldTheOldestAndKnowTheOthersWhenThereAreTooMany()
    {
        try (DeadLetterJournal journal = open())
        {
            fail(journal, 1, 10);
            final OpenLetters letters = journal.letters();
            assertEquals(10, letters.count());
            assertEquals(10, letters.count("s"));
            assertEquals(6, letters.beyond());
            assertEquals(List.of(1L, 2L, 3L, 4L), letters.held().stream().map(LetterStatus::letter).toList());
            assertNull(letters.get(7));
            assertNull(letters.find("s", 7));
            assertThrows(UnsupportedOperationException.class, () -> letters.held().clear());

            // Known all the same: no second letter, and everything can be done with it.
            assertEquals(7, journal.deadLetter(Letters.event(7), failure()).letter());
            assertEquals(10, letters.count());
            assertTrue(journal.retried(7));
            assertEquals(2, journal.failedAgain(7, failure()).failures());
            assertTrue(journal.event(7, event -> assertEquals("o-7", event.id())));
            assertTrue(journal.delivered(7));
            assertFalse(journal.delivered(7));
            assertEquals(9, letters.count());
            assertEquals(5, letters.beyond());
            assertEquals(0, journal.doWork());
        }
    }

    @Test
    void shouldBringTheOthersInWhenThereIsRoom()
    {
        try (DeadLetterJournal journal = open())
        {
            fail(journal, 1, 8);
            journal.dropped(6, "");
            journal.delivered(1);
            journal.delivered(2);
            assertEquals(1, journal.doWork());
            // While they are brought in, things go on.
            journal.retried(5);
            fail(journal, 9, 9);
            journal.dropped(7, "");
            work(journal);

            final OpenLetters letters = journal.letters();
            assertEquals(List.of(3L, 4L, 5L, 8L), letters.held().stream().map(LetterStatus::letter).toList());
            assertEquals(LetterState.RETRYING, letters.get(5).state());
            assertEquals(1, letters.beyond());
            assertEquals(5, letters.count());
            assertEquals(5, letters.count("s"));

            journal.delivered(3);
            journal.delivered(4);
            work(journal);
            assertEquals(3, letters.count());
            assertEquals(0, letters.beyond());
            assertNotNull(letters.find("s", 8));
            assertNotNull(letters.find("s", 9));
        }
    }

    @Test
    void shouldEndBringingInWhenNothingIsLeftBeyond()
    {
        try (DeadLetterJournal journal = open())
        {
            fail(journal, 1, 5);
            journal.delivered(1);
            journal.delivered(2);
            assertEquals(1, journal.doWork());
            journal.delivered(5);
            fail(journal, 6, 6);
            work(journal);
            assertEquals(0, journal.letters().beyond());
            assertEquals(3, journal.letters().count());
            // Four records of failures and three notes came before it.
            assertNotNull(journal.letters().get(9));
        }
    }

    @Test
    void shouldKnowTheSameAsASimpleModelWhenAnythingHappens()
    {
        final long seed = 815L;
        final Random random = new Random(seed);
        final TreeMap<Long, Long> open = new TreeMap<>();
        DeadLetterJournal journal = open();
        try
        {
            for (int i = 0; i < 600; i++)
            {
                final String step = "seed " + seed + " step " + i;
                final Long letter = pick(random, open);
                final int choice = random.nextInt(10);
                if (letter == null || choice < 4)
                {
                    final long sequence = random.nextInt(200) + 1L;
                    final boolean isKnown = open.containsValue(sequence);
                    final LetterStatus status = journal.deadLetter(Letters.event(sequence), failure());
                    assertEquals(isKnown, open.containsKey(status.letter()), step);
                    assertEquals(sequence, open.merge(status.letter(), sequence, (known, same) -> known), step);
                }
                else if (choice < 8)
                {
                    final boolean isEnd = choice < 6 ? journal.delivered(letter) : journal.dropped(letter, "x");
                    assertTrue(isEnd, step);
                    open.remove(letter);
                }
                else if (choice == 8)
                {
                    assertTrue(journal.retried(letter), step);
                }
                else if (random.nextInt(5) == 0)
                {
                    journal.close();
                    journal = open();
                }
                for (int j = random.nextInt(3); j > 0; j--)
                {
                    journal.doWork();
                }
                assertEquals(open.size(), journal.letters().count(), step);
                assertEquals(open.size(), journal.letters().count("s"), step);
                assertTrue(journal.letters().held().size() <= LIMIT, step);
                journal.letters().held().forEach(
                    held -> assertEquals(held.sequence(), open.get(held.letter()), step));
                if (!open.isEmpty())
                {
                    assertTrue(journal.letters().first() <= open.firstKey(), step);
                }
            }
        }
        finally
        {
            journal.close();
        }
    }

    private static Long pick(final Random random, final Map<Long, Long> open)
    {
        return open.isEmpty() ? null : open.keySet().stream().skip(random.nextInt(open.size())).findFirst().get();
    }

    private static void work(final DeadLetterJournal journal)
    {
        int calls = 0;
        while (journal.doWork() > 0)
        {
            calls++;
            assertTrue(calls < 100, "it never ends");
        }
    }

    private static void fail(final DeadLetterJournal journal, final long from, final long to)
    {
        for (long i = from; i <= to; i++)
        {
            journal.deadLetter(Letters.event(i), failure());
        }
    }

    private static LetterFailure failure()
    {
        return Letters.failure("s", FailureKind.TRANSIENT);
    }

    private DeadLetterJournal open()
    {
        return DeadLetterJournal.open(Letters.context(directory).maxOpenLetters(LIMIT));
    }
}
