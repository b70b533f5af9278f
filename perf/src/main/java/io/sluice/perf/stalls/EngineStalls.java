package io.sluice.perf.stalls;

import io.sluice.engine.EngineContext;
import io.sluice.event.Priority;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.report.RawOutput;
import io.sluice.perf.subject.MeasuredEngine;
import io.sluice.perf.subject.PublishPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/**
 * The whole engine with its defaults under the same load: from the intended time of publishing to journaled, as the
 * engine itself records it and writes it to its telemetry.
 */
final class EngineStalls
{
    private static final String TAG = "normal.journaled";
    private static final long LEAD_NS = 10_000_000L;
    private static final double NS_PER_S = 1e9;
    private static final double WARM_UP_SHARE = 0.2;

    private EngineStalls()
    {
    }

    /**
     * Publish at a rate, for a fifth of the time to an engine that is thrown away: the first events load classes.
     *
     * @param output        for the data.
     * @param rate          events per second.
     * @param payloadLength of the events, bytes.
     * @param seconds       to publish.
     * @return publish to journaled.
     */
    static Histogram run(final RawOutput output, final int rate, final int payloadLength, final double seconds)
    {
        publishAndDiscard(output, rate, payloadLength, seconds * WARM_UP_SHARE);
        return publishAndDiscard(output, rate, payloadLength, seconds);
    }

    private static Histogram publishAndDiscard(
        final RawOutput output, final int rate, final int payloadLength, final double seconds)
    {
        final Path directory = output.scratch("engine");
        try (MeasuredEngine engine = new MeasuredEngine(
            new EngineContext().directory(directory), payloadLength, (number, priorityCode) -> {}))
        {
            publish(engine, rate, (long)(seconds * rate));
            engine.closeAndCheck();
            return journaled(directory.resolve("telemetry"));
        }
        finally
        {
            output.discard(directory);
        }
    }

    private static void publish(final MeasuredEngine engine, final int rate, final long count)
    {
        final double intervalNs = NS_PER_S / rate;
        final long startNs = System.nanoTime() + LEAD_NS;
        final long offsetNs = engine.engine().context().clock().nanoTime() - System.nanoTime();
        for (long i = 0; i < count; i++)
        {
            final long intendedNs = startNs + (long)(i * intervalNs);
            while (System.nanoTime() - intendedNs < 0)
            {
                Thread.onSpinWait();
            }
            engine.publish(PublishPath.EVERYDAY, i, Priority.NORMAL, intendedNs + offsetNs);
        }
    }

    private static Histogram journaled(final Path telemetry)
    {
        final Histogram sum = Histograms.create("engine.journaled");
        try (Stream<Path> files = Files.list(telemetry))
        {
            final List<Path> logs =
                files.filter((file) -> file.toString().endsWith(".hlog")).collect(Collectors.toList());
            for (final Path log : logs)
            {
                add(log, sum);
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
        return sum;
    }

    private static void add(final Path log, final Histogram sum) throws IOException
    {
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile()))
        {
            EncodableHistogram interval = reader.nextIntervalHistogram();
            while (interval != null)
            {
                if (TAG.equals(interval.getTag()))
                {
                    sum.add((Histogram)interval);
                }
                interval = reader.nextIntervalHistogram();
            }
        }
    }
}
