package io.sluice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.Durability;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TailCommandTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldPrintLinesForPeople()
    {
        runInput(
            "{\"type\":\"order.filled\",\"priority\":\"high\",\"source\":\"desk\",\"id\":\"o-1\",\"subject\":\"ABC\"," +
            "\"payload\":{\"n\":1}}\n{\"type\":\"order.filled\",\"id\":\"o-1\",\"source\":\"desk\"}\n");

        final CommandResult result = CommandResult.run("tail", "--dir", data());

        assertEquals(ExitCode.DONE, result.exitCode(), result.err());
        assertEquals(2, result.lines().size());
        assertTrue(result.lines().get(0).matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z        1 HIGH     " +
            "order.filled  desk  o-1  ABC  \\{\"n\":1}"),
            result.out());
        assertTrue(result.lines().get(1).endsWith(
            "        2 NORMAL   order.filled  desk  o-1  [duplicate of 1]"), result.out());
    }

    @Test
    void shouldNotLetAnEventSteerTheTerminal()
    {
        runInput("{\"type\":\"a.b\",\"source\":\"x\\u001b[31m\\u0007\",\"subject\":\"l\\nm\\u202eevil\"," +
            "\"contentType\":\"text/plain\",\"payload\":\"\\u009b2J\\r\\u0000\"}\n");

        final String line = CommandResult.run("tail", "--dir", data()).out();

        assertTrue(line.contains("  x\\u001b[31m\\u0007  "), line);
        assertTrue(line.contains("  l\\nm\\u202eevil  "), line);
        assertTrue(line.endsWith("  \\u009b2J\\r\\u0000\n"), line);
        assertEquals(1, line.chars().filter(Character::isISOControl).count());
    }

    @Test
    void shouldPrintWhatTheFilterPicksWhenThereIsOne()
    {
        runInput("{\"type\":\"a.b\",\"payload\":{\"n\":1}}\n{\"type\":\"a.c\",\"payload\":{\"n\":2}}\n" +
            "{\"type\":\"a.b\",\"payload\":{\"n\":3}}\n{\"type\":\"a.b\",\"payload\":{\"n\":4}}\n");

        final CommandResult all =
            CommandResult.run("tail", "--dir", data(), "--where", "type = 'a.b' AND payload.n > 1");
        final CommandResult one = CommandResult.run(
            "tail", "--dir", data(), "--where", "type = 'a.b' AND payload.n > 1", "--count", "1");
        final CommandResult none = CommandResult.run("tail", "--dir", data(), "--where", "payload.n > 4");

        assertEquals(2, all.lines().size(), all.out());
        assertTrue(all.lines().get(0).endsWith("{\"n\":3}"), all.out());
        assertEquals(1, one.lines().size(), one.out());
        assertEquals("", none.out());
        assertEquals(ExitCode.DONE, none.exitCode());
    }

    @Test
    void shouldPointAtTheFaultWhenTheFilterIsNotValid()
    {
        final CommandResult result =
            CommandResult.run("tail", "--dir", data(), "--where", "type = 'a' AND source ~ 'b'");

        assertEquals(ExitCode.WRONG_USAGE, result.exitCode());
        assertTrue(result.err().contains(
            "\n  type = 'a' AND source ~ 'b'\n                        ^\n"), result.err());
    }

    @Test
    void shouldPrintJsonAndCloudEvents()
    {
        runInput("{\"type\":\"a.b\",\"id\":\"x\",\"source\":\"s\",\"payload\":[1]}\n");

        final String json = CommandResult.run("tail", "--dir", data(), "--format", "json").out();
        final String cloudEvent = CommandResult.run("tail", "--dir", data(), "--format", "CloudEvents").out();

        assertTrue(json.startsWith("{\"sequence\":1,\"id\":\"x\",\"type\":\"a.b\","), json);
        assertTrue(json.endsWith("\"payload\":[1]}\n"), json);
        assertTrue(cloudEvent.contains("\"specversion\":\"1.0\""), cloudEvent);
        assertEquals(1, cloudEvent.lines().count());
    }

    @Test
    void shouldStartAndEndWhereAsked()
    {
        runInput("{\"type\":\"a.b\",\"payload\":1}\n{\"type\":\"a.b\",\"payload\":2}\n" +
            "{\"type\":\"a.b\",\"payload\":3}\n");

        assertEquals("2,3,", sequences("--from", "2"));
        assertEquals("2,", sequences("--from", "2", "--count", "1"));
        assertEquals("1,2,3,", sequences("--from", "start"));
        assertEquals("", sequences("--from", "end"));
        assertEquals("1,2,3,", sequences("--from", "2020-01-01"));
        assertEquals("", sequences("--from", "2200-01-01T00:00:00"));
        final CommandResult beyond = CommandResult.run("tail", "--dir", data(), "--from", "77");
        assertEquals(ExitCode.WRONG_USAGE, beyond.exitCode());
        assertTrue(beyond.err().contains("77"), beyond.err());
    }

    @Test
    void shouldPrintEveryEventOnceWhileTheyComeAndEndWhenTerminated() throws Exception
    {
        try (ChildCommand tail = new ChildCommand("tail", "--follow", "--format", "json", "--dir", data());
            Engine engine = Engine.launch(new EngineContext().directory(Path.of(data()))))
        {
            final EventBuilder event = new EventBuilder();
            for (int i = 1; i <= 500; i++)
            {
                event.clear().type("a.b").priority(Priority.of(i % 4)).payloadJson(Integer.toString(i));
                final long ticket = engine.publisher().publish(event);
                assertTrue(ticket >= 0);
                if (i % 100 == 0)
                {
                    engine.publisher().await(ticket, Durability.JOURNALED, TimeUnit.SECONDS.toNanos(30));
                    assertTrue(tail.readLine().startsWith("{\"sequence\":" + i / 100 + ","));
                }
            }
            for (int sequence = 6; sequence <= 500; sequence++)
            {
                assertTrue(tail.readLine().startsWith("{\"sequence\":" + sequence + ","));
            }

            tail.terminate();

            assertEquals("", tail.readRest());
            assertEquals(ExitCode.DONE, tail.awaitExit(), tail.errors());
        }
    }

    @Test
    void shouldEndWithoutComplaintWhenTheReaderHasGone()
    {
        runInput("{\"type\":\"a.b\",\"payload\":1}\n{\"type\":\"a.b\",\"payload\":2}\n");
        final PrintStream closedPipe = new PrintStream(new ClosedPipe(), false, StandardCharsets.UTF_8);

        final int exitCode = SluiceMain.run(
            CommandIo.plain(new ByteArrayInputStream(new byte[0]), closedPipe, closedPipe),
            "tail", "--follow", "--dir", data());

        assertEquals(ExitCode.DONE, exitCode);
    }

    @Test
    void shouldWriteNothingToTheDataDirectory() throws IOException
    {
        runInput("{\"type\":\"a.b\"}\n");
        final Map<Path, FileTime> before = modificationTimes();

        CommandResult.run("tail", "--dir", data());
        CommandResult.run("verify", "--dir", data());
        CommandResult.run("stat", "--dir", data());

        assertEquals(before, modificationTimes());
        assertFalse(before.isEmpty());
    }

    private Map<Path, FileTime> modificationTimes() throws IOException
    {
        final Map<Path, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of(data())))
        {
            for (final Path file : files.toList())
            {
                times.put(file, Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    private String sequences(final String... arguments)
    {
        final String[] args = new String[arguments.length + 5];
        System.arraycopy(new String[]{"tail", "--dir", data(), "--format", "json"}, 0, args, 0, 5);
        System.arraycopy(arguments, 0, args, 5, arguments.length);
        final CommandResult result = CommandResult.run(args);
        assertEquals(ExitCode.DONE, result.exitCode(), result.err());
        final StringBuilder sequences = new StringBuilder();
        result.lines().forEach(line -> sequences.append(line, "{\"sequence\":".length(), line.indexOf(',') + 1));
        return sequences.toString();
    }

    private void runInput(final String lines)
    {
        final CommandResult result = CommandResult.runWithInput(lines, "run", "ndjson:-", "--dir", data());
        assertEquals(ExitCode.DONE, result.exitCode(), result.err());
    }

    private String data()
    {
        return directory.resolve("data").toString();
    }

    /** What a process sees whose reader has ended. */
    private static final class ClosedPipe extends OutputStream
    {
        @Override
        public void write(final int b) throws IOException
        {
            throw new IOException("Broken pipe");
        }
    }
}
