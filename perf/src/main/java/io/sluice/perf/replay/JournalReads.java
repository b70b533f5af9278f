package io.sluice.perf.replay;

import io.sluice.event.filter.EventFilter;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.replay.JournalReplay;
import io.sluice.replay.ReplayContext;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/** Each way to read all of a journal; each gives the sum of the numbers that it found. */
final class JournalReads
{
    private static final int POLL_LIMIT = 1024;

    private JournalReads()
    {
    }

    static long bare(final Path directory, final RecordTemplate template)
    {
        long sum = 0;
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.binary(directory.toFile()).readOnly(true).build();
            ExcerptTailer tailer = queue.createTailer())
        {
            while (true)
            {
                try (DocumentContext document = tailer.readingDocument())
                {
                    if (!document.isPresent())
                    {
                        return sum;
                    }
                    final Bytes<?> bytes = document.wire().bytes();
                    sum += bytes.readLong(bytes.readPosition() + template.numberOffset());
                }
            }
        }
    }

    static long tail(final Path directory, final boolean isVerified)
    {
        final Sum sum = new Sum();
        try (JournalTailer tailer = JournalTailer.open(
            new TailerContext().directory(directory).verifyChecksums(isVerified)))
        {
            while (tailer.poll((event) -> sum.value += event.eventTime(), POLL_LIMIT) > 0)
            {
                Thread.onSpinWait();
            }
        }
        return sum.value;
    }

    static long replay(final Path directory, final String filter)
    {
        final Sum sum = new Sum();
        try (JournalReplay replay = JournalReplay.open(new ReplayContext()
            .directory(directory)
            .speed(ReplayContext.UNTHROTTLED)
            .filter(EventFilter.of(filter))))
        {
            while (!replay.isEnded())
            {
                replay.poll((event) -> sum.value += event.eventTime(), POLL_LIMIT);
            }
        }
        return sum.value;
    }

    private static final class Sum
    {
        private long value;
    }
}
