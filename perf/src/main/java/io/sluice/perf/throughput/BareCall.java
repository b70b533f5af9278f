package io.sluice.perf.throughput;

import io.sluice.perf.baseline.BareDisruptor;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.report.MeasurementException;
import org.agrona.concurrent.UnsafeBuffer;

/** Publishes to a bare ring with one copy of the payload. */
final class BareCall implements PublishCall
{
    private final BareDisruptor ring;
    private final UnsafeBuffer payload;
    private long published;
    private long sum;

    BareCall(final int payloadLength)
    {
        ring = new BareDisruptor(payloadLength);
        payload = RecordTemplate.payload(payloadLength);
    }

    @Override
    public void publish(final long number)
    {
        payload.putLong(0, number);
        ring.publish(payload);
        published++;
        sum += number;
    }

    @Override
    public long handled()
    {
        return ring.handled();
    }

    @Override
    public void close()
    {
        ring.close();
        MeasurementException.require("events out of the bare ring", published, ring.handled());
        MeasurementException.require("sum of the numbers out of the bare ring", sum, ring.sum());
    }
}
