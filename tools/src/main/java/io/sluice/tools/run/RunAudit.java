package io.sluice.tools.run;

import io.sluice.event.EventException;
import io.sluice.event.EventFlyweight;
import java.nio.file.Path;

/**
 * Compares what a run accepted with what its closed journal holds, and what that holds with what was handled. Not
 * thread-safe.
 */
final class RunAudit
{
    private final RunState run;
    private final long runId;
    private long journaled;
    private long duplicates;
    private long notCompleted;
    private String trouble = "";

    RunAudit(final RunState run, final long runId)
    {
        this.run = run;
        this.runId = runId;
    }

    /**
     * Read the journal. Where that ends in trouble, what lies behind it counts as lost.
     *
     * @param reader       of the journal.
     * @param directory    data directory.
     * @param fromSequence first one that the run can have given.
     */
    void read(final JournalReader reader, final Path directory, final long fromSequence)
    {
        try
        {
            reader.read(directory, fromSequence, this::onRecord);
        }
        catch (final EventException ex)
        {
            trouble = ex.getMessage();
        }
        run.ledger().conclude();
    }

    private void onRecord(final EventFlyweight event)
    {
        if (event.runId() != runId)
        {
            return;
        }
        journaled++;
        run.ledger().found(event.idHigh(), event.idLow());
        if (event.verdict().isDuplicate())
        {
            duplicates++;
        }
        else if (!run.completions().contains(event.sequence()))
        {
            notCompleted++;
        }
    }

    /** @return records of the run, duplicates included. */
    long journaled()
    {
        return journaled;
    }

    long duplicates()
    {
        return duplicates;
    }

    /** @return records that are no duplicates and that no handler completed. */
    long notCompleted()
    {
        return notCompleted;
    }

    /** @return accepted and not found again, or found again and not completed. */
    long lost()
    {
        return run.ledger().missing() + notCompleted;
    }

    /** @return records of this run that nobody was told were accepted. */
    long unexpected()
    {
        return run.ledger().unexpected();
    }

    /** @return why the journal could not be read to its end; empty if it could. */
    String trouble()
    {
        return trouble;
    }
}
