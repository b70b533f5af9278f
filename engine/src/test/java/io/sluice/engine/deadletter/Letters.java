package io.sluice.engine.deadletter;

import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.FailureKind;
import io.sluice.engine.testkit.ManualClock;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStamp;
import io.sluice.event.IdGenerator;
import io.sluice.event.Verdict;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Events that failed, and how. */
final class Letters
{
    static final long RUN_ID = 0x7EDC_BA98_7654_3211L;
    static final long START_NS = 1_800_000_000_123_456_789L;

    private static final int CAPACITY = 1 << 22;

    private Letters()
    {
    }

    /** An event as the journal of events has it. */
    static EventFlyweight event(final long sequence, final EventBuilder builder)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[CAPACITY]);
        final int length = builder.encode(
            new EventEncoder(), buffer, 0, CAPACITY, new EventDefaults(() -> START_NS, new IdGenerator(sequence)));
        return journaled(sequence, buffer, length);
    }

    static EventFlyweight event(final long sequence)
    {
        return event(
            sequence, new EventBuilder().type("order.created").id("o-" + sequence).payloadText("n" + sequence));
    }

    /** A record as the journal of events has it, in a buffer of its own. */
    static EventFlyweight journaled(final long sequence, final UnsafeBuffer record, final int length)
    {
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
        copy.putBytes(0, record, 0, length);
        EventStamp.stamp(copy, 0, RUN_ID, sequence, START_NS + sequence, Verdict.ACCEPTED, 0);
        return new EventFlyweight().wrap(copy, 0);
    }

    static byte[] bytes(final EventFlyweight event)
    {
        final byte[] bytes = new byte[event.recordLength()];
        event.buffer().getBytes(event.offset(), bytes);
        return bytes;
    }

    static LetterFailure failure(final String subscription, final FailureKind kind)
    {
        return LetterFailure.of(
            subscription,
            4,
            FailureCause.THREW,
            kind,
            new IllegalStateException("no account"),
            START_NS + 1_000,
            START_NS + 5_000_000_000L);
    }

    static ManualClock clock()
    {
        return new ManualClock(Instant.ofEpochSecond(1_800_000_100L));
    }

    static DeadLetterContext context(final Path directory)
    {
        return new DeadLetterContext().directory(directory).clock(clock());
    }

    /** All letters of a directory, as a text for each. */
    static List<String> list(final Path directory, final DeadLetterQuery query)
    {
        final List<String> found = new ArrayList<>();
        try (DeadLetters letters = DeadLetters.open(directory))
        {
            letters.forEach(query, (letter, record) -> found.add(
                letter.status().letter() + " " + letter.status().state() + " " + letter.status().subscription() + " " +
                letter.status().sequence()));
        }
        return found;
    }
}
