package io.sluice.perf.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The checker must bite: each test doctors a sound history in one way. */
class LedgerCheckTest
{
    private static final long WINDOW_NS = 1_000;

    private final Ledger ledger = new Ledger();
    private final List<JournalRecord> journal = new ArrayList<>();

    // 1 and 2 are new; 3 repeats the id of 1; 4 repeats the content of 2; 5 was never acknowledged; 6 came after a
    // restart.
    @BeforeEach
    void makeSoundHistory()
    {
        ledger.startRun();
        ledger.recovered(0);
        publish(1, 1, 1);
        publish(2, 2, 2);
        publish(3, 1, 3);
        publish(4, 4, 2);
        publish(5, 5, 5);
        publish(7, 7, 7);
        journal.add(new JournalRecord(1, 1, 1, Verdict.ACCEPTED, 0, 10));
        journal.add(new JournalRecord(2, 2, 2, Verdict.ACCEPTED, 0, 20));
        journal.add(new JournalRecord(3, 1, 3, Verdict.DUPLICATE_ID, 1, 30));
        journal.add(new JournalRecord(4, 4, 2, Verdict.DUPLICATE_CONTENT, 2, 40));
        journal.add(new JournalRecord(5, 5, 5, Verdict.ACCEPTED, 0, 50));
        journal.add(new JournalRecord(6, 6, 6, Verdict.ACCEPTED, 0, 60));
        ledger.acknowledge(1, 1, Verdict.ACCEPTED.code(), 0, 1);
        ledger.acknowledge(2, 2, Verdict.ACCEPTED.code(), Ledger.NOT_TOLD, 2);
        ledger.acknowledge(3, 3, Verdict.DUPLICATE_ID.code(), 1, 1);
        ledger.acknowledge(4, 4, Ledger.SOME_DUPLICATE, Ledger.NOT_TOLD, 4);
        ledger.handle(1, 1, 1, false);
        ledger.startRun();
        ledger.handle(2, 2, 2, true);
        ledger.handle(5, 5, 5, true);
        ledger.recovered(5);
        publish(6, 6, 6);
        ledger.acknowledge(6, 6, Verdict.ACCEPTED.code(), 0, 6);
        ledger.handle(6, 6, 6, false);
    }

    @Test
    void shouldFindNothingWhenTheHistoryIsSound()
    {
        final CrashFindings findings = check();

        assertTrue(findings.isOk(), findings.messages().toString());
        assertEquals(List.of(), findings.messages());
    }

    @Test
    void shouldMissAnEventWhenItWasAcknowledgedAndIsNotInTheJournal()
    {
        journal.remove(5);

        final CrashFindings findings = check();

        // Acknowledged and handled, both of nothing.
        assertEquals(2, findings.missing());
        assertFalse(findings.isOk());
    }

    @Test
    void shouldMissAnEventWhenAnotherOneHasItsSequence()
    {
        journal.set(5, new JournalRecord(6, 7, 7, Verdict.ACCEPTED, 0, 60));

        assertEquals(2, check().missing());
    }

    @Test
    void shouldMissAnEventWhenItsContentHasChanged()
    {
        journal.set(0, new JournalRecord(1, 1, CrashEvent.UNKNOWN, Verdict.ACCEPTED, 0, 10));

        assertTrue(check().missing() > 0);
    }

    @Test
    void shouldMissAnEventWhenTwoAcknowledgementsNameOneSequence()
    {
        publish(8, 6, 6);
        ledger.acknowledge(8, 6, Verdict.ACCEPTED.code(), 0, 6);

        assertEquals(1, check().missing());
    }

    @Test
    void shouldReportARecordWhenItWasNeverPublished()
    {
        journal.add(new JournalRecord(7, 99, 99, Verdict.ACCEPTED, 0, 70));
        ledger.handle(7, 99, 99, false);

        assertEquals(1, check().missing());
    }

    @Test
    void shouldCountAGapWhenASequenceIsSkipped()
    {
        publish(9, 9, 9);
        journal.add(new JournalRecord(9, 9, 9, Verdict.ACCEPTED, 0, 70));
        ledger.handle(9, 9, 9, false);

        assertEquals(2, check().gaps());
    }

    @Test
    void shouldCountAGapWhenASequenceRepeatsOrTheFirstIsNotOne()
    {
        journal.add(new JournalRecord(6, 6, 6, Verdict.DUPLICATE_ID, 1, 70));
        assertEquals(1, check().gaps());

        journal.remove(6);
        journal.remove(0);
        assertEquals(1, check().gaps());
    }

    @Test
    void shouldReportAnEventWhenNobodyHandledIt()
    {
        publish(7, 7, 7);
        journal.add(new JournalRecord(7, 7, 7, Verdict.ACCEPTED, 0, 70));
        ledger.acknowledge(7, 7, Verdict.ACCEPTED.code(), 0, 7);

        final CrashFindings findings = check();

        assertEquals(1, findings.notRedelivered());
        assertEquals(0, findings.missing());
        assertFalse(findings.isOk());
    }

    @Test
    void shouldReportAHandlingWhenTheFlagIsWrong()
    {
        ledger.handle(2, 2, 2, false);
        assertEquals(1, check().notRedelivered());

        ledger.handle(6, 6, 6, true);
        assertEquals(2, check().notRedelivered());
    }

    @Test
    void shouldReportAHandlingWhenItsEventIsNotInTheJournal()
    {
        ledger.handle(42, 7, 7, false);

        assertEquals(1, check().missing());
    }

    @Test
    void shouldReportAVerdictWhenADuplicateWasHandled()
    {
        ledger.handle(3, 1, 3, true);

        assertEquals(1, check().wrongVerdicts());
    }

    @Test
    void shouldReportAVerdictWhenTheOriginalDoesNotExist()
    {
        journal.set(2, new JournalRecord(3, 1, 3, Verdict.DUPLICATE_ID, 42, 30));

        // Told was 1, journaled is 42; and there is no 42.
        assertEquals(2, check().wrongVerdicts());
    }

    @Test
    void shouldReportAVerdictWhenTheOriginalComesLater()
    {
        journal.set(2, new JournalRecord(3, 1, 3, Verdict.DUPLICATE_ID, 5, 30));

        assertEquals(2, check().wrongVerdicts());
    }

    @Test
    void shouldReportAVerdictWhenTheOriginalIsAnotherEvent()
    {
        journal.set(3, new JournalRecord(4, 4, 2, Verdict.DUPLICATE_CONTENT, 1, 40));

        assertEquals(1, check().wrongVerdicts());
    }

    @Test
    void shouldReportAVerdictWhenTheOriginalIsADuplicateItself()
    {
        journal.set(3, new JournalRecord(4, 4, 2, Verdict.DUPLICATE_CONTENT, 3, 40));

        assertEquals(1, check().wrongVerdicts());
    }

    @Test
    void shouldReportAVerdictWhenTheAcknowledgementSaidOtherwise()
    {
        publish(8, 8, 8);
        journal.add(new JournalRecord(7, 8, 8, Verdict.ACCEPTED, 0, 70));
        ledger.handle(7, 8, 8, false);
        ledger.acknowledge(8, 7, Ledger.SOME_DUPLICATE, Ledger.NOT_TOLD, 8);

        assertEquals(1, check().wrongVerdicts());
    }

    @Test
    void shouldReportAVerdictWhenAnIdIsAcceptedTwice()
    {
        publish(8, 5, 8);
        journal.add(new JournalRecord(7, 5, 8, Verdict.ACCEPTED, 0, 70));
        ledger.handle(7, 5, 8, false);

        assertEquals(1, check().wrongVerdicts());
    }

    @Test
    void shouldReportAVerdictWhenAContentIsAcceptedTwiceInItsWindow()
    {
        publish(8, 8, 5);
        journal.add(new JournalRecord(7, 8, 5, Verdict.ACCEPTED, 0, 50 + WINDOW_NS - 1));
        ledger.handle(7, 8, 5, false);
        assertEquals(1, check().wrongVerdicts());

        journal.set(6, new JournalRecord(7, 8, 5, Verdict.ACCEPTED, 0, 50 + WINDOW_NS));
        assertEquals(0, check().wrongVerdicts());
    }

    @Test
    void shouldFollowADuplicateWhenAnotherDuplicateHasItsId()
    {
        // 4 has the id of a duplicate of 2, so what repeats that id repeats 2.
        publish(8, 4, 8);
        journal.add(new JournalRecord(7, 4, 8, Verdict.DUPLICATE_ID, 2, 70));

        final CrashFindings findings = check();

        assertTrue(findings.isOk(), findings.messages().toString());
    }

    private void publish(final long attempt, final long idKey, final long contentKey)
    {
        ledger.attempt(attempt, idKey, contentKey);
    }

    private CrashFindings check()
    {
        return LedgerCheck.check(ledger, journal, WINDOW_NS);
    }
}
