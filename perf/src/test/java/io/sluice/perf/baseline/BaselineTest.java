package io.sluice.perf.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineTest
{
    private static final int PAYLOAD_LENGTH = 256;

    @TempDir
    private Path directory;

    @Test
    void shouldMoveARealRecordWhenMeasuring()
    {
        final RecordTemplate template = new RecordTemplate(PAYLOAD_LENGTH);

        final EventFlyweight event = new EventFlyweight().wrap(template.buffer(), 0);

        assertEquals(null, event.findStructuralDamage(template.length()));
        assertEquals("perf.measured", event.type());
        assertEquals(PAYLOAD_LENGTH, event.payload().length);
        assertTrue(event.findDamage(template.length(), new EventHash()).contains("checksum"));
    }

    @Test
    void shouldReadBackEveryEventWhenTheBareLoopIsDone()
    {
        assertTrue(new BareChronicleLoop(PAYLOAD_LENGTH).eventsPerSecond(directory.resolve("bare"), 100, 1000) > 0);
    }

    @Test
    void shouldReadBackEveryEventAndChecksumWhenTheHandWiredPipelineIsDone()
    {
        assertTrue(new HandWiredThroughput(PAYLOAD_LENGTH).eventsPerSecond(directory.resolve("hand"), 100, 20_000) > 0);
    }

    @Test
    void shouldFailWhenTheQueueHoldsOtherEventsThanExpected()
    {
        final BareChronicleLoop loop = new BareChronicleLoop(PAYLOAD_LENGTH);
        loop.eventsPerSecond(directory.resolve("twice"), 0, 10);

        assertThrows(MeasurementException.class, () -> loop.eventsPerSecond(directory.resolve("twice"), 0, 10));
    }

    @Test
    void shouldFailWhenAChecksumIsWrong()
    {
        final RecordTemplate template = new RecordTemplate(PAYLOAD_LENGTH);
        final Path queue = directory.resolve("unchecked");
        try (HandWiredPipeline pipeline = new HandWiredPipeline(queue, template, 0, false, (number) -> {}))
        {
            pipeline.publish(template.number(0));
            pipeline.await(1);
        }

        ChronicleReadBack.check(queue, template, 1, -1);
        assertThrows(
            MeasurementException.class,
            () -> ChronicleReadBack.check(queue, template, 1, HandWiredPipeline.CHECKSUM_OFFSET));
    }

    @Test
    void shouldShowEveryNumberInOrderWhenTheListenerIsCalled()
    {
        final RecordTemplate template = new RecordTemplate(PAYLOAD_LENGTH);
        final List<Long> numbers = new ArrayList<>();
        try (HandWiredPipeline pipeline =
            new HandWiredPipeline(directory.resolve("listen"), template, 0, false, numbers::add))
        {
            for (int i = 7; i < 10; i++)
            {
                pipeline.publish(template.number(i));
            }
            pipeline.await(3);
            assertEquals(3, pipeline.appended());
        }

        assertEquals(List.of(7L, 8L, 9L), numbers);
    }

    @Test
    void shouldCountAndAddUpWhenTheBareRingIsClosed()
    {
        final UnsafeBuffer payload = RecordTemplate.payload(PAYLOAD_LENGTH);
        final BareDisruptor ring = new BareDisruptor(PAYLOAD_LENGTH);
        for (int i = 1; i <= 10_000; i++)
        {
            payload.putLong(0, i);
            ring.publish(payload);
        }
        ring.close();

        assertEquals(10_000, ring.handled());
        assertEquals(10_000L * 10_001 / 2, ring.sum());
    }
}
