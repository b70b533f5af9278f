package io.sluice.event;

/** A field of an event has a value that no record may hold. Nothing was published. */
public final class EventValidationException extends EventException
{
    private static final long serialVersionUID = 1L;
    private static final int SHOWN_CHARACTERS = 60;

    private final String field;

    /**
     * @param field  name of the field, as in JSON.
     * @param value  what was given; shown shortened.
     * @param remedy the limit or the values that are allowed.
     */
    public EventValidationException(final String field, final String value, final String remedy)
    {
        super(field + " '" + shorten(value) + "' is not valid: " + remedy);
        this.field = field;
    }

    /** @return name of the field. */
    public String field()
    {
        return field;
    }

    private static String shorten(final String value)
    {
        return value.length() <= SHOWN_CHARACTERS ?
            value : value.substring(0, SHOWN_CHARACTERS) + "… (" + value.length() + " characters)";
    }
}
