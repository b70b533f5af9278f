package io.sluice.journal;

/**
 * Is told when the journal enters and leaves a {@link JournalPhase}, on the thread that does the work: {@link
 * JournalPhase#SYNC} on the one that forces, beside the others. For crash tests, which end the process there.
 */
@FunctionalInterface
public interface JournalPhaseListener
{
    /** Step number at the end of a phase. */
    int END = Integer.MAX_VALUE;

    /** Does nothing. */
    JournalPhaseListener NONE = (phase, step) ->
    {
    };

    /**
     * A phase got somewhere.
     *
     * @param phase that is going on.
     * @param step  0 at its begin, then 1, 2, … after each thing that it did, {@link #END} at its end.
     */
    void onStep(JournalPhase phase, int step);
}
