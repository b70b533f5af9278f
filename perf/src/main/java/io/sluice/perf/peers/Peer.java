package io.sluice.perf.peers;

import java.nio.file.Path;

/**
 * Something that takes events from one thread and hands them to a consumer: a server, a library, or Sluice. It is
 * started once, used by one thread, and closed. Whatever is thrown before the close makes its figures void.
 */
interface Peer extends AutoCloseable
{
    /** @return short name, for figures and directories. */
    String name();

    /** @return what an acknowledged event survives. */
    DurabilityClass durability();

    /** @return whether it is a message broker; the targets are about those. */
    default boolean isBroker()
    {
        return false;
    }

    /** @return why it can't run on this machine, empty if it can. Asked before {@link #start}. */
    default String missing()
    {
        return "";
    }

    /**
     * Start it, with a consumer.
     *
     * @param directory that does not exist yet, for all that it writes; deleted by the caller after the close.
     * @param arrivals  that the consumer shows every event to, on one thread.
     * @throws Exception if it does not come up.
     */
    void start(Path directory, ArrivalCheck arrivals) throws Exception;

    /** @return version, settings, and how it publishes, in words. After the start. */
    String settings();

    /**
     * Publish one event as a message, a record or a call of its own, as its client does without being told to gather.
     * Returns when the client takes the next one, which need not mean that this one is acknowledged.
     *
     * @param event to copy.
     * @throws Exception if it can't.
     */
    void publish(PeerEvent event) throws Exception;

    /** @return whether the client can gather events on purpose. */
    default boolean hasBatches()
    {
        return false;
    }

    /**
     * Publish one event in the way that gives the most events per second: it may wait for others.
     *
     * @param event to copy.
     * @throws Exception if it can't.
     */
    default void publishBatched(final PeerEvent event) throws Exception
    {
        publish(event);
    }

    /**
     * Wait until everything that was published is acknowledged in the sense of its class. Sends what waits for others.
     *
     * @throws Exception if anything was refused, or takes too long.
     */
    void awaitAcknowledged() throws Exception;

    /**
     * Look at what it has kept, if there is a way. After everything has arrived; it takes no more events then.
     *
     * @throws Exception if an event is missing.
     */
    default void check() throws Exception
    {
    }

    /** Stop everything that it has started, also after a start that failed. */
    @Override
    void close();
}
