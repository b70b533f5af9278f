package io.sluice.engine.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * How often, and after which pauses, an event is given again to a handler that threw.
 *
 * <p>The pause behind attempt <i>n</i> is {@code firstDelayNs · factor}<sup>n-1</sup>, at most {@code maxDelayNs}, and
 * then longer or shorter by a random part of at most {@code jitter}, so that what failed together does not come back
 * together.
 *
 * <p>Immutable: each setter returns a new one, and any thread may use it.
 */
public final class RetryPolicy
{
    /** Three attempts, 100 ms and 200 ms apart, ± 20 %, skipping ahead. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(
        3,
        TimeUnit.MILLISECONDS.toNanos(100),
        2.0,
        TimeUnit.SECONDS.toNanos(30),
        0.2,
        RetryOrder.SKIP_AHEAD,
        List.of(),
        failure -> true);
    /** One attempt: whatever the handler throws is final. */
    public static final RetryPolicy NONE = DEFAULT.attempts(1);

    private static final int MAX_ATTEMPTS = 1_000_000;
    private static final long LONGEST_NS = TimeUnit.DAYS.toNanos(365);
    private static final double MAX_FACTOR = 1000.0;

    private final int attempts;
    private final long firstDelayNs;
    private final double factor;
    private final long maxDelayNs;
    private final double jitter;
    private final RetryOrder order;
    private final List<Class<? extends Throwable>> finalTypes;
    private final Predicate<? super Throwable> retryOn;

    private RetryPolicy(
        final int attempts,
        final long firstDelayNs,
        final double factor,
        final long maxDelayNs,
        final double jitter,
        final RetryOrder order,
        final List<Class<? extends Throwable>> finalTypes,
        final Predicate<? super Throwable> retryOn)
    {
        this.attempts = attempts;
        this.firstDelayNs = firstDelayNs;
        this.factor = factor;
        this.maxDelayNs = maxDelayNs;
        this.jitter = jitter;
        this.order = order;
        this.finalTypes = finalTypes;
        this.retryOn = retryOn;
    }

    /**
     * @param count of attempts, the first call included, 1 to 1000000; 3 by default.
     * @return a policy with that many.
     * @throws IllegalArgumentException if it is out of range.
     */
    public RetryPolicy attempts(final int count)
    {
        require(
            count >= 1 && count <= MAX_ATTEMPTS,
            "retry attempts=" + count + ": use 1 (no retry) to " + MAX_ATTEMPTS);
        return new RetryPolicy(count, firstDelayNs, factor, maxDelayNs, jitter, order, finalTypes, retryOn);
    }

    /**
     * @param ns pause behind the first attempt, nanoseconds, 0 to 365 days; 100 ms by default.
     * @return a policy with that pause.
     * @throws IllegalArgumentException if it is out of range.
     */
    public RetryPolicy firstDelayNs(final long ns)
    {
        require(ns >= 0 && ns <= LONGEST_NS, "retry firstDelayNs=" + ns + ": use 0 to " + LONGEST_NS + " (365 days)");
        return new RetryPolicy(attempts, ns, factor, maxDelayNs, jitter, order, finalTypes, retryOn);
    }

    /**
     * @param value by which each pause is longer than the one before, 1.0 (all alike) to 1000.0; 2.0 by default.
     * @return a policy with that factor.
     * @throws IllegalArgumentException if it is out of range.
     */
    public RetryPolicy factor(final double value)
    {
        require(
            value >= 1.0 && value <= MAX_FACTOR,
            "retry factor=" + value + ": use 1.0 (all pauses alike) to " + MAX_FACTOR);
        return new RetryPolicy(attempts, firstDelayNs, value, maxDelayNs, jitter, order, finalTypes, retryOn);
    }

    /**
     * @param ns longest pause before jitter, nanoseconds, 0 to 365 days; 30 s by default. One that is shorter than the
     *           first pause cuts that one, too.
     * @return a policy with that bound.
     * @throws IllegalArgumentException if it is out of range.
     */
    public RetryPolicy maxDelayNs(final long ns)
    {
        require(ns >= 0 && ns <= LONGEST_NS, "retry maxDelayNs=" + ns + ": use 0 to " + LONGEST_NS + " (365 days)");
        return new RetryPolicy(attempts, firstDelayNs, factor, ns, jitter, order, finalTypes, retryOn);
    }

    /**
     * @param part of a pause by which it may be longer or shorter, 0.0 (not at all) to 1.0; 0.2 by default.
     * @return a policy with that jitter.
     * @throws IllegalArgumentException if it is out of range.
     */
    public RetryPolicy jitter(final double part)
    {
        require(part >= 0.0 && part <= 1.0, "retry jitter=" + part + ": use 0.0 (none) to 1.0 (from 0 to twice)");
        return new RetryPolicy(attempts, firstDelayNs, factor, maxDelayNs, part, order, finalTypes, retryOn);
    }

    /**
     * @param value what becomes of later events meanwhile; {@link RetryOrder#SKIP_AHEAD} by default.
     * @return a policy with that order.
     */
    public RetryPolicy order(final RetryOrder value)
    {
        return new RetryPolicy(
            attempts, firstDelayNs, factor, maxDelayNs, jitter, Objects.requireNonNull(value, "order"), finalTypes,
            retryOn);
    }

    /**
     * @param types of exceptions, their subtypes included, after which no attempt is made any more; none by default.
     *              They stand in for those of an earlier call.
     * @return a policy with those types.
     */
    @SafeVarargs
    public final RetryPolicy finalOn(final Class<? extends Throwable>... types)
    {
        final List<Class<? extends Throwable>> all = new ArrayList<>();
        for (final Class<? extends Throwable> type : types)
        {
            all.add(type);
        }
        return new RetryPolicy(
            attempts, firstDelayNs, factor, maxDelayNs, jitter, order, List.copyOf(all), retryOn);
    }

    /**
     * @param predicate true for what is tried again, where {@link #finalOn} does not rule it out; everything by
     *                  default. Called on the thread that called the handler. What it throws itself is added to the
     *                  failure as suppressed, and the event is tried again.
     * @return a policy with that predicate.
     */
    public RetryPolicy retryOn(final Predicate<? super Throwable> predicate)
    {
        return new RetryPolicy(
            attempts, firstDelayNs, factor, maxDelayNs, jitter, order, finalTypes,
            Objects.requireNonNull(predicate, "retryOn"));
    }

    /** @return attempts, the first call included. */
    public int attempts()
    {
        return attempts;
    }

    /** @return pause behind the first attempt, nanoseconds. */
    public long firstDelayNs()
    {
        return firstDelayNs;
    }

    /** @return by which each pause is longer than the one before. */
    public double factor()
    {
        return factor;
    }

    /** @return longest pause before jitter, nanoseconds. */
    public long maxDelayNs()
    {
        return maxDelayNs;
    }

    /** @return part of a pause by which it may be longer or shorter. */
    public double jitter()
    {
        return jitter;
    }

    /** @return what becomes of later events meanwhile. */
    public RetryOrder order()
    {
        return order;
    }

    /** @return types of exceptions after which no attempt is made any more. */
    public List<Class<? extends Throwable>> finalTypes()
    {
        return finalTypes;
    }

    /**
     * Pause behind an attempt. Allocates nothing.
     *
     * @param attempt that failed, from 1 on.
     * @param random  source of the jitter; of one with a seed the pauses are always the same. Asked once where there is
     *                jitter, otherwise not at all.
     * @return the pause, nanoseconds, 0 or more.
     * @throws IllegalArgumentException if the attempt is less than 1.
     */
    public long delayNs(final int attempt, final RandomGenerator random)
    {
        require(attempt >= 1, "attempt=" + attempt + ": attempts are counted from 1");
        final double delay = Math.min((double)maxDelayNs, (double)firstDelayNs * Math.pow(factor, attempt - 1));
        final double spread = jitter > 0.0 ? 1.0 + jitter * (2.0 * random.nextDouble() - 1.0) : 1.0;
        return (long)(delay * spread);
    }

    /**
     * @param failure what a handler threw; it is judged itself, not its cause.
     * @return true if no attempt is to be made any more, however many are left.
     */
    public boolean isFinal(final Throwable failure)
    {
        for (final Class<? extends Throwable> type : finalTypes)
        {
            if (type.isInstance(failure))
            {
                return true;
            }
        }
        try
        {
            return !retryOn.test(failure);
        }
        catch (final RuntimeException ex)
        {
            if (ex != failure)
            {
                failure.addSuppressed(ex);
            }
            return false;
        }
    }

    @Override
    public String toString()
    {
        return "RetryPolicy{attempts=" + attempts + ", firstDelayNs=" + firstDelayNs + ", factor=" + factor +
            ", maxDelayNs=" + maxDelayNs + ", jitter=" + jitter + ", order=" + order + "}";
    }

    private static void require(final boolean condition, final String message)
    {
        if (!condition)
        {
            throw new IllegalArgumentException(message);
        }
    }
}
