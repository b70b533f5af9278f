package io.sluice.journal;

/** Is told when a tailer passes sequences that damage took and a repair wrote off. */
@FunctionalInterface
public interface LostRangeListener
{
    /** Does nothing. */
    LostRangeListener NONE = (first, last) ->
    {
    };

    /**
     * Records are not there and will not come.
     *
     * @param first sequence of them.
     * @param last  sequence of them.
     */
    void onLostRange(long first, long last);
}
