package io.sluice.perf.query;

/** One that holds the events and is asked. Not thread-safe. */
interface QuerySide extends AutoCloseable
{
    /** What the events of an answer were. */
    record Answer(long count, long sum)
    {
    }

    /** @return events with this id, and the sum of their numbers. */
    Answer byId(String id);

    /** @return events of a correlation, and the sum of their numbers. */
    Answer byCorrelation(String id);

    /** @return events of an aggregate, and the sum of their numbers. */
    Answer byAggregate(String type, String id);

    /**
     * @return the first events of a type that happened in a range and have {@code payload.status = 'error'}, and the
     * sum of their numbers.
     */
    Answer errors(String type, long fromNs, long toNs, int limit);

    @Override
    void close();
}
