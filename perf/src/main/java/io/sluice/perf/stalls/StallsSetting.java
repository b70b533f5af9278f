package io.sluice.perf.stalls;

/**
 * What to measure.
 *
 * @param rate          events per second.
 * @param payloadLength of the events, bytes.
 * @param bytes         of records on each side.
 * @param sliceBytes    of records before it is the next side's turn.
 * @param warmUpBytes   of records on each side before anything is recorded.
 */
record StallsSetting(int rate, int payloadLength, long bytes, long sliceBytes, long warmUpBytes)
{
}
