package io.sluice.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Counts the bytes that a thread allocates; a counter and not a clock, so a slow machine changes nothing. */
class EventAllocationTest
{
    private static final int WARM_UP = 20_000;
    private static final int ROUNDS = 20_000;
    private static final EncodedText TYPE = EncodedText.of(EventField.TYPE, "agent.started");
    private static final EncodedText SOURCE = EncodedText.of(EventField.SOURCE, "agent");
    private static final EncodedText SESSION = EncodedText.of(EventField.SESSION_ID, "session");
    private static final EncodedText ID = EncodedText.of(EventField.ID, "evt_1234567890");

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final EventFixture fixture = new EventFixture();
    private final UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(8192));
    private final UnsafeBuffer payload = new UnsafeBuffer(ByteBuffer.allocateDirect(1024));
    private final EventEncoder encoder = new EventEncoder();
    private final EventFlyweight event = new EventFlyweight();
    private final EventHash hash = new EventHash();
    private final IdGenerator ids = new IdGenerator(7);
    private long sink;

    /** Where the control puts what it allocates: an array that never escapes can be compiled away. */
    private volatile byte[] escaped = {};

    @BeforeEach
    void beforeEach()
    {
        assumeTrue(threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled());
    }

    @Test
    void shouldCountWhenSomethingIsAllocated()
    {
        final long bytes = allocated((i) -> escaped = new byte[100 + (i & 1)]);
        assertTrue(bytes >= 100L * ROUNDS, "" + bytes);
    }

    @Test
    void shouldAllocateNothingWhenEncodingStampingAndReading()
    {
        assertEquals(0, allocated(this::encodeAndRead));
    }

    @Test
    void shouldAllocateNothingWhenABuilderEncodes()
    {
        fixture.full().id((String)null);
        fixture.defaults.source("worker").metadata(Map.of("host", "h", "user", "u"));
        assertEquals(
            0,
            allocated((i) -> sink += fixture.builder.encode(
                fixture.encoder, fixture.buffer, EventFixture.OFFSET, EventFixture.CAPACITY, fixture.defaults)));
    }

    @Test
    void shouldAllocateNothingWhenABuilderIsFilledWithTexts()
    {
        final EventBuilder builder = fixture.builder;
        assertEquals(
            0,
            allocated((i) ->
            {
                builder.clear().id("0190f3c0-7e1a-7000-8000-0123456789ab").type("agent.started").source("\u00e4gent")
                    .subject("s").eventTimeNs(i).priority(Priority.LOW).category(Category.UI).correlationId("c")
                    .causationId("ca").sessionId("se").workflowId("w").aggregate("t", "i", 1).version("1")
                    .payload(payload, 0, 256);
                sink += builder.encode(
                    fixture.encoder, fixture.buffer, EventFixture.OFFSET, EventFixture.CAPACITY, fixture.defaults);
            }));
    }

    @Test
    void shouldAllocateNothingWhenMatchingATopic()
    {
        final TopicPattern pattern = TopicPattern.of("**.b.*.d.**");
        final UnsafeBuffer type = new UnsafeBuffer(EventFixture.utf8("a.b.b.c.d.e"));
        assertEquals(
            0,
            allocated((i) ->
            {
                sink += pattern.matches(type, 0, type.capacity()) ? 1 : 0;
                sink += pattern.matches("a.b.c") ? 1 : 0;
            }));
    }

    @FunctionalInterface
    private interface Step
    {
        void run(int round);
    }

    private void encodeAndRead(final int i)
    {
        ids.next(i * 1000L);
        encoder.wrap(direct, 0, direct.capacity())
            .priority(Priority.HIGH).category(Category.UI).contentType(ContentType.BINARY)
            .eventTime(i).aggregateVersion(i).flags(0);
        if ((i & 1) == 0)
        {
            encoder.uuid(ids.high(), ids.low());
        }
        encoder.put(TYPE).put(SOURCE).put(EventField.PAYLOAD, payload, 0, i & 1023);
        if ((i & 1) == 1)
        {
            encoder.put(ID);
        }
        encoder.put(SESSION);
        final int length = encoder.complete();
        EventStamp.batch(direct, 0, 0, 1);
        EventStamp.stamp(direct, 0, 1, i + 1, i, Verdict.ACCEPTED, 0);
        event.wrap(direct, 0);
        sink += event.findDamage(length, hash) == null ? 1 : -1_000_000;
        sink += event.sequence() + event.eventTime() + event.priority().code() + event.category().code() +
            event.verdict().code() + event.contentType().code() + event.fieldLength(EventField.METADATA) +
            event.fieldOffset(EventField.PAYLOAD) + event.flags() + event.copyTo(fixture.buffer, 0);
    }

    // A compilation that ends in the measured part may allocate on this thread, once; a leak per round shows in every
    // try.
    private long allocated(final Step step)
    {
        for (int i = 0; i < WARM_UP; i++)
        {
            step.run(i);
        }
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 5 && least > 0; attempt++)
        {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++)
            {
                step.run(i);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
