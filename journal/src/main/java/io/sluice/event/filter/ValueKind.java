package io.sluice.event.filter;

/** What a value is. The first, second and fourth are the types of CloudEvents SQL. */
enum ValueKind
{
    BOOLEAN("true or false"),
    /** A whole number of 64 bits; CloudEvents SQL has 32. */
    INTEGER("a number"),
    DECIMAL("a number"),
    TEXT("a text"),
    /** Nanoseconds since 1970 UTC. */
    TIME("a time"),
    /** An object or array, as it stands in the payload or the metadata. */
    JSON("an object or array");

    private final String label;

    ValueKind(final String label)
    {
        this.label = label;
    }

    String label()
    {
        return label;
    }
}
