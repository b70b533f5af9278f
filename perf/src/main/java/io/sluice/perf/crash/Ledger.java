package io.sluice.perf.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the children of one data directory said they did, over all their lives. Not thread-safe.
 */
final class Ledger
{
    /** The receipt did not say. */
    static final int NOT_TOLD = -1;

    /** Verdict of an acknowledgement that only says that it is a duplicate. */
    static final int SOME_DUPLICATE = -2;

    /**
     * @param attempt    number of it, unique in the directory.
     * @param idKey      that it was published with.
     * @param contentKey that it was published with.
     */
    record Attempt(long attempt, long idKey, long contentKey)
    {
    }

    /**
     * @param attempt          that is acknowledged.
     * @param sequence         that it got.
     * @param verdict          code, {@link #SOME_DUPLICATE} or {@link #NOT_TOLD}.
     * @param originalSequence of a duplicate, or {@link #NOT_TOLD}.
     * @param idKey            that the receipt names.
     */
    record Acknowledgement(long attempt, long sequence, int verdict, long originalSequence, long idKey)
    {
    }

    /**
     * @param run           of a child that handled it.
     * @param sequence      that the handler saw.
     * @param idKey         that the handler saw.
     * @param contentKey    that the handler saw.
     * @param isRedelivered whether it was flagged so.
     */
    record Handling(int run, long sequence, long idKey, long contentKey, boolean isRedelivered)
    {
    }

    private final Map<Long, Attempt> attempts = new HashMap<>();
    private final List<Acknowledgement> acknowledgements = new ArrayList<>();
    private final List<Handling> handlings = new ArrayList<>();
    private final List<Long> recoveredByRun = new ArrayList<>();

    /** A child starts on the directory. */
    void startRun()
    {
        recoveredByRun.add((long)NOT_TOLD);
    }

    void attempt(final long attempt, final long idKey, final long contentKey)
    {
        attempts.put(attempt, new Attempt(attempt, idKey, contentKey));
    }

    void acknowledge(
        final long attempt, final long sequence, final int verdict, final long originalSequence, final long idKey)
    {
        acknowledgements.add(new Acknowledgement(attempt, sequence, verdict, originalSequence, idKey));
    }

    void handle(final long sequence, final long idKey, final long contentKey, final boolean isRedelivered)
    {
        handlings.add(new Handling(recoveredByRun.size() - 1, sequence, idKey, contentKey, isRedelivered));
    }

    /** The child that runs says what was the last sequence when it started. */
    void recovered(final long lastSequence)
    {
        recoveredByRun.set(recoveredByRun.size() - 1, lastSequence);
    }

    Map<Long, Attempt> attempts()
    {
        return attempts;
    }

    List<Acknowledgement> acknowledgements()
    {
        return acknowledgements;
    }

    List<Handling> handlings()
    {
        return handlings;
    }

    /** Last sequence at the start of a run, {@link #NOT_TOLD} if it was killed before it could say. */
    long recoveredBy(final int run)
    {
        return recoveredByRun.get(run);
    }
}
