package io.sluice.handlers.exchange;

/** Watches an export or import. Called on the thread that does it, every few hundred events; must not block. */
@FunctionalInterface
public interface ExchangeProgress
{
    /** Watches nothing. */
    ExchangeProgress NONE = (events, done, total) -> {};

    /**
     * Some more is done.
     *
     * @param events that were written so far.
     * @param done   so far: sequences of the range of an export, bytes of the input of an import.
     * @param total  of the same; 0 if unknown.
     */
    void onProgress(long events, long done, long total);
}
