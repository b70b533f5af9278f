package io.sluice.journal;

import static io.sluice.journal.TestRecords.context;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EncodedText;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.EventStamp;
import io.sluice.event.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the index of a file says, readers find every record, and no other. */
class CycleIndexHintTest
{
    private static final int EXCERPTS = 600;
    private static final long[] PLACES = {
        0x98, 0xE0, 0xE8, 0xF0, 0x4100, 0x4108, 0x4110, 0x4118, 0x4120, 0x4128};

    private final UnsafeBuffer record = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 16));
    private final UnsafeBuffer payload = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 16));
    private final EventEncoder encoder = new EventEncoder();

    @TempDir
    Path directory;

    private Path file;
    private long last;

    @BeforeEach
    void fill() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory).rollSize(1 << 20)))
        {
            for (int i = 0; i < EXCERPTS; i++)
            {
                for (int k = 0; k <= i % 3; k++)
                {
                    stage(appender);
                }
                appender.commit();
            }
            last = appender.lastSequence();
        }
        file = CycleFiles.list(directory.resolve("journal")).get(0);
    }

    @Test
    void shouldFindEveryRecordWhenTheIndexIsWrong() throws IOException
    {
        final Random random = new Random(17);
        final byte[] sound = Files.readAllBytes(file);
        final ByteBuffer words = ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN);
        final long[] wild = {1, 3, Long.MAX_VALUE, Long.MAX_VALUE - 6, Long.MIN_VALUE, -1, -4, Integer.MAX_VALUE,
            Integer.MAX_VALUE - 3, 1L << 32, sound.length, sound.length - 4, 200, 16624, 33040};
        for (int round = 0; round < 1500; round++)
        {
            final long place = PLACES[random.nextInt(PLACES.length)];
            final long value;
            switch (random.nextInt(4))
            {
                case 0:
                    value = wild[random.nextInt(wild.length)];
                    break;

                case 1:
                    value = words.getLong((int)place) ^ 1L << random.nextInt(Long.SIZE);
                    break;

                default:
                    // Before a record in an excerpt, or bytes of a payload that look like an excerpt: all start at 4.
                    value = 33_040 + 4L * random.nextInt(60_000);
                    break;
            }
            final ByteBuffer changed = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            PowerLoss.overwrite(file, place, changed.putLong(0, value).array());
            check(1 + random.nextInt((int)last), "round " + round + ": " + value + " at " + place);
            PowerLoss.overwrite(file, place, changed.putLong(0, words.getLong((int)place)).array());
        }
    }

    private void check(final long sequence, final String where)
    {
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            tailer.seek(StartPosition.sequence(sequence));
            assertEquals(sequence, next(tailer), where);
            tailer.seek(StartPosition.timeNs(TestRecords.START_NS + sequence));
            assertEquals(sequence, next(tailer), where);
            tailer.seek(StartPosition.end());
            assertEquals(last + 1, tailer.nextSequence(), where);
        }
    }

    private static long next(final JournalTailer tailer)
    {
        final long[] found = {0};
        assertTrue(tailer.poll((event) -> found[0] = event.sequence(), 1) <= 1);
        return found[0];
    }

    // The payload holds the record before as an excerpt, header and all: somebody may journal journals.
    private void stage(final JournalAppender appender)
    {
        final long sequence = appender.nextSequence();
        final int inner = encode(sequence, 8);
        EventStamp.stamp(
            record, 0, appender.runId(), sequence / 2 + 1, TestRecords.START_NS + sequence / 2, Verdict.ACCEPTED, 0);
        payload.putInt(0, inner + 7 & -8);
        payload.putBytes(4, record, 0, inner);
        final int length = encode(sequence, (inner + 7 & -8) + 4);
        appender.stage(record, 0, length, Verdict.ACCEPTED, 0, TestRecords.START_NS + sequence);
    }

    private int encode(final long number, final int payloadLength)
    {
        encoder.wrap(record, 0, record.capacity()).eventTime(TestRecords.START_NS + number).uuid(number, ~number);
        encoder.put(EncodedText.of(EventField.TYPE, "test.record")).put(EncodedText.of(EventField.SOURCE, "hint-test"));
        encoder.put(EventField.PAYLOAD, payload, 0, payloadLength);
        return encoder.complete();
    }
}
