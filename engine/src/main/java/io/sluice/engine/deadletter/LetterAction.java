package io.sluice.engine.deadletter;

/** What a record in the journal of dead letters says. */
public enum LetterAction
{
    /** The event has failed for good, or again after a retry. The record is a copy of the event. */
    DEAD_LETTERED("dead-lettered"),
    /** The event is handed to the handler once more. */
    RETRIED("retried"),
    /** The event was repaired; the record is the repaired event, flagged as a correction. */
    FIXED("fixed"),
    /** The handler has taken the event. */
    DELIVERED("delivered"),
    /** The event was given up. */
    DROPPED("dropped"),
    /** The payload of this record is the metadata of the event in the record before, which had no room for it. */
    METADATA("metadata");

    private static final LetterAction[] ACTIONS = values();

    private final String label;

    LetterAction(final String label)
    {
        this.label = label;
    }

    /** @return the name in {@code metadata.deadLetter.action}. */
    public String label()
    {
        return label;
    }

    /** @return true if the record is a copy of the event, and not just a note of what was done. */
    public boolean isCopy()
    {
        return this == DEAD_LETTERED || this == FIXED;
    }

    /** @return the action of that name, or null. */
    static LetterAction of(final String label)
    {
        for (final LetterAction action : ACTIONS)
        {
            if (action.label.equals(label))
            {
                return action;
            }
        }
        return null;
    }
}
