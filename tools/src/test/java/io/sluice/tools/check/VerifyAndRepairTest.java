package io.sluice.tools.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.tools.ChildCommand;
import io.sluice.tools.CommandResult;
import io.sluice.tools.ExitCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class VerifyAndRepairTest
{
    private static final String MARK = "a-place-to-damage";

    @TempDir
    private Path directory;

    @BeforeEach
    void makeJournal()
    {
        final StringBuilder input = new StringBuilder();
        for (int i = 1; i <= 50; i++)
        {
            input.append("{\"type\":\"a.b\",\"payload\":\"").append(i == 25 ? MARK : "p" + i).append("\"}\n");
        }
        for (final String part : input.toString().split("(?<=p10\"}\n)|(?<=p40\"}\n)", -1))
        {
            final CommandResult result = CommandResult.runWithInput(part, "run", "ndjson:-", "--dir", data());
            assertEquals(ExitCode.DONE, result.exitCode(), result.err());
        }
    }

    @Test
    void shouldSayThatASoundJournalIsSound()
    {
        final CommandResult result = CommandResult.run("verify", "--dir", data());

        assertEquals(ExitCode.DONE, result.exitCode());
        assertTrue(result.out().contains("verdict    sound"), result.out());
        assertTrue(result.out().contains("events     50, sequence 1 to 50"), result.out());
    }

    @Test
    void shouldSayWhereAJournalIsDamaged() throws IOException
    {
        final Path file = damage();

        final CommandResult text = CommandResult.run("verify", "--dir", data());
        final CommandResult json = CommandResult.run("verify", "--dir", data(), "--json");

        assertEquals(ExitCode.FAILED_CHECK, text.exitCode());
        assertTrue(text.out().contains("verdict    DAMAGED"), text.out());
        assertTrue(text.out().contains(file.getFileName().toString()), text.out());
        assertTrue(text.out().contains("sluice repair --quarantine"), text.out());
        assertEquals(ExitCode.FAILED_CHECK, json.exitCode());
        assertTrue(json.lines().get(0).startsWith("{\"finding\":\""), json.out());
        assertTrue(json.lastLine().startsWith("{\"events\":"), json.out());
        assertFalse(json.lastLine().contains("\"corrupt\":0,"), json.out());
    }

    @Test
    void shouldNotTailPastDamage() throws IOException
    {
        damage();

        final CommandResult result = CommandResult.run("tail", "--dir", data(), "--format", "json");

        assertEquals(ExitCode.FAILED_CHECK, result.exitCode(), result.err());
        assertFalse(result.out().contains(MARK.replace("place", "PLACE")), "a damaged event was printed");
        assertTrue(result.err().contains("sluice verify"), result.err());
    }

    @Test
    void shouldSaveWhatIsSound() throws IOException
    {
        damage();

        final CommandResult repair = CommandResult.run("repair", "--quarantine", "--dir", data(), "--json");

        assertEquals(ExitCode.FAILED_CHECK, repair.exitCode(), repair.err());
        assertTrue(repair.lastLine().startsWith("{\"repaired\":true,\"quarantine\":\""), repair.out());
        final CommandResult verify = CommandResult.run("verify", "--dir", data());
        assertEquals(ExitCode.DONE, verify.exitCode(), verify.out());
        final CommandResult run =
            CommandResult.runWithInput("{\"type\":\"a.c\"}\n", "run", "ndjson:-", "--dir", data(), "--json");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertEquals(ExitCode.DONE, CommandResult.run("verify", "--dir", data()).exitCode());
    }

    @Test
    void shouldHaveNothingToRepairInASoundJournal()
    {
        final CommandResult result = CommandResult.run("repair", "--quarantine", "--dir", data());

        assertEquals(ExitCode.DONE, result.exitCode(), result.err());
        assertEquals("Nothing to repair.\n", result.out());
    }

    @Test
    void shouldNotRepairUnderARunningEngine() throws Exception
    {
        try (Engine engine = Engine.launch(new EngineContext().directory(Path.of(data())));
            ChildCommand child = new ChildCommand("repair", "--quarantine", "--dir", data()))
        {
            assertEquals(ExitCode.DIRECTORY_UNUSABLE, child.awaitExit());
            assertTrue(child.errors().contains(Long.toString(ProcessHandle.current().pid())));
            assertEquals(50, engine.stats().lastSequence());
        }
    }

    /** Change a few bytes of an event in the middle; returns the file. */
    private Path damage() throws IOException
    {
        try (Stream<Path> files = Files.list(directory.resolve("data/journal")))
        {
            for (final Path file : files.filter(path -> path.toString().endsWith(".cq4")).toList())
            {
                try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw"))
                {
                    final byte[] head = new byte[1 << 20];
                    final int length = access.read(head);
                    final int at = new String(head, 0, length, StandardCharsets.ISO_8859_1).indexOf(MARK);
                    if (at >= 0)
                    {
                        access.seek(at);
                        access.write(MARK.replace("place", "PLACE").getBytes(StandardCharsets.ISO_8859_1));
                        return file;
                    }
                }
            }
        }
        throw new IllegalStateException("the event is in no file");
    }

    private String data()
    {
        return directory.resolve("data").toString();
    }
}
