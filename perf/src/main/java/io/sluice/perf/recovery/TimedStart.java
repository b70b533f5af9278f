package io.sluice.perf.recovery;

import io.sluice.perf.child.LineChild;
import java.nio.file.Path;
import java.util.List;

/** A child whose first event was handled, and how long that took. Used by one thread; ends with {@link #close}. */
public final class TimedStart implements AutoCloseable
{
    private static final double NS_PER_MS = 1e6;

    private final LineChild child;
    private final String inJvm;
    private final double ms;

    private TimedStart(final LineChild child, final String inJvm, final double ms)
    {
        this.child = child;
        this.inJvm = inJvm;
        this.ms = ms;
    }

    /**
     * Start a JVM with an engine in it and wait until that has handled an event of its own. The clock runs from before
     * the fork: what the system needs for a process counts too.
     *
     * @param directory of the data.
     * @param rollSize  bytes of a journal file.
     * @param errors    file for what the child writes to stderr; deleted at the end.
     * @param flags     of the JVM, besides those that every child gets.
     * @return the child.
     */
    public static TimedStart of(
        final Path directory, final long rollSize, final Path errors, final String... flags)
    {
        final long startNs = System.nanoTime();
        final LineChild child = LineChild.start(
            RecoveryChild.class, List.of(flags), List.of(directory.toString(), Long.toString(rollSize)), errors);
        try
        {
            final String inJvm = child.await(RecoveryChild.HANDLED);
            return new TimedStart(child, inJvm, (System.nanoTime() - startNs) / NS_PER_MS);
        }
        catch (final RuntimeException e)
        {
            child.close();
            throw e;
        }
    }

    /** @return milliseconds from before the fork to the first event handled. */
    public double ms()
    {
        return ms;
    }

    /** Stop the engine in order. */
    public void stop()
    {
        child.send("stop");
        child.awaitEnd();
    }

    /** SIGKILL while it publishes as fast as it can. */
    public void killInFlood()
    {
        child.send("flood");
        child.await(RecoveryChild.FLOODING);
        child.kill();
    }

    @Override
    public void close()
    {
        child.close();
    }

    /** @return milliseconds since the JVM began to run Java, in words. */
    String inJvm()
    {
        return inJvm;
    }

    LineChild child()
    {
        return child;
    }
}
