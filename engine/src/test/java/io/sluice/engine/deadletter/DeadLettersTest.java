package io.sluice.engine.deadletter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.archive.KeyProvider;
import io.sluice.engine.failure.FailureKind;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Verdict;
import io.sluice.event.filter.EventFilter;
import io.sluice.journal.DataDirectoryException;
import io.sluice.journal.DirectoryState;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DeadLettersTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldPickLettersByWhatTheyAreNow()
    {
        write();
        assertEquals(
            List.of("1 DELIVERED a 1", "2 OPEN b 2", "3 RETRYING a 3", "4 OPEN b 4", "5 OPEN a 5"), list(query()));
        assertEquals(List.of("5 OPEN a 5", "4 OPEN b 4"), list(query().newestFirst(true).limit(2)));
        assertEquals(
            List.of("3 RETRYING a 3"), list(query().states(EnumSet.of(LetterState.RETRYING, LetterState.DROPPED))));
        assertEquals(List.of(), list(query().states(EnumSet.noneOf(LetterState.class))));
        assertEquals(List.of("2 OPEN b 2", "4 OPEN b 4"), list(query().subscription("b")));
        // The kind of the last failure, the payload of the last repair.
        assertEquals(List.of("4 OPEN b 4"), list(where("metadata.deadLetter.kind = 'MANUAL'")));
        assertEquals(List.of("5 OPEN a 5"), list(where("payload = 'repaired'")));
        assertEquals(List.of("3 RETRYING a 3"), list(where("id = 'o-3' AND metadata.deadLetter.letter = 3")));
        assertThrows(IllegalArgumentException.class, () -> query().limit(0));
    }

    @Test
    void shouldSayTheSameWhateverFitsIntoMemoryAtATime()
    {
        write();
        for (int window = 1; window < 12; window++)
        {
            for (final boolean isNewestFirst : new boolean[]{true, false})
            {
                final List<String> found = new ArrayList<>();
                try (DeadLetters letters = new DeadLetters(
                    directory.resolve("dead-letters"), KeyProvider.NONE, window))
                {
                    letters.forEach(
                        query().newestFirst(isNewestFirst),
                        (letter, record) -> found.add(letter.status() + record.type()));
                }
                final List<String> expected = new ArrayList<>();
                try (DeadLetters letters = DeadLetters.open(directory))
                {
                    letters.forEach(
                        query().newestFirst(isNewestFirst),
                        (letter, record) -> expected.add(letter.status() + record.type()));
                }
                assertEquals(5, expected.size());
                assertEquals(expected, found, "window " + window);
            }
        }
    }

    @Test
    void shouldTellTheHistoryOfALetter()
    {
        write();
        try (DeadLetters letters = DeadLetters.open(directory))
        {
            final List<LetterStep> steps = new ArrayList<>();
            assertEquals(3, letters.history(4, steps::add));
            assertEquals(LetterAction.DEAD_LETTERED, steps.get(0).action());
            assertEquals(4, steps.get(0).recordSequence());
            assertEquals(FailureKind.TRANSIENT, steps.get(0).kind());
            assertEquals("no account", steps.get(0).message());
            assertEquals(LetterAction.RETRIED, steps.get(1).action());
            assertNull(steps.get(1).kind());
            assertEquals(LetterAction.DEAD_LETTERED, steps.get(2).action());
            assertEquals(FailureKind.MANUAL, steps.get(2).kind());
            assertTrue(steps.get(2).recordedNs() > 0);

            assertEquals(0, letters.history(0, steps::add));
            assertEquals(0, letters.history(7, steps::add));
            assertEquals(0, letters.history(999, steps::add));
        }
    }

    @Test
    void shouldFindOneByItsNumber()
    {
        write();
        try (DeadLetters letters = DeadLetters.open(directory))
        {
            assertEquals(LetterState.DELIVERED, letters.find(1).status().state());
            assertEquals("java.lang.IllegalStateException", letters.find(4).exception());
            assertEquals(2, letters.find(4).status().failures());
            assertNull(letters.find(6));
            assertNull(letters.find(0));
            assertNull(letters.find(999));
            assertFalse(letters.event(6, event -> {}));
        }
    }

    @Test
    void shouldCountBySubscriptionAndKind()
    {
        write();
        try (DeadLetters letters = DeadLetters.open(directory))
        {
            assertEquals(
                List.of(
                    new LetterCount("a", FailureKind.TRANSIENT, 1, 1, 1, 0),
                    new LetterCount("b", FailureKind.TRANSIENT, 1, 0, 0, 0),
                    new LetterCount("b", FailureKind.MANUAL, 1, 0, 0, 0)),
                letters.counts());
        }
    }

    @Test
    void shouldSeeWhatCameSinceWhenAskedAgain()
    {
        // A directory of the engine, without letters yet.
        JournalAppender.open(new JournalContext().directory(directory)).close();
        try (DeadLetters letters = DeadLetters.open(directory))
        {
            assertEquals(0, letters.forEach(query(), (letter, record) -> {}));
            assertEquals(List.of(), letters.counts());
            assertNull(letters.find(1));
            try (DeadLetterJournal journal = DeadLetterJournal.open(Letters.context(directory)))
            {
                journal.deadLetter(Letters.event(1), Letters.failure("a", FailureKind.MANUAL));
                assertEquals(LetterState.OPEN, letters.find(1).status().state());
                journal.dropped(1, "it was a test");
                assertEquals(LetterState.DROPPED, letters.find(1).status().state());
                final List<LetterStep> steps = new ArrayList<>();
                letters.history(1, steps::add);
                assertEquals("it was a test", steps.get(1).message());
                assertEquals(1, letters.counts().get(0).dropped());
            }
        }
    }

    @Test
    void shouldSayWhatIsWrongWhenThereIsNoJournalAtAll() throws IOException
    {
        assertEquals(
            DirectoryState.NO_JOURNAL,
            assertThrows(DataDirectoryException.class, () -> DeadLetters.open(directory)).state());
        Files.createDirectories(directory.resolve("dead-letters"));
        Files.writeString(directory.resolve("dead-letters").resolve("FORMAT"), "sluice 99\n");
        final DataDirectoryException ex =
            assertThrows(DataDirectoryException.class, () -> DeadLetters.open(directory));
        assertTrue(ex.state() != DirectoryState.NO_JOURNAL, ex.getMessage());

        final DeadLetters closed = new DeadLetters(directory, KeyProvider.NONE, 1);
        closed.close();
        closed.close();
        assertThrows(IllegalStateException.class, () -> closed.find(1));
    }

    @Test
    void shouldPassOverRecordsThatAreNoneOfDeadLetters()
    {
        write();
        final Path letters = directory.resolve("dead-letters");
        try (JournalAppender appender = JournalAppender.open(new JournalContext().directory(letters)))
        {
            final EventFlyweight stranger = Letters.event(1, new EventBuilder().type("x").metadata("deadLetter", 1));
            final UnsafeBuffer buffer = new UnsafeBuffer(Letters.bytes(stranger));
            appender.stage(buffer, 0, buffer.capacity(), Verdict.ACCEPTED, 0, 1);
        }
        try (DeadLetters reader = DeadLetters.open(directory))
        {
            assertEquals(5, reader.forEach(query(), (letter, record) -> {}));
            assertEquals(1, reader.strangers());
        }
        // The last record does not say where the first open letter is: the whole journal does.
        try (DeadLetterJournal journal = DeadLetterJournal.open(Letters.context(directory)))
        {
            assertEquals(4, journal.letters().count());
        }
    }

    private void write()
    {
        try (DeadLetterJournal journal = DeadLetterJournal.open(Letters.context(directory)))
        {
            for (int i = 1; i <= 5; i++)
            {
                journal.deadLetter(Letters.event(i), Letters.failure(i % 2 == 0 ? "b" : "a", FailureKind.TRANSIENT));
            }
            journal.retried(1);
            journal.delivered(1);
            journal.retried(3);
            journal.retried(4);
            journal.failedAgain(4, Letters.failure("b", FailureKind.MANUAL));
            journal.fixed(5, new EventBuilder().type("order.created").id("o-5").payloadText("repaired"));
        }
    }

    private List<String> list(final DeadLetterQuery query)
    {
        return Letters.list(directory, query);
    }

    private static DeadLetterQuery query()
    {
        return new DeadLetterQuery();
    }

    private static DeadLetterQuery where(final String filter)
    {
        return query().where(EventFilter.of(filter));
    }
}
