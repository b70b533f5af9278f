package io.sluice.perf.tailers;

import java.nio.file.Path;

/** What goes on beside the engine in a run, on a thread of its own. */
interface Beside extends AutoCloseable
{
    /** Nothing at all. */
    Beside NOTHING = new Beside()
    {
        @Override
        public void start(final Path directory)
        {
            // There is nothing to start.
        }

        @Override
        public long cpuNs()
        {
            return 0;
        }

        @Override
        public void finish(final RunLog log)
        {
            // Nor to check.
        }

        @Override
        public void close()
        {
            // Nor to end.
        }
    };

    /** Start, with the data directory of the engine that runs. */
    void start(Path directory);

    /** @return processor time that the thread has had. */
    long cpuNs();

    /**
     * All is published and handled.
     *
     * @throws io.sluice.perf.report.MeasurementException if an answer was wrong.
     */
    void finish(RunLog log);

    @Override
    void close();
}
