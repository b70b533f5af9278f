package io.sluice.journal;

import io.sluice.event.EncodedText;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Verdict;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes and reads records; the number of a record is in its id and at the start of its payload. */
final class TestRecords
{
    static final long START_NS = 1_700_000_000_000_000_000L;

    private static final EncodedText TYPE = EncodedText.of(EventField.TYPE, "test.record");
    private static final EncodedText SOURCE = EncodedText.of(EventField.SOURCE, "journal-test");

    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 21));
    private final UnsafeBuffer payload = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 21));
    private final EventEncoder encoder = new EventEncoder();

    UnsafeBuffer buffer()
    {
        return buffer;
    }

    int encode(final long number, final int payloadLength)
    {
        payload.setMemory(0, payloadLength, (byte)number);
        if (payloadLength >= Long.BYTES)
        {
            payload.putLong(0, number);
        }
        encoder.wrap(buffer, 0, buffer.capacity()).eventTime(START_NS + number).uuid(number, ~number);
        encoder.put(TYPE).put(SOURCE).put(EventField.PAYLOAD, payload, 0, payloadLength);
        return encoder.complete();
    }

    long stage(final EventAppender appender, final long number, final int payloadLength)
    {
        final int length = encode(number, payloadLength);
        return appender.stage(buffer, 0, length, Verdict.ACCEPTED, 0, START_NS + number);
    }

    long append(final EventAppender appender, final long number, final int payloadLength)
    {
        stage(appender, number, payloadLength);
        return appender.commit();
    }

    /** Append records whose numbers are the sequences that they should get. */
    void appendNext(final EventAppender appender, final int count, final int payloadLength)
    {
        for (int i = 0; i < count; i++)
        {
            append(appender, appender.nextSequence(), payloadLength);
        }
    }

    static JournalContext context(final Path directory)
    {
        return new JournalContext()
            .directory(directory)
            .rollSize(1 << 16)
            .prepareAhead(0)
            .clock(() -> START_NS);
    }

    static JournalTailer tailer(final Path directory)
    {
        return JournalTailer.open(new TailerContext().directory(directory));
    }

    static List<Long> sequences(final JournalTailer tailer)
    {
        final List<Long> sequences = new ArrayList<>();
        while (tailer.poll((event) -> sequences.add(check(event)), 10) > 0)
        {
            continue;
        }
        return sequences;
    }

    static List<Long> sequences(final Path directory)
    {
        try (JournalTailer tailer = tailer(directory))
        {
            return sequences(tailer);
        }
    }

    static List<Long> range(final long first, final long last)
    {
        final List<Long> range = new ArrayList<>();
        for (long i = first; i <= last; i++)
        {
            range.add(i);
        }
        return range;
    }

    private static long check(final EventFlyweight event)
    {
        if (event.idHigh() != event.sequence() && event.idHigh() >= 0)
        {
            throw new AssertionError("record " + event.idHigh() + " has sequence " + event.sequence());
        }
        return event.sequence();
    }
}
