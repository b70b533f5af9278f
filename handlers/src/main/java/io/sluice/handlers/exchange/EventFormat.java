package io.sluice.handlers.exchange;

import java.io.IOException;
import java.util.List;

/**
 * A format of files of events. Whoever has one of their own names the class in {@code
 * META-INF/services/io.sluice.handlers.exchange.EventFormat}, or adds it to {@link EventFormats}; it is then known by
 * its name and by the endings of its files, in the API as on the command line. Stateless and thread-safe; what it opens
 * is confined to one thread.
 */
public interface EventFormat
{
    /** @return its name, 1 to 32 of a-z, 0-9 and dashes. */
    String name();

    /** @return endings of its files, each with its dot and in lower case; empty for a format that is asked for only. */
    List<String> endings();

    /**
     * Begin to write, or go on.
     *
     * @param target where to; with the state in which writing goes on.
     * @return what writes.
     * @throws IOException from the target.
     */
    EventOutput openOutput(OutputTarget target) throws IOException;

    /**
     * Begin to read.
     *
     * @param source what to read.
     * @return what reads.
     * @throws IOException       from the source.
     * @throws ExchangeException if it is nothing of this format from its beginning on.
     */
    EventInput openInput(InputSource source) throws IOException;
}
