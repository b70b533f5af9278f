package io.sluice.perf.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Protocols that are right pass; each way to falsify one is found, and as what it is. */
class SubscriptionLedgerTest
{
    private final ChaosFindings findings = new ChaosFindings();
    private final ChaosCounts counts = new ChaosCounts();

    @Test
    void shouldFindNothingWhenAllIsInOrder()
    {
        final SubscriptionLedger ledger = life(ChaosSubscription.IMMEDIATE);
        for (long sequence = 1; sequence <= 10_000; sequence++)
        {
            call(ledger, sequence, sequence, false);
        }
        ledger.beginLife();
        ledger.onRunning(10_000);
        call(ledger, 9_999, 9_999, true);
        call(ledger, 10_001, 10_001, false);

        assertTrue(findings.isOk(), () -> findings.messages().toString());
        assertEquals(10_002, counts.calls);
        assertEquals(1, counts.redelivered);
        assertTrue(ledger.isDone(10_001));
    }

    @Test
    void shouldSeeWhenAPriorityIsOutOfOrder()
    {
        final long low = first(number -> ChaosEvent.priorityOf(number) == 3);
        final long critical = first(number -> ChaosEvent.priorityOf(number) == 0);
        final SubscriptionLedger ledger = life(ChaosSubscription.IMMEDIATE);
        call(ledger, 7, low, false);
        call(ledger, 5, critical, false);
        assertTrue(findings.isOk(), "priorities have no order among each other");

        call(ledger, 6, low, false);

        assertOnly(Violation.DISORDERED);
    }

    @Test
    void shouldSeeWhenATailingOneLeavesTheOrderOfTheJournal()
    {
        final long wanted = first(ChaosSubscription.TAILING::wants);
        final SubscriptionLedger ledger = life(ChaosSubscription.TAILING);
        call(ledger, 7, wanted, false);
        call(ledger, 6, wanted, false);

        assertOnly(Violation.DISORDERED);
    }

    @Test
    void shouldSeeWhenAKeyIsOutOfOrder()
    {
        final long[] keys = ofTwoKeys(ChaosSubscription.TAILING_KEYED);
        final SubscriptionLedger ledger = life(ChaosSubscription.TAILING_KEYED);
        call(ledger, 7, keys[0], false);
        call(ledger, 5, keys[1], false);
        assertTrue(findings.isOk(), "keys have no order among each other");

        call(ledger, 6, keys[0], false);

        assertOnly(Violation.DISORDERED);
    }

    @Test
    void shouldSeeWhenAKeyIsCalledTwiceAtOnce()
    {
        final long[] keys = ofTwoKeys(ChaosSubscription.TAILING_KEYED);
        final SubscriptionLedger ledger = life(ChaosSubscription.TAILING_KEYED);
        ledger.onCall(1, keys[0], false);
        ledger.onCall(2, keys[1], false);
        assertTrue(findings.isOk(), "it is concurrent");

        ledger.onCall(3, keys[0], false);

        assertOnly(Violation.OVERLAPPING);
    }

    @Test
    void shouldSeeWhenTwoCallsOverlapWhereNoneMay()
    {
        final SubscriptionLedger ledger = life(ChaosSubscription.PLAIN);
        ledger.onCall(1, 1, false);
        ledger.onCall(2, 2, false);

        assertEquals(1, findings.count(Violation.OVERLAPPING));
    }

    @Test
    void shouldSeeWhenAHeldKeyGoesAheadOfWhatFailed()
    {
        final long wanted = first(ChaosSubscription.TAILING_HELD::wants);
        final SubscriptionLedger ledger = life(ChaosSubscription.TAILING_HELD);
        for (int attempt = 0; attempt < ChaosSubscription.attempts(); attempt++)
        {
            ledger.onCall(1, wanted, attempt > 0);
            ledger.onThrow(1, wanted);
        }
        call(ledger, 2, wanted, true);
        assertTrue(findings.isOk(), "the one before was given up");

        ledger.onCall(3, wanted, true);
        ledger.onThrow(3, wanted);
        ledger.onCall(4, wanted, true);

        assertOnly(Violation.DISORDERED);
    }

    /** A kill amid a hanging call: there may be a dead letter of it, or not, but not one and another call. */
    @Test
    void shouldLetTheNextOfAKeyGoOnlyBehindACallThatHungInAnEarlierLifeAndIsNotMadeAgain()
    {
        final long wanted = first(ChaosSubscription.TAILING_HELD::wants);
        final SubscriptionLedger ledger = life(ChaosSubscription.TAILING_HELD);
        ledger.onCall(1, wanted, false);
        ledger.onHang(1);
        ledger.beginLife();
        call(ledger, 2, wanted, true);
        assertTrue(findings.isOk(), "the one before was given up");

        ledger.onCall(1, wanted, true);

        assertOnly(Violation.DISORDERED);
    }

    @Test
    void shouldSeeWhenTheNextOfAKeyComesWhileACallHangs()
    {
        final long wanted = first(ChaosSubscription.TAILING_HELD::wants);
        final SubscriptionLedger ledger = life(ChaosSubscription.TAILING_HELD);
        ledger.onCall(1, wanted, false);
        ledger.onHang(1);

        ledger.onCall(2, wanted, false);

        assertEquals(1, findings.count(Violation.DISORDERED));
    }

    @Test
    void shouldSeeWhenAnEventComesAgainUnflagged()
    {
        final SubscriptionLedger ledger = life(ChaosSubscription.PLAIN);
        call(ledger, 1, 1, false);
        ledger.beginLife();
        call(ledger, 1, 1, false);

        assertOnly(Violation.MISFLAGGED);
    }

    @Test
    void shouldSeeWhenANewEventIsFlagged()
    {
        call(life(ChaosSubscription.PLAIN), 1, 1, true);

        assertOnly(Violation.MISFLAGGED);
    }

    @Test
    void shouldSeeWhenAnEventIsRepeatedThoughItDidNotFail()
    {
        final SubscriptionLedger ledger = life(ChaosSubscription.PLAIN);
        call(ledger, 1, 1, false);
        call(ledger, 1, 1, true);

        assertOnly(Violation.REPEATED);
    }

    @Test
    void shouldAllowARepetitionWhenTheCallFailed()
    {
        final SubscriptionLedger ledger = life(ChaosSubscription.IMMEDIATE);
        ledger.onCall(1, 1, false);
        ledger.onThrow(1, 1);
        call(ledger, 2, 2, false);
        call(ledger, 1, 1, true);

        assertTrue(findings.isOk(), () -> findings.messages().toString());
        assertEquals(1, counts.failed);
    }

    @Test
    void shouldSeeWhenSomethingUnwantedComes()
    {
        final long unwanted = first(number -> !ChaosSubscription.BREAKING.wants(number));
        call(life(ChaosSubscription.BREAKING), 1, unwanted, false);

        assertOnly(Violation.STRANGE);
    }

    private SubscriptionLedger life(final ChaosSubscription kind)
    {
        final SubscriptionLedger ledger = new SubscriptionLedger(kind, findings, counts);
        ledger.beginLife();
        ledger.onRunning(0);
        return ledger;
    }

    private void assertOnly(final Violation violation)
    {
        assertEquals(1, findings.count(violation), () -> findings.messages().toString());
        assertEquals(1, findings.total(), () -> findings.messages().toString());
    }

    private static void call(
        final SubscriptionLedger ledger, final long sequence, final long number, final boolean isFlagged)
    {
        ledger.onCall(sequence, number, isFlagged);
        ledger.onDone(sequence, number);
    }

    private static long first(final LongPredicate wanted)
    {
        return LongStream.range(0, 1_000).filter(wanted).findFirst().orElseThrow();
    }

    private static long[] ofTwoKeys(final ChaosSubscription kind)
    {
        final long one = first(kind::wants);
        return new long[] {
            one, first(number -> kind.wants(number) && ChaosEvent.keyOf(number) != ChaosEvent.keyOf(one))};
    }
}
