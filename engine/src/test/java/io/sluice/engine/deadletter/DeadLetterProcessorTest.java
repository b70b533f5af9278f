package io.sluice.engine.deadletter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.failure.FailureKind;
import io.sluice.event.EventBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class DeadLetterProcessorTest
{
    private static final long NOW_NS = Letters.START_NS + 6_000_000_000L;
    private static final long FAILED_NS = Letters.START_NS + 5_000_000_000L;
    private static final long DELAY_NS = TimeUnit.SECONDS.toNanos(30);

    private final List<String> alerts = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final List<LetterDecision> decisions = new ArrayList<>();

    @TempDir
    private Path directory;

    @Test
    void shouldRetryATransientLetterLaterAndLaterAndThenAskAPerson()
    {
        try (DeadLetterProcessor processor = DeadLetterProcessor.open(context().maxRetries(3).alertAfter(10)))
        {
            LetterDecision decision = processor.deadLetter(Letters.event(1), transientFailure(), NOW_NS);
            for (int retry = 0; retry < 3; retry++)
            {
                final long most = DELAY_NS << retry;
                assertTrue(decision.isRetry());
                assertFalse(decision.isFixed());
                assertTrue(decision.dueNs() <= FAILED_NS + most, "retry " + retry);
                assertTrue(decision.dueNs() >= FAILED_NS + most - most / 4, "retry " + retry);
                assertTrue(processor.retrying(1));
                decision = processor.failedAgain(1, transientFailure(), NOW_NS);
            }
            assertFalse(decision.isRetry());
            assertEquals(Long.MAX_VALUE, decision.dueNs());
            assertEquals(List.of("RETRIES_USED_UP 1 s no account 1"), alerts);
            assertEquals(1, processor.alerts());
            assertNull(processor.failedAgain(99, transientFailure(), NOW_NS));
        }
    }

    @Test
    void shouldNotRetryBeforeNowWhenTheFailureIsLongAgo()
    {
        try (DeadLetterProcessor processor = DeadLetterProcessor.open(context()))
        {
            final long laterNs = NOW_NS + TimeUnit.DAYS.toNanos(1);
            assertEquals(laterNs, processor.deadLetter(Letters.event(1), transientFailure(), laterNs).dueNs());
        }
    }

    @Test
    void shouldLetTheFirstFixerThatCanRepairAFixableLetter()
    {
        final DeadLetterContext context = context()
            .fixer((letter, event) -> null)
            .fixer((letter, event) ->
            {
                throw new IllegalStateException("broken fixer");
            })
            .fixer((letter, event) -> new EventBuilder().type("x").id("another"))
            .fixer((letter, event) -> new EventBuilder().from(event).payloadText(letter.message() + " fixed"))
            .fixer((letter, event) -> new EventBuilder().from(event).payloadText("too late"));
        try (DeadLetterProcessor processor = DeadLetterProcessor.open(context))
        {
            final LetterDecision decision = processor.deadLetter(Letters.event(1), fixableFailure(), NOW_NS);

            assertEquals(new LetterDecision(1, true, NOW_NS, true), decision);
            assertEquals("no account fixed", payload(processor, 1));
            assertEquals(2, processor.fixerErrors());
            assertEquals(2, errors.size());
            assertTrue(errors.get(0).contains("broken fixer"), errors.get(0));
            assertTrue(errors.get(1).contains("keeps the id"), errors.get(1));
            assertEquals(List.of(), alerts);
            // Once more the same: no second repair.
            assertEquals(decision, processor.deadLetter(Letters.event(1), fixableFailure(), NOW_NS));
            assertEquals(1, processor.journal().letters().get(1).fixes());
            // It fails as repaired: repaired once more.
            processor.retrying(1);
            assertTrue(processor.failedAgain(1, fixableFailure(), NOW_NS).isFixed());
            assertEquals(2, processor.journal().letters().get(1).fixes());
        }
    }

    @Test
    void shouldAskAPersonWhenNobodyCanRepairIt()
    {
        final DeadLetterContext context = context().alert((reason, letter, openLetters) ->
        {
            alerts.add(reason.name());
            throw new IllegalStateException("no mail today");
        });
        try (DeadLetterProcessor processor = DeadLetterProcessor.open(context))
        {
            assertFalse(processor.deadLetter(Letters.event(1), fixableFailure(), NOW_NS).isRetry());
            assertFalse(processor.deadLetter(Letters.event(2), manualFailure(), NOW_NS).isRetry());
            assertEquals(List.of("NO_FIX", "MANUAL"), alerts);
            assertEquals(2, processor.alertErrors());
            assertTrue(errors.get(0).contains("no mail today"), errors.get(0));
            // A person repairs it and has it retried.
            assertTrue(processor.fixed(1, new EventBuilder().type("x").id("o-1").payloadText("by hand")));
            assertTrue(processor.retrying(1));
            assertEquals("by hand", payload(processor, 1));
            assertTrue(processor.delivered(1));
            assertFalse(processor.delivered(1));
            assertTrue(processor.dropped(2, "not needed"));
            assertEquals(0, processor.journal().letters().count());
        }
    }

    @Test
    void shouldAlertAfterThreeLettersOfASubscriptionAndOnceOnly()
    {
        try (DeadLetterProcessor processor = DeadLetterProcessor.open(context()))
        {
            for (int i = 1; i <= 3; i++)
            {
                processor.deadLetter(Letters.event(i), transientFailure(), NOW_NS);
            }
            processor.deadLetter(Letters.event(1), Letters.failure("other", FailureKind.TRANSIENT), NOW_NS);
            assertEquals(List.of(), alerts);
            processor.deadLetter(Letters.event(4), transientFailure(), NOW_NS);
            assertEquals(List.of("MANY_LETTERS 5 s no account 4"), alerts);
            processor.deadLetter(Letters.event(5), transientFailure(), NOW_NS);
            processor.delivered(1);
            processor.deadLetter(Letters.event(6), transientFailure(), NOW_NS);
            assertEquals(1, alerts.size());
            processor.delivered(2);
            processor.delivered(3);
            processor.deadLetter(Letters.event(7), transientFailure(), NOW_NS);
            assertEquals("MANY_LETTERS 11 s no account 4", alerts.get(1));
        }
    }

    @Test
    void shouldAlertWhenALetterFailedMoreThanThreeTimes()
    {
        try (DeadLetterProcessor processor = DeadLetterProcessor.open(context()))
        {
            processor.deadLetter(Letters.event(1), transientFailure(), NOW_NS);
            processor.failedAgain(1, transientFailure(), NOW_NS);
            processor.failedAgain(1, transientFailure(), NOW_NS);
            assertEquals(List.of(), alerts);
            assertTrue(processor.failedAgain(1, transientFailure(), NOW_NS).isRetry());
            assertEquals(List.of("FAILED_AGAIN 1 s no account 1"), alerts);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void shouldAlertEachTimeThatALetterFailedMoreOftenThanAllowedAndNotBefore(final int alertAfter)
    {
        try (DeadLetterProcessor processor = DeadLetterProcessor.open(context().maxRetries(9).alertAfter(alertAfter)))
        {
            processor.deadLetter(Letters.event(1), transientFailure(), NOW_NS);
            for (int failures = 1; failures <= alertAfter + 2; failures++)
            {
                final int expected = Math.max(0, failures - alertAfter);
                assertEquals(expected, failingAgain(), "alerts after " + failures + " failures");
                processor.failedAgain(1, transientFailure(), NOW_NS);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void shouldAlertWithTheFirstLetterBeyondThoseThatASubscriptionMayHave(final int alertAfter)
    {
        try (DeadLetterProcessor processor = DeadLetterProcessor.open(context().alertAfter(alertAfter)))
        {
            for (int letters = 1; letters <= alertAfter + 2; letters++)
            {
                processor.deadLetter(Letters.event(letters), transientFailure(), NOW_NS);
                assertEquals(
                    letters > alertAfter ? 1 : 0,
                    alerts.stream().filter(alert -> alert.startsWith("MANY_LETTERS")).count(),
                    "alerts with " + letters + " letters");
            }
        }
    }

    @Test
    void shouldDecideAgainWhenStartedOnOpenLetters()
    {
        try (DeadLetterProcessor processor = DeadLetterProcessor.open(context().maxRetries(2)))
        {
            for (int i = 1; i <= 4; i++)
            {
                processor.deadLetter(Letters.event(i), transientFailure(), NOW_NS);
            }
            processor.deadLetter(Letters.event(5), manualFailure(), NOW_NS);
            processor.deadLetter(Letters.event(6), fixableFailure(), NOW_NS);
            processor.fixed(6, new EventBuilder().type("x").id("o-6"));
            processor.delivered(1);
            // The process ends during a retry, of letter 3 during the last one.
            processor.retrying(2);
            processor.retrying(3);
            processor.retrying(3);
        }
        alerts.clear();
        try (DeadLetterProcessor processor = DeadLetterProcessor.open(context().maxRetries(2)))
        {
            processor.resume(decisions::add, NOW_NS);
            assertEquals(List.of(2L, 4L, 6L), decisions.stream().map(LetterDecision::letter).toList());
            assertTrue(decisions.get(0).dueNs() > decisions.get(1).dueNs());
            assertEquals(new LetterDecision(6, true, NOW_NS, true), decisions.get(2));
            assertEquals(List.of("RETRIES_USED_UP 3 s  5", "MANY_LETTERS 2 s  5"), alerts.stream().sorted(
                Comparator.reverseOrder()).toList());
        }
    }

    @Test
    void shouldRetryLettersOfWhateverKindOnceMoreWhenTheEndOfTheProcessCutARetryShort()
    {
        try (DeadLetterProcessor processor = DeadLetterProcessor.open(context().maxRetries(2)))
        {
            processor.deadLetter(Letters.event(1), manualFailure(), NOW_NS);
            processor.deadLetter(Letters.event(2), fixableFailure(), NOW_NS);
            processor.deadLetter(Letters.event(3), manualFailure(), NOW_NS);
            processor.deadLetter(Letters.event(4), manualFailure(), NOW_NS);
            for (final long letter : new long[]{1, 2, 3, 3})
            {
                processor.retrying(letter);
            }
        }
        alerts.clear();
        try (DeadLetterProcessor processor = DeadLetterProcessor.open(context().maxRetries(2)))
        {
            processor.resume(decisions::add, NOW_NS);
            assertEquals(
                List.of(new LetterDecision(1, true, NOW_NS, false), new LetterDecision(2, true, NOW_NS, false)),
                decisions);
            assertTrue(alerts.toString().contains("MANUAL 3"), alerts.toString());
            assertFalse(processor.failedAgain(1, manualFailure(), NOW_NS).isRetry(), "not once more by itself");
        }
    }

    @Test
    void shouldDecideAboutLettersBeyondWhenTheyAreBroughtIn()
    {
        try (DeadLetterProcessor processor = DeadLetterProcessor.open(context().maxOpenLetters(2)))
        {
            assertTrue(processor.deadLetter(Letters.event(1), transientFailure(), NOW_NS).isRetry());
            assertTrue(processor.deadLetter(Letters.event(2), transientFailure(), NOW_NS).isRetry());
            assertFalse(processor.deadLetter(Letters.event(3), transientFailure(), NOW_NS).isRetry());
            assertFalse(processor.deadLetter(Letters.event(4), transientFailure(), NOW_NS).isRetry());
            assertEquals(List.of("MANY_LETTERS 4 s no account 4"), alerts);
            processor.delivered(1);
            while (processor.doWork(decisions::add, NOW_NS) > 0)
            {
                // Until they are in.
            }
            assertEquals(List.of(3L), decisions.stream().map(LetterDecision::letter).toList());
        }
    }

    @Test
    void shouldDecideAboutLettersThatCameInWhenTheJournalWasOpenedAnew()
    {
        final AtomicBoolean isBroken = new AtomicBoolean();
        final DeadLetterContext context = context().maxOpenLetters(2).clock(() ->
        {
            if (isBroken.get())
            {
                throw new IllegalStateException("the clock is broken");
            }
            return NOW_NS;
        });
        try (DeadLetterProcessor processor = DeadLetterProcessor.open(context))
        {
            for (int i = 1; i <= 3; i++)
            {
                processor.deadLetter(Letters.event(i), transientFailure(), NOW_NS);
            }
            processor.resume(decisions::add, NOW_NS);
            assertEquals(List.of(), decisions);
            processor.delivered(1);
            isBroken.set(true);
            assertThrows(IllegalStateException.class, () -> processor.retrying(2));
            isBroken.set(false);
            assertTrue(processor.retrying(2));

            processor.doWork(decisions::add, NOW_NS);

            assertEquals(List.of(3L), decisions.stream().map(LetterDecision::letter).toList());
            assertEquals(0, processor.doWork(decisions::add, NOW_NS));
            assertEquals(1, decisions.size());
        }
    }

    @Test
    void shouldSpreadRetriesAndNeverWaitLongerThanAllowed()
    {
        final DeadLetterContext context = context().maxRetries(1_000).conclude();
        final DeadLetterPolicy policy = new DeadLetterPolicy(context);
        for (int retries = 0; retries < 100; retries++)
        {
            final long delay = policy.delayNs(status(7, retries));
            final long most = retries > 6 ? TimeUnit.HOURS.toNanos(1) : DELAY_NS << retries;
            assertTrue(delay <= most && delay >= most - most / 4, retries + ": " + delay);
        }
        assertNotEquals(policy.delayNs(status(7, 0)), policy.delayNs(status(8, 0)));
        assertEquals(policy.delayNs(status(7, 0)), policy.delayNs(status(7, 0)));
    }

    @Test
    void shouldNameTheValueWhenTheConfigurationIsOutOfRange()
    {
        assertRefused("directory is not set", new DeadLetterContext());
        assertRefused("maxOpenLetters=0", context().maxOpenLetters(0));
        assertRefused("maxRetries=-1", context().maxRetries(-1));
        assertRefused("retryDelayNs=0", context().retryDelayNs(0));
        assertRefused("maxRetryDelayNs=1", context().maxRetryDelayNs(1));
        assertRefused("alertAfter=-1", context().alertAfter(-1));
        assertRefused("minFreeSpace=-1", context().minFreeSpace(-1));
        final DeadLetterContext concluded = context().minFreeSpace(5).conclude();
        assertEquals(5, concluded.minFreeSpace());
        assertThrows(IllegalStateException.class, () -> concluded.maxRetries(1));
        assertThrows(IllegalStateException.class, concluded::conclude);
        final DeadLetterContext plain = new DeadLetterContext();
        assertEquals(3, plain.alertAfter());
        assertEquals(5, plain.maxRetries());
        assertEquals(DeadLetterAlert.NONE, plain.alert());
        plain.errorHandler().onError(new IllegalStateException("nobody hears it"));
    }

    private static LetterStatus status(final long letter, final int retries)
    {
        LetterStatus status = LetterStatus.first(
            LetterRecord.failed(letter, 1, 1, 1, Letters.failure("s", FailureKind.TRANSIENT)), letter, 1);
        for (int i = 0; i < retries; i++)
        {
            status = status.after(LetterRecord.note(LetterAction.RETRIED, status, ""), letter + i, 1);
        }
        return status;
    }

    private static void assertRefused(final String expected, final DeadLetterContext context)
    {
        final IllegalArgumentException ex = assertThrows(IllegalArgumentException.class, context::conclude);
        assertTrue(ex.getMessage().contains(expected), ex.getMessage());
    }

    private static String payload(final DeadLetterProcessor processor, final long letter)
    {
        final String[] payload = {null};
        assertTrue(processor.event(
            letter, event -> payload[0] = new String(event.payload(), StandardCharsets.UTF_8)));
        return payload[0];
    }

    private static LetterFailure transientFailure()
    {
        return Letters.failure("s", FailureKind.TRANSIENT);
    }

    private static LetterFailure fixableFailure()
    {
        return Letters.failure("s", FailureKind.FIXABLE);
    }

    private static LetterFailure manualFailure()
    {
        return Letters.failure("s", FailureKind.MANUAL);
    }

    private long failingAgain()
    {
        return alerts.stream().filter(alert -> alert.startsWith("FAILED_AGAIN")).count();
    }

    private DeadLetterContext context()
    {
        return Letters.context(directory)
            .retryDelayNs(DELAY_NS)
            .errorHandler(error -> errors.add(error.getMessage()))
            .alert((reason, letter, openLetters) -> alerts.add(
                reason + " " + letter.status().letter() + " " + letter.status().subscription() + " " +
                letter.message() + " " + openLetters));
    }
}
