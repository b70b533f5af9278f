package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** After each test no thread of an engine is left. */
public final class ThreadHygiene implements AfterEachCallback
{
    private static final String PREFIX = "sluice-";
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(10);

    private final long graceNs;

    public ThreadHygiene()
    {
        this(GRACE_NS);
    }

    ThreadHygiene(final long graceNs)
    {
        this.graceNs = graceNs;
    }

    @Override
    public void afterEach(final ExtensionContext context)
    {
        final long deadline = System.nanoTime() + graceNs;
        List<Thread> left = left();
        while (!left.isEmpty() && System.nanoTime() - deadline < 0)
        {
            LockSupport.parkNanos(1_000_000L);
            left = left();
        }
        if (!left.isEmpty())
        {
            fail("threads left behind: " + left.stream()
                .map(thread -> thread.getName() + " at " + List.of(thread.getStackTrace()))
                .collect(Collectors.joining("; ")));
        }
    }

    /** Wait until no thread of an engine is left, one that was closed in less time than they take. */
    static void awaitEnd()
    {
        Waiting.until("the end of all threads", () -> left().isEmpty());
    }

    private static List<Thread> left()
    {
        return Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.isAlive() && thread.getName().startsWith(PREFIX))
            .collect(Collectors.toList());
    }
}
