package io.sluice.perf.growth;

import io.sluice.perf.measure.Contender;

/**
 * One size of what grows.
 *
 * @param size      of it.
 * @param side      of the curve, if it has more than one; otherwise empty.
 * @param contender that has this size.
 * @param events    of a round.
 * @param first     index of the point that this one is compared with, within a round.
 * @param least     part of the throughput of that point that is wanted; NaN where nothing is promised.
 * @param bytes     of payload in an event, where the curve is one of sizes; otherwise 0.
 */
record CurvePoint(long size, String side, Contender contender, int events, int first, double least, int bytes)
{
    /** @return id of its rate. */
    String id(final String curve)
    {
        return "F11/" + curve + "/" + size + (side.isEmpty() ? "" : "/" + side);
    }
}
