package io.sluice.journal;

/** Is told when a tailer passes sequences that retention removed. */
@FunctionalInterface
public interface ExpiredRangeListener
{
    /** Does nothing. */
    ExpiredRangeListener NONE = (first, last) ->
    {
    };

    /**
     * Records are not there and will not come: their term was over. Where only some records of a stretch were removed,
     * there is a call for each gap.
     *
     * @param first sequence of them.
     * @param last  sequence of them.
     */
    void onExpiredRange(long first, long last);
}
