package io.sluice.perf.chaos;

import io.sluice.engine.deadletter.DeadLetter;
import io.sluice.engine.deadletter.DeadLetterQuery;
import io.sluice.engine.deadletter.DeadLetters;
import io.sluice.engine.deadletter.LetterState;
import io.sluice.engine.failure.FailureCause;
import io.sluice.event.EventException;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Verdict;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Compares what children told with what they left on disk. Not thread-safe. */
final class JournalCheck
{
    private static final int POLL_LIMIT = 1024;
    private static final int FIRST_CAPACITY = 1 << 12;

    private final Path directory;
    private final ChaosLedger ledger;
    private final ChaosFindings findings;
    // By sequence, from 1.
    private long[] numbers = new long[FIRST_CAPACITY];
    private int last;

    JournalCheck(final Path directory, final ChaosLedger ledger, final ChaosFindings findings)
    {
        this.directory = directory;
        this.ledger = ledger;
        this.findings = findings;
    }

    /** @return events in the journal when it was read last. */
    int events()
    {
        return last;
    }

    /** @return greatest number in the journal when it was read last, -1 if it was empty. */
    long greatestNumber()
    {
        return Arrays.stream(numbers, 1, last + 1).max().orElse(-1);
    }

    /** After a life: read the journal from its begin, and look in it for all that was acknowledged or handed out. */
    void checkJournal()
    {
        last = 0;
        final Set<Long> distinct = new HashSet<>();
        if (Files.isDirectory(new DataDirectory(directory).journal()))
        {
            try (JournalTailer tailer = JournalTailer.open(
                new TailerContext().directory(directory).waitForJournal(true)))
            {
                while (tailer.poll(event -> onRecord(event, distinct), POLL_LIMIT) > 0)
                {
                    continue;
                }
            }
            catch (final EventException e)
            {
                findings.add(Violation.LOST, "reading ended after " + last + " events: " + e.getMessage());
            }
        }
        for (long sequence = 1; sequence <= ledger.lastSequence(); sequence++)
        {
            checkTold(sequence);
        }
    }

    /**
     * When all has come to rest, or to see whether it has: was everything delivered?
     *
     * @param isFinal false to look only.
     * @return deliveries that are missing.
     */
    long checkDeliveries(final boolean isFinal)
    {
        final Map<String, Map<Long, DeadLetter>> letters = letters();
        long missing = 0;
        for (final SubscriptionLedger subscription : ledger.subscriptions())
        {
            final Map<Long, DeadLetter> own = letters.getOrDefault(subscription.kind().label(), Map.of());
            for (long sequence = 1; sequence <= last; sequence++)
            {
                final boolean isOwed = subscription.isOwed(sequence, numbers[(int)sequence]);
                if (isOwed && !subscription.isDone(sequence) && !own.containsKey(sequence))
                {
                    missing++;
                    if (isFinal)
                    {
                        findings.add(Violation.UNDELIVERED, subscription.kind().label() + ": event " + sequence +
                            (subscription.isCalled(sequence) ? " was called and not completed" : " was never called") +
                            ", " + subscription.thrown(sequence) + " calls threw, and there is no dead letter");
                    }
                }
            }
            if (isFinal)
            {
                own.values().forEach(letter -> checkLetter(subscription, letter));
            }
        }
        return missing;
    }

    /** @return dead letters of the directory, whatever became of them. */
    long deadLetters()
    {
        return letters().values().stream().mapToLong(Map::size).sum();
    }

    private void onRecord(final EventFlyweight event, final Set<Long> distinct)
    {
        final long number = ChaosEvent.numberOf(event);
        if (event.sequence() != last + 1)
        {
            findings.add(Violation.LOST, "sequence " + event.sequence() + " follows " + last);
        }
        if (event.verdict() != Verdict.ACCEPTED)
        {
            findings.add(Violation.LOST, "event " + event.sequence() + " is " + event.verdict() + ", not accepted");
        }
        if (!distinct.add(number))
        {
            findings.add(Violation.LOST, "number " + number + " was published once and journaled twice, the second " +
                "time as " + event.sequence());
        }
        last = Math.toIntExact(event.sequence());
        if (last >= numbers.length)
        {
            numbers = Arrays.copyOf(numbers, Math.max(last + 1, numbers.length * 2));
        }
        numbers[last] = number;
    }

    private void checkTold(final long sequence)
    {
        final long told = ledger.number(sequence);
        if (told >= 0 && (sequence > last || numbers[(int)sequence] != told))
        {
            final String what = "event " + sequence + " (number " + told + ") is " +
                (sequence > last ? "not in the journal" : "number " + numbers[(int)sequence] + " in the journal");
            findings.add(ledger.isAcknowledged(sequence) ? Violation.LOST : Violation.STRANGE, what);
        }
    }

    private void checkLetter(final SubscriptionLedger subscription, final DeadLetter letter)
    {
        final long sequence = letter.status().sequence();
        final String where = subscription.kind().label() + ": letter " + letter.status().letter() + " of event " +
            sequence;
        final FailureCause cause = letter.status().cause();
        if (cause == FailureCause.TIMED_OUT && subscription.isHung(sequence))
        {
            return;
        }
        if (sequence > last || subscription.thrown(sequence) == 0)
        {
            findings.add(Violation.WRONG_LETTER, where + ", of which no call threw: " + cause + " " + letter.message());
            return;
        }
        final long number = numbers[(int)sequence];
        final String wanted =
            (ChaosHandler.isPoison(subscription.kind(), number) ? "poison " : "transient ") + number;
        if (cause != FailureCause.THREW || !wanted.equals(letter.message()))
        {
            findings.add(
                Violation.WRONG_LETTER, where + " says " + cause + " '" + letter.message() + "' instead of '" + wanted +
                "'");
        }
    }

    private Map<String, Map<Long, DeadLetter>> letters()
    {
        final Map<String, Map<Long, DeadLetter>> letters = new HashMap<>();
        if (Files.exists(new DataDirectory(directory).deadLetters()))
        {
            try (DeadLetters reader = DeadLetters.open(directory))
            {
                reader.forEach(
                    new DeadLetterQuery().states(EnumSet.allOf(LetterState.class)),
                    (letter, event) -> letters
                        .computeIfAbsent(letter.status().subscription(), name -> new HashMap<>())
                        .put(letter.status().sequence(), letter));
            }
        }
        return letters;
    }
}
