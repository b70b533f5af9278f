package io.sluice.perf.stalls;

/**
 * What to measure.
 *
 * @param rate          events per second.
 * @param payloadLength of the events, bytes.
 * @param bytes         of records on each side.
 * @param sliceBytes    of records before it is the next side's turn.
 * @param warmUpBytes   of records on each side before anything is recorded.
 * @param runInBytes    of records at the begin of each slice that are not recorded: what the pause since the last one
 *                      did to pages ahead of the appender, good or bad, is no part of a steady stream.
 */
record StallsSetting(
    int rate, int payloadLength, long bytes, long sliceBytes, long warmUpBytes, long runInBytes)
{
}
