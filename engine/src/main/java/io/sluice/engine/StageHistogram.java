package io.sluice.engine;

import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;

/**
 * A latency histogram with one recording thread and one reading thread. Recording is a plain store: the recording
 * thread hands its histogram over by itself, at the start of a duty cycle, when the reader has put an empty one in
 * place.
 *
 * <pre>
 *   reader: offer empty ──► recorder, next duty cycle: swap ──► reader: take full, add to total, clear, offer again
 * </pre>
 */
final class StageHistogram
{
    private static final int DIGITS = 3;

    private final long highestNs;
    private final AtomicReference<Histogram> offered = new AtomicReference<>();
    private final AtomicReference<Histogram> full = new AtomicReference<>();
    private Histogram active;

    /**
     * @param highestNs longest latency kept apart; longer ones count as this.
     */
    StageHistogram(final long highestNs)
    {
        this.highestNs = highestNs;
        active = newHistogram();
    }

    /** Recording thread. */
    void record(final long latencyNs)
    {
        active.recordValue(Math.min(Math.max(latencyNs, 0L), highestNs));
    }

    /** Recording thread, once per duty cycle. */
    void onDutyCycle()
    {
        if (offered.getOpaque() != null)
        {
            swap();
        }
    }

    /** Reading thread: let the recorder swap at its next duty cycle. */
    void requestInterval(final Histogram empty)
    {
        offered.set(empty);
    }

    /** Reading thread: the interval asked for, or null if the recorder has not got round to it. */
    Histogram takeInterval()
    {
        return full.getAndSet(null);
    }

    /** A thread that knows that the recorder has ended: what was recorded last. */
    Histogram takeRest()
    {
        final Histogram rest = active;
        active = newHistogram();
        return rest;
    }

    Histogram newHistogram()
    {
        return new Histogram(highestNs, DIGITS);
    }

    private void swap()
    {
        final Histogram empty = offered.getAndSet(null);
        if (empty != null)
        {
            final Histogram interval = active;
            active = empty;
            full.set(interval);
        }
    }
}
