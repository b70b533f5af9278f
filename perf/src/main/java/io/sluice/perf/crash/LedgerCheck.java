package io.sluice.perf.crash;

import io.sluice.event.Verdict;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares the ledger with a journal that was read after a restart, once redelivery was over.
 *
 * <ul>
 * <li>missing: acknowledged, but not at its sequence as it was published; or handled, but not in the journal; or in the
 *     journal, but never published.
 * <li>gap: a sequence that is not the one before plus one, from 1 on.
 * <li>not redelivered: accepted and in the journal, but no handler call for it was ever completed; or handed out again
 *     without the flag, or for the first time with it though it came after the restart.
 * <li>wrong verdict: acknowledged with another verdict than the journal's; called a duplicate without an accepted
 *     original before it that has the same id or content, or of which an earlier duplicate has it; or accepted although
 *     it repeats an accepted one within the horizon.
 * </ul>
 */
final class LedgerCheck
{
    private final Ledger ledger;
    private final List<JournalRecord> journal;
    private final long contentWindowNs;
    private final CrashFindings findings = new CrashFindings();
    private final Map<Long, JournalRecord> bySequence = new HashMap<>();
    private final Map<String, Set<Long>> originals = new HashMap<>();

    private LedgerCheck(final Ledger ledger, final List<JournalRecord> journal, final long contentWindowNs)
    {
        this.ledger = ledger;
        this.journal = journal;
        this.contentWindowNs = contentWindowNs;
    }

    /**
     * Check everything.
     *
     * @param ledger          of the directory.
     * @param journal         all of it, in the order of reading.
     * @param contentWindowNs in which the engine must recognise a repeated content.
     * @return what is wrong.
     */
    static CrashFindings check(final Ledger ledger, final List<JournalRecord> journal, final long contentWindowNs)
    {
        final LedgerCheck check = new LedgerCheck(ledger, journal, contentWindowNs);
        check.checkOrder();
        check.checkOrigin();
        check.checkAcknowledgements();
        check.checkVerdicts();
        check.checkHandlings();
        return check.findings;
    }

    private void checkOrder()
    {
        long last = 0;
        for (final JournalRecord record : journal)
        {
            final long sequence = record.sequence();
            if (sequence > last + 1)
            {
                findings.gap(sequence - last - 1, "sequence " + sequence + " follows " + last);
            }
            else if (sequence <= last)
            {
                findings.gap(1, "sequence " + sequence + " follows " + last);
            }
            last = Math.max(last, sequence);
            bySequence.putIfAbsent(sequence, record);
        }
    }

    private void checkOrigin()
    {
        final Set<List<Long>> published = new HashSet<>();
        for (final Ledger.Attempt attempt : ledger.attempts().values())
        {
            published.add(List.of(attempt.idKey(), attempt.contentKey()));
        }
        for (final JournalRecord record : journal)
        {
            if (!published.contains(List.of(record.idKey(), record.contentKey())))
            {
                findings.missing("record " + record + " was never published like that");
            }
        }
    }

    private void checkAcknowledgements()
    {
        final Map<Long, Long> attemptBySequence = new HashMap<>();
        for (final Ledger.Acknowledgement told : ledger.acknowledgements())
        {
            final Ledger.Attempt attempt = ledger.attempts().get(told.attempt());
            final JournalRecord record = bySequence.get(told.sequence());
            if (attempt == null)
            {
                findings.missing("acknowledgement " + told + " of nothing that was published");
                continue;
            }
            if (record == null)
            {
                findings.missing("acknowledged " + told + " is not in the journal");
                continue;
            }
            if (record.idKey() != attempt.idKey() || record.contentKey() != attempt.contentKey() ||
                told.idKey() != attempt.idKey())
            {
                findings.missing("acknowledged " + told + " of " + attempt + " is another event: " + record);
            }
            final Long other = attemptBySequence.put(told.sequence(), told.attempt());
            if (other != null)
            {
                findings.missing(
                    "sequence " + told.sequence() + " acknowledged to " + other + " and " + told.attempt());
            }
            if (!isVerdictOf(told, record))
            {
                findings.wrongVerdict("acknowledged " + told + ", journaled " + record);
            }
        }
    }

    private static boolean isVerdictOf(final Ledger.Acknowledgement told, final JournalRecord record)
    {
        if (told.originalSequence() != Ledger.NOT_TOLD && told.originalSequence() != record.originalSequence())
        {
            return false;
        }
        switch (told.verdict())
        {
            case Ledger.NOT_TOLD:
                return true;
            case Ledger.SOME_DUPLICATE:
                return record.verdict().isDuplicate();
            default:
                return told.verdict() == record.verdict().code();
        }
    }

    private void checkVerdicts()
    {
        final Map<Long, JournalRecord> acceptedById = new HashMap<>();
        final Map<Long, JournalRecord> acceptedByContent = new HashMap<>();
        for (final JournalRecord record : journal)
        {
            switch (record.verdict())
            {
                case ACCEPTED:
                    final JournalRecord sameId = acceptedById.put(record.idKey(), record);
                    final JournalRecord sameContent = acceptedByContent.put(record.contentKey(), record);
                    if (sameId != null)
                    {
                        findings.wrongVerdict("accepted " + record + " has the id of the accepted " + sameId);
                    }
                    else if (sameContent != null &&
                        record.journalTimeNs() - sameContent.journalTimeNs() < contentWindowNs)
                    {
                        findings.wrongVerdict("accepted " + record + " has the content of the accepted " + sameContent);
                    }
                    break;

                case DUPLICATE_ID:
                case DUPLICATE_CONTENT:
                    checkOriginal(record);
                    break;

                default:
                    findings.wrongVerdict("journaled without a verdict: " + record);
                    break;
            }
            learnOriginal(record);
        }
    }

    private void checkOriginal(final JournalRecord record)
    {
        final JournalRecord original = bySequence.get(record.originalSequence());
        if (original == null || original.sequence() >= record.sequence())
        {
            findings.wrongVerdict("duplicate " + record + " of nothing before it");
        }
        else if (original.verdict() != Verdict.ACCEPTED)
        {
            findings.wrongVerdict("duplicate " + record + " of " + original + ", which is a duplicate itself");
        }
        else if (!originals.getOrDefault(keyOf(record), Set.of()).contains(original.sequence()))
        {
            findings.wrongVerdict("duplicate " + record + " of " + original + ", which is another event");
        }
    }

    // What stands for an id or a content is the accepted event behind it: the one that has it, or whose duplicate
    // has it.
    private void learnOriginal(final JournalRecord record)
    {
        final long root = record.verdict() == Verdict.ACCEPTED ? record.sequence() : record.originalSequence();
        originals.computeIfAbsent("id " + record.idKey(), (key) -> new HashSet<>()).add(root);
        originals.computeIfAbsent("content " + record.contentKey(), (key) -> new HashSet<>()).add(root);
    }

    private static String keyOf(final JournalRecord record)
    {
        return record.verdict() == Verdict.DUPLICATE_ID ? "id " + record.idKey() : "content " + record.contentKey();
    }

    private void checkHandlings()
    {
        final Set<Long> handled = new HashSet<>();
        for (final Ledger.Handling handling : ledger.handlings())
        {
            final JournalRecord record = bySequence.get(handling.sequence());
            if (record == null)
            {
                findings.missing("handled " + handling + " is not in the journal");
                continue;
            }
            if (record.idKey() != handling.idKey() || record.contentKey() != handling.contentKey())
            {
                findings.missing("handled " + handling + " is another event in the journal: " + record);
                continue;
            }
            if (record.verdict() != Verdict.ACCEPTED)
            {
                findings.wrongVerdict("handled " + handling + " though it is " + record);
            }
            handled.add(handling.sequence());
            final long recovered = ledger.recoveredBy(handling.run());
            // A child that was killed while it recovered has not said how far the journal went, but it handles old
            // events only.
            final boolean isOld = recovered == Ledger.NOT_TOLD || handling.sequence() <= recovered;
            if (isOld != handling.isRedelivered())
            {
                findings.notRedelivered(
                    "handled " + handling + " where " + recovered + " was the last sequence at the start");
            }
        }
        for (final JournalRecord record : journal)
        {
            if (record.verdict() == Verdict.ACCEPTED && !handled.contains(record.sequence()))
            {
                findings.notRedelivered("no handler call was ever completed for " + record);
            }
        }
    }
}
