package io.sluice.perf.measure;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * Tells when the JIT compilers have come to rest, which is when a warm-up has done its work. What was compiled last is
 * still given up at branches that were never taken before, and for each of these the JVM itself allocates a few hundred
 * bytes on the thread that runs into it: the names of the classes that the method refers to.
 *
 * <p>One thread. Asking allocates nothing.
 */
public final class CompilerRest
{
    /** That many times in a row nothing was compiled. */
    public static final int TIMES = 5;

    private final LongSupplier compiledMs;
    private long lastMs;
    private int times;

    /** The compilers of this JVM; one that does not tell its times is always at rest. */
    public CompilerRest()
    {
        this(ofThisJvm());
    }

    CompilerRest(final LongSupplier compiledMs)
    {
        this.compiledMs = compiledMs;
        lastMs = compiledMs.getAsLong();
    }

    /** @return whether nothing was compiled between this call and the last {@link #TIMES} before it. */
    public boolean isReached()
    {
        final long nowMs = compiledMs.getAsLong();
        times = nowMs == lastMs ? times + 1 : 0;
        lastMs = nowMs;
        return times >= TIMES;
    }

    /** @return milliseconds that the compilers have worked since the last call of any method here. */
    public long workedMs()
    {
        final long nowMs = compiledMs.getAsLong();
        final long worked = nowMs - lastMs;
        times = worked == 0 ? times : 0;
        lastMs = nowMs;
        return worked;
    }

    private static LongSupplier ofThisJvm()
    {
        final CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
        return compilers == null || !compilers.isCompilationTimeMonitoringSupported() ?
            () -> 0L : compilers::getTotalCompilationTime;
    }
}
