package io.sluice.engine;

import org.agrona.DirectBuffer;

/** One call of a handler that a worker is to make, and what came of it. */
interface HandlerCall
{
    /** @return buffer that holds the record, at its beginning. */
    DirectBuffer buffer();

    /** @return whether the handler may have had the event before. */
    boolean isRedelivered();

    /**
     * The worker, last of all.
     *
     * @param failure   what the handler threw, or null.
     * @param startedNs time of the call, nanoseconds since 1970 UTC.
     * @param endedNs   time of its end.
     */
    void complete(Throwable failure, long startedNs, long endedNs);

    /** Delivery thread: the call will not be made. */
    void drop();
}
