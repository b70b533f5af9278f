package io.sluice.perf.synced;

/**
 * What to measure.
 *
 * @param payloadLength of the events, bytes.
 * @param durationNs    of each measurement that goes by time, recorded part.
 * @param publishers    that wait at once; also events outstanding of one that does not wait.
 * @param events        of each pipelined run, after a fifth as many to warm up.
 * @param rate          of JOURNALED events per second, beside SYNCED ones.
 * @param isDedicated   whether Aeron gets a thread for each of its parts.
 */
record SyncedSetting(
    int payloadLength, long durationNs, int publishers, int events, int rate, boolean isDedicated)
{
}
