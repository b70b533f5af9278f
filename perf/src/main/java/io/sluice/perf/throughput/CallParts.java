package io.sluice.perf.throughput;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.report.MeasurementException;
import java.util.Arrays;
import java.util.function.LongUnaryOperator;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a publish call does beyond claim, copy and publish, and can't do without: read the clock once, for latency
 * counts from then, and hash the record, for dedup and for whoever reads it later. Nanoseconds, alone in a loop.
 *
 * @param clockNs  to read the clock of the engine.
 * @param hashesNs to hash content and context of a record.
 */
record CallParts(double clockNs, double hashesNs)
{
    private static final int BLOCKS = 201;
    private static final int BLOCK = 10_000;

    /**
     * @param payloadLength of the record.
     * @return medians.
     */
    static CallParts measure(final int payloadLength)
    {
        final OffsetEpochNanoClock clock = new OffsetEpochNanoClock();
        return new CallParts(median((i) -> clock.nanoTime()), median(hashes(new RecordTemplate(payloadLength))));
    }

    private static LongUnaryOperator hashes(final RecordTemplate template)
    {
        final UnsafeBuffer buffer = template.buffer();
        final EventFlyweight event = new EventFlyweight().wrap(buffer, 0);
        final int content = EventDescriptor.FIXED_LENGTH;
        // The length of the id stands before it, two bytes, and begins the context.
        final int context = event.fieldOffset(EventField.ID) - Short.BYTES;
        final EventHash hash = new EventHash();
        MeasurementException.require("content hash of the record", event.contentHashHigh(),
            hash.hash128(buffer, content, context - content).high());
        MeasurementException.require("context hash of the record", event.contextHash(),
            EventHash.hash64(buffer, context, template.length() - context));
        final int payload = template.numberOffset();
        return (i) ->
        {
            buffer.putLong(payload, i);
            return hash.hash128(buffer, content, context - content).high() ^
                EventHash.hash64(buffer, context, template.length() - context);
        };
    }

    // The first half of the blocks warms up and is not counted.
    private static double median(final LongUnaryOperator work)
    {
        final double[] ns = new double[BLOCKS];
        long sum = 0;
        for (int block = 0; block < BLOCKS; block++)
        {
            final long startNs = System.nanoTime();
            for (int i = 0; i < BLOCK; i++)
            {
                sum += work.applyAsLong(i);
            }
            ns[block] = (System.nanoTime() - startNs) / (double)BLOCK;
        }
        // What nobody uses, the compiler leaves out.
        if (sum == Long.MIN_VALUE)
        {
            throw new IllegalStateException("a sum that can't be");
        }
        final double[] counted = Arrays.copyOfRange(ns, BLOCKS / 2, BLOCKS);
        Arrays.sort(counted);
        return counted[counted.length / 2];
    }
}
