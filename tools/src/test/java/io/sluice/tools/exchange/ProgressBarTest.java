package io.sluice.tools.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.tools.CommandIo;
import io.sluice.tools.StopSignal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.CachedNanoClock;
import org.junit.jupiter.api.Test;

class ProgressBarTest
{
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CachedNanoClock clock = new CachedNanoClock();

    @Test
    void shouldShowShareRateAndTimeLeftWhenAPersonWatches()
    {
        final ProgressBar bar = new ProgressBar(io(true), clock);
        bar.onProgress(0, 0, 1000);
        assertEquals("", drawn());
        clock.update(TimeUnit.SECONDS.toNanos(2));
        bar.onProgress(5000, 500, 1000);
        assertEquals("\r\u001b[K[###############...............]  50 %  5,000 events, 2,500/s, 0:02 left", drawn());
        bar.onProgress(5001, 501, 1000);
        assertEquals("", drawn());
        clock.update(TimeUnit.SECONDS.toNanos(4));
        bar.onProgress(6000, 700, 0);
        assertEquals("\r\u001b[K6,000 events, 1,500/s", drawn());
        bar.erase();
        assertEquals("\r\u001b[K", drawn());
        bar.erase();
        assertEquals("", drawn());
    }

    @Test
    void shouldNotCountWhatWasDoneBeforeWhenResumed()
    {
        final ProgressBar bar = new ProgressBar(io(true), clock);
        bar.onProgress(9000, 900, 1000);
        clock.update(TimeUnit.SECONDS.toNanos(1));
        bar.onProgress(9500, 950, 1000);
        assertEquals("\r\u001b[K[############################..]  95 %  9,500 events, 500/s, 0:01 left", drawn());
    }

    @Test
    void shouldShowNothingWhenNobodyWatches()
    {
        final ProgressBar bar = new ProgressBar(io(false), clock);
        clock.update(TimeUnit.SECONDS.toNanos(2));
        bar.onProgress(1, 1, 2);
        bar.erase();
        assertEquals("", drawn());
    }

    private CommandIo io(final boolean isTerminal)
    {
        final PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
        return new CommandIo(
            new ByteArrayInputStream(new byte[0]), nowhere, new PrintStream(err, false, StandardCharsets.UTF_8),
            false, isTerminal, false, new StopSignal());
    }

    private String drawn()
    {
        final String text = err.toString(StandardCharsets.UTF_8);
        err.reset();
        return text;
    }
}
