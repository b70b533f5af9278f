package io.sluice.handlers.source;

/** Hears of input that is no event. The source goes on behind it. Called on the thread that pulls. */
@FunctionalInterface
public interface MalformedInputListener
{
    /**
     * One piece of input was passed over.
     *
     * @param source name of the source.
     * @param line   where, from 1.
     * @param reason what is wrong with it, and what is allowed.
     */
    void onMalformed(String source, long line, String reason);
}
