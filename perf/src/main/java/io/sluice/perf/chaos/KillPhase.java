package io.sluice.perf.chaos;

/** Where in its life a child is killed. */
enum KillPhase
{
    /** Before admission is open: it recovers and delivers again. */
    START("start"),
    /** While it publishes and handles. */
    PUBLISH("publish"),
    /** While a subscription is paused, ended, begun or promoted. */
    CHANGE("change"),
    /** While it closes in order, publishers still at work. */
    CLOSE("close");

    private final String label;

    KillPhase(final String label)
    {
        this.label = label;
    }

    /** @return name in JSON. */
    String label()
    {
        return label;
    }
}
