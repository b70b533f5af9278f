package io.sluice.engine.rule;

/**
 * The rules that give events another priority where they are admitted. What they change is what the journal holds; the
 * priority that the publisher gave is not kept, as that would mean to write the record again.
 *
 * <p>Thread-safe. Never blocks, allocates nothing.
 */
public final class AdmissionRules
{
    private final RuleTable table;

    AdmissionRules(final RuleTable table)
    {
        this.table = table;
    }

    /** @return true if there are none at present; one volatile read. */
    public boolean isEmpty()
    {
        return table.versions().newest().admission().size() == 0;
    }

    /** @return what a thread needs that publishes. */
    public AdmissionRun newRun()
    {
        return new AdmissionRun(table);
    }
}
