package io.sluice.perf.archive;

import io.sluice.event.EventBuilder;
import org.agrona.concurrent.EpochNanoClock;

/** Events to fill a journal with, and the clock that the engine goes by meanwhile. Confined to one thread. */
interface EventFeed extends AutoCloseable
{
    /** @return name in figures. */
    String name();

    /** @return clock of the engine; the feed moves it if it has a time of its own. */
    EpochNanoClock clock();

    /**
     * Fill in the next event.
     *
     * @param event cleared and filled in.
     * @return false at the end.
     */
    boolean next(EventBuilder event);

    /** The last event is published and is sequenced next: it took its time to get there. */
    void onPublished();

    @Override
    void close();
}
