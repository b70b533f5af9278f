package io.sluice.perf.peers;

import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What all rounds have measured of one side: a peer, or Sluice beside it. Not thread-safe. */
final class PeerSide
{
    private static final double NS_PER_US = 1e3;

    private final Map<PublishMode, double[]> rates = new EnumMap<>(PublishMode.class);
    private final double[] loads;
    private final double[] medians;
    private final double[] tails;
    private Histogram latency;
    private String settings = "";

    PeerSide(final int rounds)
    {
        for (final PublishMode mode : PublishMode.values())
        {
            rates.put(mode, new double[rounds]);
        }
        loads = new double[rounds];
        medians = new double[rounds];
        tails = new double[rounds];
    }

    void add(final int round, final PeerPlay.Result result)
    {
        result.rates().forEach((mode, rate) -> rates.get(mode)[round] = rate);
        loads[round] = result.load();
        medians[round] = result.latency().getValueAtPercentile(50.0) / NS_PER_US;
        tails[round] = result.latency().getValueAtPercentile(99.0) / NS_PER_US;
        settings = result.settings();
        if (latency == null)
        {
            latency = result.latency().copy();
        }
        else
        {
            latency.add(result.latency());
        }
    }

    /** @return events per second, by round. */
    double[] rates(final PublishMode mode)
    {
        return rates.get(mode);
    }

    /** @return events per second of the schedule, by round. */
    double[] loads()
    {
        return loads;
    }

    /** @return median latency in microseconds, by round. */
    double[] medians()
    {
        return medians;
    }

    /** @return 99th percentile of the latency in microseconds, by round. */
    double[] tails()
    {
        return tails;
    }

    /** @return latencies of all rounds. */
    Histogram latency()
    {
        return latency;
    }

    double latencyUs(final double percentile)
    {
        return latency.getValueAtPercentile(percentile) / NS_PER_US;
    }

    String settings()
    {
        return settings;
    }
}
