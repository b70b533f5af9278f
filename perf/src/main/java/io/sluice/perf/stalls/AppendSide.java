package io.sluice.perf.stalls;

/** Something that records are appended to. Confined to one thread. */
interface AppendSide extends AutoCloseable
{
    /** @return name in figures and files. */
    String name();

    /** @return bytes of a record. */
    int recordLength();

    /**
     * Append the next records, numbered from 0 over all calls, in one go.
     *
     * @param due records that wait, at least 1.
     * @return how many were appended, at least 1.
     */
    int append(int due);

    /** @return true if the last append went on in a new file. */
    boolean hasRolled();

    /**
     * Close and read everything again.
     *
     * @throws io.sluice.perf.report.MeasurementException if a record is missing or differs.
     */
    void closeAndCheck();

    @Override
    void close();
}
