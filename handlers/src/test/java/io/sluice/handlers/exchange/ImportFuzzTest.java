package io.sluice.handlers.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is done to a file: each record is an event or a bad record, or the file is refused by name. */
@Timeout(600)
class ImportFuzzTest
{
    private static final int ROUNDS = Integer.getInteger("sluice.fuzz.rounds", 300);

    @TempDir
    private Path directory;

    static Stream<String> formats()
    {
        return JournalFixture.formats();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shouldGiveAnEventOrABadRecordWhenAFileIsMutated(final String format) throws Exception
    {
        final Path journal = directory.resolve("journal");
        JournalFixture.appendRandom(journal, 21, 60);
        final Path valid = directory.resolve("valid");
        JournalFixture.export(journal, valid, format, (context) -> {});
        mutateAndImport(format, directory.resolve("mutated"), Files.readAllBytes(valid), ROUNDS);
    }

    private void mutateAndImport(final String format, final Path file, final byte[] bytes, final int rounds)
        throws Exception
    {
        final Random random = new Random(22);
        int bad = 0;
        int refused = 0;
        for (int round = 0; round < rounds; round++)
        {
            Files.write(file, mutate(bytes, random));
            try
            {
                final int[] told = new int[1];
                final ImportResult result = JournalFixture.importFile(
                    directory.resolve("none"), file, format, (context) -> context
                        .dryRun(true)
                        .malformedInputListener((source, line, reason) ->
                        {
                            assertTrue(!reason.isEmpty());
                            told[0]++;
                        }));
                assertEquals(told[0], result.bad());
                assertEquals(
                    result.records(),
                    result.imported() + result.known() + result.duplicates() + result.bad(), "round " + round);
                bad += result.bad() > 0 ? 1 : 0;
            }
            catch (final ExchangeException ex)
            {
                assertTrue(ex.getMessage().contains("mutated"), ex.getMessage());
                refused++;
            }
            catch (final RuntimeException | Error ex)
            {
                throw new AssertionError("round " + round, ex);
            }
        }
        assertTrue(bad + refused > rounds / 5, bad + " bad, " + refused + " refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncompressed", "zstd", "gzip"})
    void shouldReadWhatAnotherProgramWroteAsParquetAndSurviveItsMutation(final String codec) throws Exception
    {
        final Path journal = directory.resolve("journal");
        JournalFixture.appendRandom(journal, 23, 200);
        final Path ours = directory.resolve("ours.parquet");
        JournalFixture.export(journal, ours, "parquet", (context) -> {});
        final Path file = directory.resolve("mutated");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
            Statement sql = connection.createStatement())
        {
            sql.execute("COPY (SELECT * FROM read_parquet('" + ours + "')) TO '" + file +
                "' (FORMAT parquet, COMPRESSION " + codec + ")");
        }
        final Path imported = directory.resolve("imported");
        assertEquals(200, JournalFixture.importFile(imported, file, "parquet", (context) -> {}).imported());
        JournalFixture.assertSameContents(journal, imported, "parquet", codec);
        // Its pages have no checksums: what is wrong with them is met where they are decoded.
        mutateAndImport("parquet", file, Files.readAllBytes(file), ROUNDS);
    }

    @Test
    void shouldSayWhereAndWhatWhenRecordsAreBad() throws Exception
    {
        assertBad("ndjson", "{\"type\":\"a\"}\n\n{\"type\":\"a b\"}\n[]\n", 2, "3: type 'a b'", "4: JSON is malformed");
        assertBad(
            "csv",
            "type,priority,payload_encoding,payload\r\na,high,,\r\n,low,,\r\n\"a\nb\",,,\r\na,huge,,\r\na,b\r\n" +
            "a,,text,\"x\"y\r\na,,,z\r\na,,json,{\r\na,,base64,!\r\n\"open,,,\r\nb,,,\r\n",
            9, "3: type", "4: type 'a", "6: ", "7: the row has 2 values for 4 columns", "8: ", "9: payload_encoding",
            "10: payload", "11: payload '!'", "12: a quote is not closed");
        assertBad(
            "cloudevents-batch", "[ 1, {\"a\":\"]\"}, , {\"specversion\":\"1.0\",\"type\":\"a\",\"id\":\"1\"," +
            "\"source\":\"/\"}, {\"specversion\"", 4, "1: ", "2: ", "3: there is nothing between two commas", "5: ");
        assertBad("cloudevents-batch", "[]x", 1, "1: there is more behind the end of the array");
        assertBad("cloudevents-batch", "[", 1, "1: the array is not closed");
        assertBad("cloudevents-batch", "{\"specversion\":\"2.0\"}", 1, "1: specversion '2.0'");
        assertRefused("csv", "a,type\r\n", "column 'a' of the header is not known");
        assertRefused("csv", "type,type\r\n", "column 'type' of the header is there twice");
        assertRefused("csv", "id\r\n", "has no column type");
        assertRefused("csv", "\"type\r\n", "");
        assertRefused("parquet", "PAR1PAR1PAR1PAR1", "is damaged");
        assertRefused("parquet", "x", "is no Parquet, or was cut");
    }

    private void assertBad(final String format, final String text, final int bad, final String... wanted)
        throws Exception
    {
        final Path file = directory.resolve("bad");
        Files.writeString(file, text);
        final java.util.List<String> said = new java.util.ArrayList<>();
        final ImportResult result = JournalFixture.importFile(
            directory.resolve("none"), file, format, (context) -> context
                .dryRun(true)
                .malformedInputListener((source, line, reason) -> said.add(line + ": " + reason)));
        for (int i = 0; i < wanted.length; i++)
        {
            assertTrue(i < said.size() && said.get(i).startsWith(wanted[i]), wanted[i] + " in " + said);
        }
        assertEquals(bad, result.bad(), said.toString());
    }

    private void assertRefused(final String format, final String text, final String wanted) throws Exception
    {
        final Path file = directory.resolve("bad");
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        try
        {
            JournalFixture.importFile(
                directory.resolve("none"), file, format, (context) -> context.dryRun(true));
        }
        catch (final ExchangeException ex)
        {
            assertTrue(ex.getMessage().contains(wanted), ex.getMessage());
            return;
        }
        throw new AssertionError(text + " was not refused");
    }

    private static byte[] mutate(final byte[] valid, final Random random)
    {
        byte[] bytes = valid.clone();
        for (int i = random.nextInt(4); i >= 0; i--)
        {
            final int at = random.nextInt(bytes.length);
            switch (random.nextInt(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.nextInt(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.nextInt(256);
                    break;
                case 2:
                    bytes = Arrays.copyOf(bytes, Math.max(1, at));
                    break;
                case 3:
                    final int length = Math.min(random.nextInt(40), bytes.length - at);
                    System.arraycopy(bytes, random.nextInt(bytes.length - length + 1), bytes, at, length);
                    break;
                default:
                    final byte[] structural = "\"{}[],:\\\r\n0".getBytes(StandardCharsets.US_ASCII);
                    bytes[at] = structural[random.nextInt(structural.length)];
                    break;
            }
        }
        return bytes;
    }
}
