package io.sluice.handlers.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.IdGenerator;
import io.sluice.event.Verdict;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes journals, reads them, and exports and imports with a context that tests change. */
final class JournalFixture
{
    static final EventFormats FORMATS = EventFormats.load();
    private static final long START_NS = 1_700_000_000_000_000_000L;

    private JournalFixture()
    {
    }

    /** Names of all formats of Sluice. */
    static Stream<String> formats()
    {
        return FORMATS.names().stream();
    }

    /** Append to the journal of a directory; files are small, so that there are several. */
    static void append(final Path directory, final Consumer<Appending> work)
    {
        final JournalContext context = new JournalContext()
            .directory(directory).rollSize(1 << 19).prepareAhead(0).syncThread(false);
        try (JournalAppender appender = JournalAppender.open(context))
        {
            work.accept(new Appending(appender));
        }
    }

    static void appendRandom(final Path directory, final long seed, final int count)
    {
        final RandomRecords records = new RandomRecords(seed);
        append(directory, (journal) ->
        {
            for (int i = 0; i < count; i++)
            {
                journal.add(records.next());
            }
        });
    }

    static ExportResult export(
        final Path directory, final Path file, final String format, final Consumer<ExportContext> change)
    {
        final ExportContext context =
            new ExportContext().directory(directory).file(file).format(FORMATS.named(format));
        change.accept(context);
        return JournalExport.run(context);
    }

    static byte[] portable(final Path directory, final String format) throws Exception
    {
        final Path file = Files.createTempDirectory(directory.getParent(), "portable").resolve("x");
        export(directory, file, format, (context) -> context.portable(true).duplicates(true));
        return Files.readAllBytes(file);
    }

    static ImportResult importFile(
        final Path directory, final Path file, final String format, final Consumer<ImportContext> change)
    {
        final ImportContext context =
            new ImportContext().directory(directory).file(file).format(FORMATS.named(format));
        change.accept(context);
        return JournalImport.run(context);
    }

    /** What publishers decided about each event, as one text a record. */
    static List<String> contents(final Path directory)
    {
        final List<String> all = new ArrayList<>();
        read(directory, (event) -> all.add(
            Long.toHexString(event.contentHashHigh()) + Long.toHexString(event.contentHashLow()) + ' ' +
            Long.toHexString(event.contextHash()) + ' ' + event.id() + ' ' + event.eventTime() + ' ' +
            event.aggregateVersion() + ' ' + event.priority() + ' ' + event.category() + ' ' + event.contentType() +
            ' ' + event.flags()));
        return all;
    }

    static void read(final Path directory, final Consumer<EventFlyweight> handler)
    {
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory)))
        {
            while (tailer.poll(handler::accept, 1000) > 0)
            {
                Thread.onSpinWait();
            }
        }
    }

    /**
     * The same events, in the same order. CloudEvents keeps the members of the metadata, but not their order, on which
     * the hash of the context depends.
     */
    static void assertSameContents(final Path first, final Path second, final String format, final String hint)
    {
        final List<String> wanted = contents(first);
        final List<String> found = contents(second);
        for (int i = 0; i < Math.min(wanted.size(), found.size()); i++)
        {
            assertEquals(shown(wanted.get(i), format), shown(found.get(i), format), hint + ", event " + i);
        }
        assertEquals(wanted.size(), found.size(), hint);
    }

    private static String shown(final String content, final String format)
    {
        return format.startsWith("cloudevents") ? content.replaceFirst(" [0-9a-f]+ ", " ") : content;
    }

    /** Sequences are dense and every record is sound. */
    static long assertSound(final Path directory)
    {
        final long[] last = new long[1];
        final EventHash hash = new EventHash();
        read(directory, (event) ->
        {
            assertEquals(last[0] + 1, event.sequence());
            assertEquals(null, event.findDamage(event.recordLength(), hash));
            last[0] = event.sequence();
        });
        return last[0];
    }

    /** An open journal. */
    static final class Appending
    {
        private final JournalAppender appender;
        private final EventEncoder encoder = new EventEncoder();
        private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 20]);
        private final EventDefaults defaults = new EventDefaults(() -> START_NS, new IdGenerator(1));
        private long timeNs = START_NS;

        Appending(final JournalAppender appender)
        {
            this.appender = appender;
        }

        long add(final EventBuilder event)
        {
            return add(event, Verdict.ACCEPTED, 0);
        }

        long add(final EventBuilder event, final Verdict verdict, final long original)
        {
            return stage(event.encode(encoder, buffer, 0, buffer.capacity(), defaults), verdict, original);
        }

        /** Write a record as a publisher in a hurry does. */
        long encode(final Consumer<EventEncoder> writer)
        {
            encoder.wrap(buffer, 0, buffer.capacity());
            writer.accept(encoder);
            return stage(encoder.complete(), Verdict.ACCEPTED, 0);
        }

        private long stage(final int length, final Verdict verdict, final long original)
        {
            timeNs += 1_000_001;
            assertEquals(true, appender.isReady());
            return appender.stage(buffer, 0, length, verdict, original, timeNs);
        }
    }
}
