package io.sluice.engine.control;

import io.sluice.engine.testkit.ManualClock;
import io.sluice.journal.DataDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server under a manual clock, polled by a thread while that is wanted, otherwise by the test. */
final class PolledServer implements AutoCloseable
{
    static final long RUN_ID = 4711;
    static final Instant START = Instant.parse("2024-01-20T10:30:00Z");

    private static final long PAUSE_NS = 100_000L;

    private final DataDirectory directory;
    private final ManualClock clock = new ManualClock(START);
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final ControlServer server;
    private volatile boolean running;
    private Thread thread;

    PolledServer(final Path root)
    {
        directory = new DataDirectory(root);
        server = new ControlServer(directory, RUN_ID, clock, () -> "RUNNING", errors::add);
    }

    PolledServer start()
    {
        running = true;
        thread = new Thread(this::poll, server.roleName());
        thread.start();
        return this;
    }

    void stop() throws InterruptedException
    {
        running = false;
        if (thread != null)
        {
            thread.join();
            thread = null;
        }
    }

    ControlServer server()
    {
        return server;
    }

    ManualClock clock()
    {
        return clock;
    }

    List<Throwable> errors()
    {
        return errors;
    }

    Path file()
    {
        return ControlLayout.file(directory.telemetry());
    }

    DataDirectory directory()
    {
        return directory;
    }

    /** Move the clock and let the server see it; only while it is stopped. */
    void advance(final long seconds)
    {
        clock.advance(Duration.ofSeconds(seconds));
        server.doWork();
    }

    static ControlAnswer ask(final ControlClient client, final String command)
    {
        return client.request(command, new ControlJson(), TimeUnit.SECONDS.toNanos(30));
    }

    @Override
    public void close()
    {
        try
        {
            stop();
        }
        catch (final InterruptedException ex)
        {
            throw new IllegalStateException(ex);
        }
        server.onClose();
    }

    private void poll()
    {
        while (running)
        {
            if (server.doWork() == 0)
            {
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }
}
