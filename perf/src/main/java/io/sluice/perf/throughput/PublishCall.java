package io.sluice.perf.throughput;

/** A publish call whose cost on the caller's thread is measured. */
interface PublishCall extends AutoCloseable
{
    /**
     * Publish an event.
     *
     * @param number to put into it.
     */
    void publish(long number);

    /** @return events that came out at the other end. */
    long handled();

    /** Stop and check that all came out. */
    @Override
    void close();
}
