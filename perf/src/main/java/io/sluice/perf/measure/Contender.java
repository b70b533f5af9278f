package io.sluice.perf.measure;

import java.nio.file.Path;

/** One side of a throughput comparison. */
public interface Contender
{
    /** @return short name, for figures and files. */
    String name();

    /**
     * Run one round from scratch and check its own answer.
     *
     * @param directory that does not exist yet; left behind for the caller to delete.
     * @param warmUp    events before the clock starts, to touch memory for the first time.
     * @param events    events on the clock.
     * @return events per second, from the first publish to the end of the last event.
     * @throws io.sluice.perf.report.MeasurementException if an event is missing or out of place.
     */
    double eventsPerSecond(Path directory, int warmUp, int events);

    /** @return what an event took of the processors in the last round, in words; empty if that was not looked at. */
    default String profile()
    {
        return "";
    }
}
