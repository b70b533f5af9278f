package io.sluice.handlers.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.ContentType;
import io.sluice.event.EncodedText;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventField;
import io.sluice.event.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(300)
class RoundTripTest
{
    private static final int EVENTS = 3000;
    private static final byte[] JSON = "{\n \"x\" : 1 }".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path directory;

    static Stream<String> formats()
    {
        return JournalFixture.formats();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shouldLoseNothingWhenRandomEventsGoOutAndComeIn(final String format) throws Exception
    {
        for (long seed = 1; seed <= 3; seed++)
        {
            final Path first = directory.resolve("first" + seed);
            final Path second = directory.resolve("second" + seed);
            final Path third = directory.resolve("third" + seed);
            final Path file = directory.resolve("file" + seed);
            JournalFixture.appendRandom(first, seed, EVENTS);

            final ExportResult exported = JournalFixture.export(first, file, format, (context) -> {});
            assertEquals(EVENTS, exported.events());
            assertEquals(Files.size(file), exported.bytes());
            final ImportResult imported = JournalFixture.importFile(second, file, format, (context) -> {});

            assertEquals(new ImportResult(EVENTS, EVENTS, 0, 0, 0, 0, 0), imported, "seed " + seed);
            JournalFixture.assertSameContents(first, second, format, "seed " + seed);
            assertEquals(EVENTS, JournalFixture.assertSound(second));
            final byte[] portable = JournalFixture.portable(first, format);
            assertArrayEquals(portable, JournalFixture.portable(second, format), "seed " + seed);

            Files.write(file, portable);
            JournalFixture.importFile(third, file, format, (context) -> {});
            assertArrayEquals(portable, JournalFixture.portable(third, format), "seed " + seed);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shouldBeTheSameFromTheSecondExportOnWhenPublishersWereHurried(final String format) throws Exception
    {
        final Path first = directory.resolve("first");
        JournalFixture.append(first, (journal) ->
        {
            for (final String metadata : new String[]{"{\"a\": 1}", "[1]", "{\"a\":1", "{}", "", "{\"a\":\"\\u0041\"}"})
            {
                journal.encode((encoder) -> encoder.uuid(metadata.hashCode(), 2)
                    .put(EncodedText.of(EventField.TYPE, "hurried"))
                    .put(EventField.PAYLOAD, new UnsafeBuffer(JSON), 0, JSON.length)
                    .put(EventField.SUBJECT, new UnsafeBuffer(new byte[]{'a', (byte)0xFF}), 0, 2)
                    .put(
                        EventField.METADATA,
                        new UnsafeBuffer(metadata.getBytes(StandardCharsets.UTF_8)), 0, metadata.length()));
            }
        });
        final List<byte[]> exports = new java.util.ArrayList<>();
        Path from = first;
        for (int i = 0; i < 3; i++)
        {
            final Path file = directory.resolve("file" + i);
            exports.add(JournalFixture.portable(from, format));
            Files.write(file, exports.get(i));
            from = directory.resolve("journal" + i);
            assertEquals(6, JournalFixture.importFile(from, file, format, (context) -> {}).imported());
        }
        assertArrayEquals(exports.get(1), exports.get(2));
        final List<Boolean> times = new java.util.ArrayList<>();
        JournalFixture.read(from, (event) -> times.add(event.hasEventTime()));
        assertEquals(java.util.Collections.nCopies(6, false), times);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shouldLeaveDuplicatesOutOrKeepThemWhenAskedTo(final String format) throws Exception
    {
        final Path first = directory.resolve("first");
        JournalFixture.append(first, (journal) ->
        {
            final EventBuilder event = new EventBuilder().type("a").id("1").payloadText("x");
            final long original = journal.add(event);
            journal.add(event, Verdict.DUPLICATE_ID, original);
            journal.add(event.id("2"), Verdict.DUPLICATE_CONTENT, original);
            journal.add(event.id("3").type("b"));
        });
        final Path without = directory.resolve("without");
        final Path with = directory.resolve("with");

        assertEquals(new ExportResult(2, 2, 1, 4, Files.size(exported(first, without, format, false))),
            JournalFixture.export(first, directory.resolve("again"), format, (context) -> {}));
        exported(first, with, format, true);
        assertEquals(
            new ImportResult(4, 2, 1, 1, 0, 0, 0),
            JournalFixture.importFile(directory.resolve("left-out"), with, format, (context) -> {}));
        final Path kept = directory.resolve("kept");
        assertEquals(
            new ImportResult(4, 4, 0, 0, 0, 0, 2),
            JournalFixture.importFile(kept, with, format, (context) -> context.keepDuplicates(true)));

        assertArrayEquals(JournalFixture.portable(first, format), JournalFixture.portable(kept, format));
        final List<String> verdicts = new java.util.ArrayList<>();
        JournalFixture.read(kept, (event) -> verdicts.add(event.verdict() + " " + event.originalSequence()));
        assertEquals(List.of("ACCEPTED 0", "DUPLICATE_ID 1", "DUPLICATE_CONTENT 1", "ACCEPTED 0"), verdicts);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shouldKeepEveryByteOfAPayloadWhenItsFormatIsATable(final String format) throws Exception
    {
        final Path first = directory.resolve("first");
        final String json = "{\r\n  \"a\" : \"007\"\n}\n";
        JournalFixture.append(first, (journal) ->
        {
            journal.add(new EventBuilder().type("a").id("1").payloadJson(json));
            journal.add(new EventBuilder().type("a").id("2").payloadText("\"007\",\r\n\"\"").contentType("text/x"));
            journal.add(new EventBuilder().type("a").id("3").contentType(ContentType.TEXT));
            journal.add(new EventBuilder().type("a").id("4").payloadText("\ufeff").source("\ufeffx"));
            journal.add(new EventBuilder().type("a").id("5").payload(new byte[]{'[', 0, ']'}));
        });
        final Path file = directory.resolve("file");
        JournalFixture.export(first, file, format, (context) -> {});
        final Path second = directory.resolve("second");
        JournalFixture.importFile(second, file, format, (context) -> {});

        if (format.equals("csv") || format.equals("parquet"))
        {
            assertEquals(JournalFixture.contents(first), JournalFixture.contents(second));
        }
        else
        {
            assertNotEquals(JournalFixture.contents(first), JournalFixture.contents(second));
            assertEquals(
                JournalFixture.contents(first).subList(1, 5), JournalFixture.contents(second).subList(1, 5));
        }
        assertTrue(JournalFixture.contents(second).size() == 5);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shouldWriteAFileThatReadsBackWhenThereIsNothingToExport(final String format) throws Exception
    {
        final Path first = directory.resolve("first");
        JournalFixture.append(first, (journal) -> {});
        final Path file = directory.resolve("file");

        assertEquals(0, JournalFixture.export(first, file, format, (context) -> {}).events());
        assertEquals(
            new ImportResult(0, 0, 0, 0, 0, 0, 0),
            JournalFixture.importFile(directory.resolve("second"), file, format, (context) -> {}));
    }

    private static Path exported(final Path journal, final Path file, final String format, final boolean withDuplicates)
    {
        JournalFixture.export(journal, file, format, (context) -> context.duplicates(withDuplicates));
        return file;
    }
}
