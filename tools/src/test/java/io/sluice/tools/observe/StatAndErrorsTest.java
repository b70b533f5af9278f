package io.sluice.tools.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.engine.ThreadingMode;
import io.sluice.event.EventBuilder;
import io.sluice.journal.JournalContext;
import io.sluice.tools.CommandResult;
import io.sluice.tools.ExitCode;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StatAndErrorsTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldShowFiguresOfAnEndedRun()
    {
        CommandResult.runWithInput(
            "{\"type\":\"a.b\",\"payload\":1}\n{\"type\":\"a.b\",\"payload\":2}\n", "run", "ndjson:-", "--dir", data());

        final CommandResult json = CommandResult.run("stat", "--dir", data(), "--json");
        final CommandResult text = CommandResult.run("stat", "--dir", data());

        assertEquals(ExitCode.DONE, json.exitCode(), json.err());
        assertTrue(json.lastLine().startsWith("{\"state\":\"CLOSED\",\"pid\":" + ProcessHandle.current().pid() + ","),
            json.lastLine());
        assertTrue(json.lastLine().contains("\"lastSequence\":2,"), json.lastLine());
        assertTrue(json.lastLine().contains("\"syncedSequence\":2,"), "closing forces: " + json.lastLine());
        assertTrue(json.lastLine().contains(
            "\"normal\":{\"accepted\":2,\"refused\":0,\"sequenced\":2,\"duplicates\":0," +
            "\"handled\":2,"), json.lastLine());
        assertTrue(json.out().contains("{\"type\":\"a.b\",\"count\":2,\"failures\":0,"), json.out());
        assertTrue(text.out().startsWith("engine     CLOSED, pid "), text.out());
        assertTrue(text.out().contains("last sequence 2, synced up to 2, "), text.out());
    }

    @Test
    void shouldShowWhatIsInTheWayOfTheStorageWhileTheEngineIsHeldUp()
    {
        final EngineContext context = new EngineContext().directory(Path.of(data()))
            .journal(new JournalContext().freeSpace(() -> 0L))
            .errorHandler(ex -> {});
        try (Engine engine = Engine.launch(context))
        {
            assertTrue(engine.publisher().publish(new EventBuilder().type("a.b")) >= 0);
            CommandResult json = CommandResult.run("stat", "--dir", data(), "--json");
            while (!json.lastLine().contains("\"state\":\"DEGRADED\""))
            {
                json = CommandResult.run("stat", "--dir", data(), "--json");
            }
            final CommandResult text = CommandResult.run("stat", "--dir", data());

            assertTrue(json.lastLine().contains("\"storageReason\":\"less than minFreeSpace="), json.lastLine());
            assertTrue(json.lastLine().contains("\"storageEpisodes\":1,"), json.lastLine());
            assertTrue(json.lastLine().contains("\"preparerMode\":\"FULL\""), json.lastLine());
            assertTrue(json.lastLine().contains("\"prepareAheadBytes\":16777216,"), json.lastLine());
            assertTrue(text.out().startsWith("engine     DEGRADED, pid "), text.out());
            assertTrue(text.out().contains("\nstorage    less than minFreeSpace="), text.out());
            assertTrue(text.out().contains("\npreparer   FULL: 0 B reserved, 0 B prepared, at most "), text.out());
            engine.close(1, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void shouldShowWhereTheKernelLetsEachThreadRun()
    {
        try (Engine engine = Engine.launch(
            new EngineContext().directory(Path.of(data())).threadingMode(ThreadingMode.PAIRED)))
        {
            CommandResult result = CommandResult.run("stat", "--dir", data(), "--json");
            while (!result.out().contains("\"sluice-seq\""))
            {
                // A thread has its name in the kernel only when it has begun to run.
                result = CommandResult.run("stat", "--dir", data(), "--json");
            }

            assertTrue(result.lastLine().contains("\"alive\":true,"), result.lastLine());
            assertTrue(result.lines().stream().anyMatch(line -> line.matches(
                "\\{\"thread\":\"sluice-seq\",\"threadId\":\\d+,\"allowedCpus\":\"[0-9,-]+\"}")), result.out());
            assertTrue(CommandResult.run("stat", "--dir", data()).out().contains("sluice-seq"));
            assertEquals(0, engine.stats().accepted());
        }
    }

    @Test
    void shouldShowEachDistinctErrorOnce()
    {
        final EngineContext context = new EngineContext()
            .directory(Path.of(data()))
            .errorHandler(ex -> {})
            .subscribe(SubscriptionSpec.to("*", event ->
            {
                throw new IllegalStateException("handler \u001b[31mbroken");
            }).name("broken").retry(RetryPolicy.NONE));
        try (Engine engine = Engine.launch(context))
        {
            final EventBuilder event = new EventBuilder();
            for (int i = 0; i < 3; i++)
            {
                assertTrue(engine.publisher().publish(event.clear().type("a.b").payloadText("p" + i)) >= 0);
            }
            assertTrue(engine.drain(TimeUnit.SECONDS.toNanos(30)));
        }

        final CommandResult text = CommandResult.run("errors", "--dir", data());
        final CommandResult json = CommandResult.run("errors", "--dir", data(), "--json");

        assertEquals(ExitCode.DONE, text.exitCode(), text.err());
        assertTrue(text.out().contains("3 times, first "), text.out());
        assertTrue(text.out().contains("handler \\u001b[31mbroken"), text.out());
        assertFalse(text.out().contains("\u001b"), text.out());
        assertEquals("{\"distinct\":1,\"total\":3}", json.lastLine());
    }

    @Test
    void shouldHaveNoErrorsAfterAGoodRun()
    {
        CommandResult.runWithInput("{\"type\":\"a.b\"}\n", "run", "ndjson:-", "--dir", data());

        assertEquals("0 distinct errors, 0 in all\n", CommandResult.run("errors", "--dir", data()).out());
    }

    private String data()
    {
        return directory.resolve("data").toString();
    }
}
