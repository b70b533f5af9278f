package io.sluice.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.archive.KeyProvider;
import io.sluice.engine.EngineContext;
import io.sluice.event.EventStorageException;
import io.sluice.event.Priority;
import io.sluice.journal.JournalContext;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Losses planted between the close of the engine and the reading of its journal. */
class RunActionTest
{
    private static final JournalReader TAILER = JournalReader.tailer(KeyProvider.NONE);

    private static final String INPUT = "{\"type\":\"a.b\",\"id\":\"x\"}\n".repeat(2) +
        "{\"type\":\"a.b\",\"payload\":1}\n{\"type\":\"a.b\",\"payload\":2}\n{\"type\":\"a.b\",\"payload\":3}\n";

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldLoseNothingWhenNothingIsPlanted()
    {
        assertEquals(ExitCode.DONE, run(TAILER));
        assertSummary("\"journaled\":5,\"duplicates\":1,\"delivered\":4,");
        assertSummary("\"lost\":0,");
    }

    @Test
    void shouldFindLossWhenOneRecordIsMissing()
    {
        assertEquals(ExitCode.FAILED_CHECK, run((path, from, handler) -> TAILER.read(path, from, event ->
        {
            if (event.sequence() != 3)
            {
                handler.onRecord(event);
            }
        })));
        assertSummary("\"accepted\":5,");
        assertSummary("\"journaled\":4,");
        assertSummary("\"lost\":1,");
    }

    @Test
    void shouldFindLossWhenOneOfTwoRecordsWithTheSameIdIsMissing()
    {
        assertEquals(ExitCode.FAILED_CHECK, run((path, from, handler) -> TAILER.read(path, from, event ->
        {
            if (!event.verdict().isDuplicate())
            {
                handler.onRecord(event);
            }
        })));
        assertSummary("\"lost\":1,");
    }

    @Test
    void shouldCountEverythingBehindDamageAsLost()
    {
        assertEquals(ExitCode.FAILED_CHECK, run((path, from, handler) -> TAILER.read(path, from, event ->
        {
            if (event.sequence() == 4)
            {
                throw new EventStorageException("damaged at offset 17");
            }
            handler.onRecord(event);
        })));
        assertSummary("\"lost\":2,");
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("damaged at offset 17"));
    }

    @Test
    void shouldComplainWhenJournalHoldsWhatNobodyPublished()
    {
        assertEquals(ExitCode.FAILED_CHECK, run((path, from, handler) -> TAILER.read(path, from, event ->
        {
            handler.onRecord(event);
            if (event.sequence() == 4)
            {
                handler.onRecord(event);
            }
        })));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("1 records that were never accepted"));
    }

    @Test
    @Timeout(60)
    void shouldEndInTimeAndSayWhyWhenStorageStaysInTrouble()
    {
        final EngineContext context = new EngineContext().directory(directory.resolve("data"))
            .journal(new JournalContext().freeSpace(() -> 0L))
            .limit(Priority.NORMAL, 16)
            .errorHandler(ex -> {});

        assertEquals(ExitCode.FAILED_CHECK, run(TAILER, context, INPUT.repeat(20), 1_500_000_000L));

        assertSummary("\"journaled\":0,");
        assertSummary("\"refused\":1,");
        final String text = err.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("less than minFreeSpace="), text);
        assertTrue(text.contains("not everything was handled in time"), text);
    }

    private int run(final JournalReader reader)
    {
        return run(reader, new EngineContext().directory(directory.resolve("data")), INPUT, Long.MAX_VALUE);
    }

    private int run(
        final JournalReader reader, final EngineContext context, final String input, final long limitNs)
    {
        final CommandIo io = CommandIo.plain(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8));
        final RunOptions options = new RunOptions(
            List.of("ndjson:-"), null, limitNs, true, context);
        return new RunAction(options, reader, 2).run(io);
    }

    private void assertSummary(final String part)
    {
        final List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertTrue(lines.get(lines.size() - 1).contains(part), lines.get(lines.size() - 1));
    }
}
