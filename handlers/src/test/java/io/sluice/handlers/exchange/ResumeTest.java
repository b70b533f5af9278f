package io.sluice.handlers.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventBuilder;
import io.sluice.event.filter.EventFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class ResumeTest
{
    private static final int EVENTS = 3500;

    @TempDir
    private Path directory;

    static Stream<String> formats()
    {
        return JournalFixture.formats();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shouldGiveTheSameBytesWhenAnExportIsStoppedAgainAndAgain(final String format) throws Exception
    {
        final Path journal = directory.resolve("journal");
        JournalFixture.appendRandom(journal, 11, EVENTS);
        final Path whole = directory.resolve("whole");
        JournalFixture.export(journal, whole, format, (context) -> {});
        final Path file = directory.resolve("file");
        final Random random = new Random(5);

        int stops = 0;
        boolean isDone = false;
        while (!isDone)
        {
            final boolean isFirst = stops == 0;
            try
            {
                JournalFixture.export(journal, file, format, (context) -> context
                    .resume(!isFirst)
                    .checkpointInterval(Duration.ZERO)
                    .stop(afterSome(random)));
                isDone = true;
            }
            catch (final ExchangeException ex)
            {
                assertTrue(ex.getMessage().contains("--resume"), ex.getMessage());
                assertFalse(Files.exists(file));
                assertTrue(++stops < 50, ex.getMessage());
                // As a crash between the bytes and the checkpoint leaves it.
                Files.write(
                    directory.resolve("file.partial"), "torn".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    java.nio.file.StandardOpenOption.APPEND);
                // Later events are none of this export's.
                JournalFixture.append(journal, (appending) -> appending.add(new EventBuilder().type("later")));
                if (format.equals("parquet") && stops == 3)
                {
                    // It has one row group only, which begins again with every attempt.
                    break;
                }
            }
        }
        if (!isDone)
        {
            JournalFixture.export(journal, file, format, (context) -> context.resume(true).toSequence(EVENTS));
        }

        assertTrue(stops >= 2, stops + " stops");
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(file));
        assertEquals(1, filesNamed("file"), "nothing is left beside the file");
    }

    @Test
    void shouldKeepRowGroupsWhenAnExportToParquetIsResumed() throws Exception
    {
        final Path journal = directory.resolve("journal");
        JournalFixture.append(journal, (appending) ->
        {
            final Random random = new Random(1);
            final byte[] payload = new byte[40_000];
            for (int i = 0; i < 1200; i++)
            {
                random.nextBytes(payload);
                appending.add(new EventBuilder().type("large").id("l" + i).payload(payload).contentType("x/y"));
            }
        });
        final Path whole = directory.resolve("whole");
        JournalFixture.export(journal, whole, "parquet", (context) -> {});
        final Path file = directory.resolve("file");
        long kept = 0;
        for (int polls = 1; polls < 6; polls++)
        {
            final int[] left = {1};
            assertThrows(ExchangeException.class, () -> JournalFixture.export(journal, file, "parquet", (context) ->
                context.resume(true).checkpointInterval(Duration.ZERO).stop(() -> left[0]-- == 0)));
            final long position = Long.parseLong(Files.readString(directory.resolve("file.checkpoint"))
                .replaceFirst("(?s).*\nposition=(\\d+)\n.*", "$1"));
            assertTrue(position >= kept);
            kept = position;
            if (kept > 30_000_000)
            {
                break;
            }
        }
        assertTrue(kept > 16 << 20, "kept " + kept);
        JournalFixture.export(journal, file, "parquet", (context) -> context.resume(true));
        assertEquals(-1, Files.mismatch(whole, file));
    }

    @Test
    void shouldRefuseAndNameTheRemedyWhenAnotherExportIsAskedFor() throws Exception
    {
        final Path journal = directory.resolve("journal");
        JournalFixture.appendRandom(journal, 1, 2000);
        final Path file = directory.resolve("file");
        interruptExport(journal, file);

        refused(
            journal, file, "another portable, 'false', and this one for 'true'", (c) -> c.resume(true).portable(true));
        refused(
            journal, file, "another from, '', and this one for 'sequence 2'", (c) -> c.resume(true).fromSequence(2));
        refused(journal, file, "another where, 'TRUE'", (c) -> c.resume(true).filter(EventFilter.of("type = 'x'")));
        refused(journal, file, "another format, 'ndjson'",
            (c) -> c.resume(true).format(JournalFixture.FORMATS.named("csv")));
        refused(journal, file, "--resume), or start again with overwrite", (c) -> {});
        final Path other = directory.resolve("other");
        JournalFixture.appendRandom(other, 1, 2000);
        refused(other, file, "this is another journal", (c) -> c.resume(true));

        assertEquals(
            2000, JournalFixture.export(journal, file, "ndjson", (context) -> context.resume(true)).events());
        refused(journal, file, "is there already and complete, there is nothing to resume", (c) -> c.resume(true));
        refused(journal, file, "is there already: name another file", (c) -> {});
        assertEquals(
            2000, JournalFixture.export(journal, file, "ndjson", (context) -> context.overwrite(true)).events());
        refused(journal, directory, "is a directory", (c) -> {});
        refused(journal, directory.resolve("none/file"), "the directory does not exist", (c) -> {});
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "changed", "empty", "partial cut", "partial changed"})
    void shouldSayWhatIsDamagedWhenACheckpointCanNotBeTrusted(final String damage) throws Exception
    {
        final Path journal = directory.resolve("journal");
        JournalFixture.appendRandom(journal, 1, 2000);
        final Path file = directory.resolve("file");
        interruptExport(journal, file);
        final Path damaged = directory.resolve(damage.startsWith("partial") ? "file.partial" : "file.checkpoint");
        final byte[] bytes = Files.readAllBytes(damaged);
        final byte[] changed = bytes.clone();
        changed[bytes.length - 30] ^= 1;
        Files.write(damaged, damage.endsWith("cut") ? java.util.Arrays.copyOf(bytes, bytes.length - 1) :
            damage.equals("empty") ? new byte[0] : changed);

        refused(
            journal, file, damage.startsWith("partial") ? "it was cut or changed" : "is damaged",
            (context) -> context.resume(true));
        refused(journal, file, "overwrite", (context) -> context.resume(true));
        assertEquals(
            2000, JournalFixture.export(journal, file, "ndjson", (context) -> context.overwrite(true)).events());
        assertEquals(1, filesNamed("file"));
    }

    @Test
    void shouldFinishWhenOnlyTheLastStepsWereMissing() throws Exception
    {
        final Path journal = directory.resolve("journal");
        JournalFixture.appendRandom(journal, 1, 100);
        final Path file = directory.resolve("file");
        final ExportContext context = new ExportContext()
            .directory(journal).file(file).format(JournalFixture.FORMATS.named("ndjson")).resume(true);
        for (final boolean isRenamed : new boolean[]{false, true})
        {
            final ExportState state = new ExportState(ExportState.requestOf(context));
            try (ExportFile target = ExportFile.open(context, state))
            {
                target.begin();
                target.stream().write('x');
                state.isFinished = true;
                target.checkpoint();
            }
            if (isRenamed)
            {
                Files.move(directory.resolve("file.partial"), file);
            }
            assertEquals(1, JournalExport.run(context).bytes());
            assertEquals("x", Files.readString(file));
            assertEquals(1, filesNamed("file"));
            Files.delete(file);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shouldGiveTheSameJournalWhenAnImportIsStoppedAgainAndAgain(final String format) throws Exception
    {
        final Path journal = directory.resolve("journal");
        JournalFixture.appendRandom(journal, 12, EVENTS);
        final Path file = directory.resolve("file");
        JournalFixture.export(journal, file, format, (context) -> {});
        final Path imported = directory.resolve("imported");
        final Random random = new Random(6);
        ImportResult result = null;
        int stops = 0;
        while (result == null)
        {
            final boolean isFirst = stops == 0;
            try
            {
                result = JournalFixture.importFile(imported, file, format, (context) -> context
                    .resume(!isFirst)
                    .checkpointInterval(Duration.ofDays(1))
                    .stop(afterSome(random)));
            }
            catch (final ExchangeException ex)
            {
                assertTrue(ex.getMessage().contains("--resume"), ex.getMessage());
                assertTrue(++stops < 50, ex.getMessage());
                // An engine may have been at work in between.
                JournalFixture.append(imported, (appending) -> appending.add(new EventBuilder().type("between")));
            }
        }
        assertTrue(stops >= 2, stops + " stops");
        assertEquals(new ImportResult(EVENTS, EVENTS, 0, 0, 0, 0, 0), result);
        assertEquals(EVENTS + stops, JournalFixture.assertSound(imported));
        final Path again = directory.resolve("again");
        JournalFixture.export(
            imported, again, format, (context) -> context.portable(true).filter(EventFilter.of("type <> 'between'")));
        assertArrayEquals(JournalFixture.portable(journal, format), Files.readAllBytes(again));
    }

    @Test
    void shouldRefuseToResumeAnImportWhenTheFileOrTheJournalIsAnother() throws Exception
    {
        final Path file = directory.resolve("file.ndjson");
        write(file, 3000, "a");
        final Path imported = directory.resolve("imported");
        interruptImport(imported, file);

        importRefused(imported, file, "was interrupted", (c) -> {});
        importRefused(imported, file, "another where", (c) -> c.resume(true).filter(EventFilter.of("type = 'x'")));
        write(file, 3000, "b");
        importRefused(imported, file, "its beginning differs", (c) -> c.resume(true));
        write(file, 3, "a");
        importRefused(imported, file, "it is shorter than what was read", (c) -> c.resume(true));
        write(file, 3000, "a");
        final Path checkpoint;
        try (Stream<Path> files = Files.list(imported.resolve("positions/import")))
        {
            checkpoint = files.findFirst().orElseThrow();
        }
        final byte[] sound = Files.readAllBytes(checkpoint);
        Files.write(checkpoint, java.util.Arrays.copyOf(sound, sound.length / 2));
        importRefused(imported, file, "is damaged", (c) -> c.resume(true));
        Files.write(checkpoint, sound);

        assertEquals(3000, JournalFixture.importFile(imported, file, "ndjson", (c) -> c.resume(true)).imported());
        assertEquals(3000, JournalFixture.assertSound(imported));
        // It was done already: nothing is read again, and what the file has got since comes in.
        assertEquals(3000, JournalFixture.importFile(imported, file, "ndjson", (c) -> c.resume(true)).imported());
        assertEquals(3000, JournalFixture.assertSound(imported));
        write(file, 3002, "a");
        assertEquals(3002, JournalFixture.importFile(imported, file, "ndjson", (c) -> c.resume(true)).imported());
        assertEquals(3002, JournalFixture.importFile(imported, file, "ndjson", (c) -> {}).known());
        assertEquals(3002, JournalFixture.assertSound(imported));
        write(file, 3000, "a");
        interruptImport(directory.resolve("restarted"), file);
        final ImportResult restarted = JournalFixture.importFile(
            directory.resolve("restarted"), file, "ndjson", (c) -> c.restart(true));
        assertEquals(3000, restarted.imported() + restarted.known());
        assertEquals(3000, JournalFixture.assertSound(directory.resolve("restarted")));
    }

    @Test
    void shouldKeepEveryRejectOnceWhenAnImportIsResumed() throws Exception
    {
        final Path file = directory.resolve("file.ndjson");
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < 9000; i++)
        {
            text.append(i % 3 == 0 ? "{bad " + i + "\n" : "{\"type\":\"t\",\"payload\":" + i + "}\n");
        }
        Files.writeString(file, text);
        final Path rejects = directory.resolve("rejects");
        final Path imported = directory.resolve("imported");
        final Random random = new Random(2);
        ImportResult result = null;
        int stops = 0;
        while (result == null)
        {
            try
            {
                result = JournalFixture.importFile(imported, file, "ndjson", (context) ->
                    context.resume(true).rejects(rejects).stop(afterSome(random)));
            }
            catch (final ExchangeException ex)
            {
                assertTrue(ex.getMessage().contains("--resume"), ex.getMessage());
                assertTrue(++stops < 50, ex.getMessage());
            }
        }
        assertTrue(stops > 1);
        assertEquals(new ImportResult(9000, 6000, 0, 0, 0, 3000, 0), result);
        // None of these events had an id.
        assertEquals(6000, JournalFixture.assertSound(imported));
        assertEquals(3000, Files.readAllLines(rejects).size());
        assertTrue(Files.readAllLines(rejects).get(1).startsWith("{\"line\":4,\"error\":\"JSON is malformed"));
        importRefused(imported, file, "is there already", (c) -> c.rejects(rejects));
        importRefused(imported, file, "is the input", (c) -> c.rejects(file));
    }

    private static void interruptExport(final Path journal, final Path file)
    {
        final int[] left = {2};
        assertThrows(ExchangeException.class, () -> JournalFixture.export(
            journal, file, "ndjson", (context) -> context.stop(() -> left[0]-- == 0)));
    }

    private static void interruptImport(final Path directory, final Path file)
    {
        final int[] left = {2};
        assertThrows(ExchangeException.class, () -> JournalFixture.importFile(
            directory, file, "ndjson", (context) -> context.stop(() -> left[0]-- == 0)));
    }

    private static void refused(
        final Path journal, final Path file, final String message, final Consumer<ExportContext> change)
    {
        final String said = assertThrows(
            ExchangeRefusedException.class, () -> JournalFixture.export(journal, file, "ndjson", change)).getMessage();
        assertTrue(said.contains(message), said);
    }

    private static void importRefused(
        final Path journal, final Path file, final String message, final Consumer<ImportContext> change)
    {
        final String said = assertThrows(
            ExchangeRefusedException.class,
            () -> JournalFixture.importFile(journal, file, "ndjson", change)).getMessage();
        assertTrue(said.contains(message), said);
    }

    private static void write(final Path file, final int lines, final String type) throws IOException
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines; i++)
        {
            text.append("{\"type\":\"").append(type).append("\",\"id\":\"i").append(i).append("\"}\n");
        }
        Files.writeString(file, text);
    }

    private static BooleanSupplier afterSome(final Random random)
    {
        final int[] left = {random.nextInt(5)};
        return () -> left[0]-- == 0;
    }

    private long filesNamed(final String name) throws IOException
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.filter((file) -> file.getFileName().toString().startsWith(name)).count();
        }
    }
}
