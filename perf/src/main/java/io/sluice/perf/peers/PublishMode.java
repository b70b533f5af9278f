package io.sluice.perf.peers;

/** How the one publisher goes about it. */
enum PublishMode
{
    /** Each event is acknowledged before the next one is published. */
    WAITING,
    /** One message, record or call per event, as many on their way as the client takes. */
    UNBATCHED,
    /** Gathered by the client, where it can. */
    BATCHED;

    /** @return name in figures. */
    String label()
    {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
