package io.sluice.perf.peers;

import io.sluice.perf.latency.OpenLoop;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.measure.ThreadTimes;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * One peer from its start to its close: warm-up, throughput in each mode, then latency under a schedule that it can
 * keep up with; everything that arrives is checked. Confined to one thread.
 */
final class PeerPlay
{
    /** Events that may be on their way while the throughput is measured; the same for everybody. */
    static final int WINDOW = 1 << 13;

    private static final int WARM_UP_PART = 5;
    private static final int CHECK_MASK = 15;
    private static final int LEAST_RATE = 20;
    private static final int MOST_RATE = 200_000;
    private static final int TRIES = 4;
    private static final long LEAD_NS = 10_000_000L;
    private static final double MOST_LATE = 0.1;
    private static final long MOST_LATE_NS = 1_000_000_000L;
    private static final double NS_PER_S = 1e9;

    private final PeersSetting setting;
    private final Peer peer;
    private final ArrivalCheck arrivals = new ArrivalCheck();
    private final PeerEvent event = new PeerEvent();
    private final Map<PublishMode, Double> rates = new EnumMap<>(PublishMode.class);
    private long published;

    /**
     * What came of it.
     *
     * @param settings of the peer, in words.
     * @param rates    events per second in each mode, from the first publish until all is acknowledged and consumed.
     * @param load     events per second under which the latency was measured.
     * @param latency  from the intended time of publishing to the consumer, nanoseconds.
     * @param profile  what the threads of this process did under that load, in words.
     */
    record Result(String settings, Map<PublishMode, Double> rates, int load, Histogram latency, String profile)
    {
    }

    PeerPlay(final PeersSetting setting, final Peer peer)
    {
        this.setting = setting;
        this.peer = peer;
    }

    /**
     * Play.
     *
     * @param directory that does not exist yet.
     * @param load      events per second for the latency, or 0 for a part of what the peer can do.
     * @return the result; the peer is closed.
     * @throws MeasurementException if the peer fails, or loses, repeats or reorders an event.
     */
    Result run(final Path directory, final int load)
    {
        try (peer)
        {
            peer.start(directory, arrivals);
            for (final PublishMode mode : PublishMode.values())
            {
                if (mode == PublishMode.BATCHED && !peer.hasBatches())
                {
                    rates.put(mode, rates.get(PublishMode.UNBATCHED));
                }
                else
                {
                    throughput(mode, WARM_UP_PART);
                    rates.put(mode, throughput(mode, 1));
                }
            }
            final Result result = latency(load == 0 ? loadOf(rates.get(PublishMode.UNBATCHED)) : load, load == 0);
            arrivals.requireAll(published);
            peer.check();
            arrivals.requireAll(published);
            return result;
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new MeasurementException(peer.name() + " was interrupted", e);
        }
        catch (final Exception e)
        {
            throw new MeasurementException(peer.name() + ": " + e.getMessage(), e);
        }
    }

    private int loadOf(final double rate)
    {
        return (int)Math.min(Math.max(rate * setting.load(), LEAST_RATE), MOST_RATE);
    }

    private double throughput(final PublishMode mode, final int part) throws Exception
    {
        final long first = published;
        final long most = Math.max(setting.events() / part, 1);
        final long mostNs = setting.durationNs() / part;
        final long startNs = System.nanoTime();
        long tookNs = 0;
        while (published - first < most && tookNs < mostNs)
        {
            if (mode == PublishMode.BATCHED)
            {
                peer.publishBatched(event.become(published++));
            }
            else
            {
                peer.publish(event.become(published++));
            }
            if (mode == PublishMode.WAITING)
            {
                peer.awaitAcknowledged();
            }
            if (mode == PublishMode.WAITING || (published & CHECK_MASK) == 0)
            {
                awaitWindow();
                tookNs = System.nanoTime() - startNs;
            }
        }
        peer.awaitAcknowledged();
        arrivals.await(published);
        return (published - first) * NS_PER_S / (System.nanoTime() - startNs);
    }

    // No peer gathers as many as half of the window, so what waits for others is not waited for here.
    private void awaitWindow()
    {
        if (published - arrivals.arrived() > WINDOW)
        {
            arrivals.await(published - WINDOW / 2);
        }
    }

    private Result latency(final int load, final boolean isFree) throws Exception
    {
        int rate = load;
        for (int i = 0; true; i++)
        {
            final Histogram latency = Histograms.create(peer.name());
            final ThreadTimes times = new ThreadTimes();
            times.begin();
            final long startNs = System.nanoTime() + LEAD_NS;
            final long warmUpNs = setting.durationNs() / WARM_UP_PART;
            final long durationNs = warmUpNs + setting.durationNs();
            arrivals.record(published, published + (long)(warmUpNs / NS_PER_S * rate), rate, startNs, latency);
            OpenLoop.run((intendedNs, priority) -> publishOne(), rate, startNs, durationNs);
            times.end();
            peer.awaitAcknowledged();
            arrivals.await(published);
            arrivals.recordNothing();
            final long lateNs = System.nanoTime() - startNs - durationNs;
            // Where the load is given, being late shows in the latency, and says enough.
            if (!isFree || lateNs <= Math.max(MOST_LATE_NS, durationNs * MOST_LATE))
            {
                return new Result(peer.settings(), rates, rate, latency, times.partOfTime());
            }
            if (i == TRIES - 1)
            {
                throw new MeasurementException("does not sustain " + rate + " events/s: the last was " +
                    lateNs / 1_000_000 + " ms late");
            }
            rate = Math.max(rate / 2, 1);
        }
    }

    private void publishOne()
    {
        try
        {
            peer.publish(event.become(published++));
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new MeasurementException("interrupted", e);
        }
        catch (final Exception e)
        {
            throw new MeasurementException("can't publish: " + e.getMessage(), e);
        }
    }
}
