package io.sluice.tools.exchange;

import io.sluice.handlers.exchange.ExchangeProgress;
import io.sluice.tools.CommandIo;
import io.sluice.tools.text.Quantity;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/**
 * One line on a terminal that is drawn over five times a second and erased at the end: share, events, events a second,
 * time left. Elsewhere nothing. Not thread-safe.
 */
final class ProgressBar implements ExchangeProgress
{
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int WIDTH = 30;
    private static final String ERASE = "\r\u001b[K";

    private final CommandIo io;
    private final NanoClock clock;
    private final long startNs;
    private long lastNs;
    private long startDone = -1;
    private long startEvents;
    private boolean isDrawn;

    ProgressBar(final CommandIo io, final NanoClock clock)
    {
        this.io = io;
        this.clock = clock;
        startNs = clock.nanoTime();
        lastNs = startNs;
    }

    @Override
    public void onProgress(final long events, final long done, final long total)
    {
        if (!io.isErrTerminal())
        {
            return;
        }
        if (startDone < 0)
        {
            // What was done before an interruption says nothing about the speed.
            startDone = done;
            startEvents = events;
        }
        final long nowNs = clock.nanoTime();
        if (nowNs - lastNs >= INTERVAL_NS)
        {
            lastNs = nowNs;
            io.err().print(ERASE + line(events, done, total, nowNs));
            io.err().flush();
            isDrawn = true;
        }
    }

    /** Leave the terminal as if the bar had never been there. */
    void erase()
    {
        if (isDrawn)
        {
            io.err().print(ERASE);
            io.err().flush();
            isDrawn = false;
        }
    }

    private String line(final long events, final long done, final long total, final long nowNs)
    {
        final double seconds = Math.max(1, nowNs - startNs) / 1e9;
        final String rate = Quantity.count(events) + " events, " +
            Quantity.count(Math.round((events - startEvents) / seconds)) + "/s";
        if (total <= 0)
        {
            return rate;
        }
        final double share = Math.min(1, Math.max(0, done / (double)total));
        final int filled = (int)(share * WIDTH);
        final long leftS = done > startDone ? Math.round(seconds * (total - done) / (done - startDone)) : -1;
        return "[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " +
            String.format(Locale.ROOT, "%3.0f %%  ", share * 100) + rate +
            (leftS < 0 ? "" : String.format(Locale.ROOT, ", %d:%02d left", leftS / 60, leftS % 60));
    }
}
