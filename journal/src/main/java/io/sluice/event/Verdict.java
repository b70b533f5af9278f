package io.sluice.event;

/**
 * What sequencing decided about an event, in the same step that gave it its sequence. The code is what a record holds.
 */
public enum Verdict
{
    /** Not yet sequenced. */
    UNSEQUENCED,
    /** New: handled by every matching subscription. */
    ACCEPTED,
    /** An event with this id was journaled before: journaled, not handled. */
    DUPLICATE_ID,
    /**
     * An event with this type, source and payload was journaled within the window of its type: journaled, not handled.
     */
    DUPLICATE_CONTENT;

    private static final Verdict[] BY_CODE = values();

    /** @return the code in the record. */
    public int code()
    {
        return ordinal();
    }

    /** @return true if the event repeats an earlier one. */
    public boolean isDuplicate()
    {
        return this == DUPLICATE_ID || this == DUPLICATE_CONTENT;
    }

    /**
     * Verdict of a code.
     *
     * @param code as a record holds it.
     * @return the verdict.
     * @throws EventValidationException if the code is out of range.
     */
    public static Verdict of(final int code)
    {
        if (code < 0 || code >= BY_CODE.length)
        {
            throw new EventValidationException(
                "verdict", Integer.toString(code), "the record is damaged or of a newer version");
        }
        return BY_CODE[code];
    }
}
