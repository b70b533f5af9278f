package io.sluice.perf.subject;

/** How events get into the engine. */
public enum PublishPath
{
    /** Encoded in the claimed slot, no copy. */
    CLAIM("claim"),
    /** Built with the builder, encoded into a buffer of the thread, copied into the slot. */
    EVERYDAY("everyday");

    private final String label;

    PublishPath(final String label)
    {
        this.label = label;
    }

    /** @return the name in figures. */
    public String label()
    {
        return label;
    }
}
