package io.sluice.tools.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.Durability;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.event.EventBuilder;
import io.sluice.tools.ChildCommand;
import io.sluice.tools.CommandResult;
import io.sluice.tools.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rules of an engine that runs, from the command line, in this and in another process. */
@Timeout(120)
class RulesCommandTest
{
    private static final String NOISE = "{\"name\":\"noise\",\"pattern\":\"debug.*\",\"actions\":[\"discard\"]}";

    @TempDir
    private Path directory;

    private final List<String> handled = new CopyOnWriteArrayList<>();

    @Test
    void shouldChangeAndListTheRulesOfARunningEngine() throws IOException
    {
        final SubscriptionSpec spec = SubscriptionSpec.to("*", event -> handled.add(event.type()));
        try (Engine engine = Engine.launch(context().subscribe(spec)))
        {
            assertEquals("no rules\n", sluice("rules", "list").out());
            final CommandResult added = sluice("rules", "add", NOISE);
            assertEquals("rule 'noise' added\n", added.out(), added.err());
            publish(engine, "debug.x");
            publish(engine, "order.x");
            await("the event", () -> handled.size() == 1);
            final CommandResult list = sluice("rules", "list");
            assertTrue(list.lines().get(1).matches("noise +1 +1 +0 +0 +0 +0 +1 +0 +0 +0 +0 +\\{.*"), list.out());
            final CommandResult twice = sluice("rules", "add", NOISE);
            assertEquals(ExitCode.FAILED_CHECK, twice.exitCode());
            assertTrue(twice.err().contains("there is one of that name already"), twice.err());

            final Path file = Files.writeString(
                directory.resolve("rule.json"), NOISE.replace(",", ",\n").replace("debug", "trace"));
            final CommandResult replaced = sluice("rules", "replace", "--file", file.toString(), "--json");
            assertEquals("{\"version\":2,\"from\":3}\n", replaced.out(), replaced.err());
            publish(engine, "debug.y");
            await("what is no noise any more", () -> handled.size() == 2);

            assertEquals("rule 'noise' disabled\n", sluice("rules", "disable", "noise").out());
            assertTrue(sluice("rules", "list").out().contains("noise (disabled)"));
            assertEquals("rule 'noise' enabled\n", sluice("rules", "enable", "noise").out());
            final CommandResult json = sluice("rules", "list", "--json");
            assertTrue(json.lines().get(0).startsWith("{\"name\":\"noise\",\"enabled\":true,\"rule\":{"), json.out());
            assertEquals("{\"count\":1,\"version\":4,\"from\":4}", json.lastLine());
            assertEquals("rule 'noise' removed\n", sluice("rules", "remove", "noise").out());
            final CommandResult gone = sluice("rules", "remove", "noise");
            assertEquals(ExitCode.FAILED_CHECK, gone.exitCode());
            assertTrue(gone.err().contains("there are no rules"), gone.err());
        }
    }

    @Test
    void shouldReachTheEngineOfAnotherProcess() throws IOException, InterruptedException
    {
        try (ChildCommand child = new ChildCommand("run", "load:100", "--dir", data(), "--for", "100s"))
        {
            await("the engine", () -> sluice("control", "ping").exitCode() == ExitCode.DONE);
            final CommandResult added = sluice("rules", "add", "{\"name\":\"all\",\"actions\":[\"discard\"]}");
            assertEquals(ExitCode.DONE, added.exitCode(), added.err());
            await("events that it discards", () -> sluice("rules", "list", "--json").lines().get(0)
                .matches(".*\"discarded\":[1-9].*"));
            child.kill();
        }
        final CommandResult kept = sluice("rules", "list");
        assertEquals(ExitCode.DONE, kept.exitCode(), kept.err());
        assertEquals("no engine runs there: these are the rules that are kept", kept.lines().get(0));
        assertTrue(kept.lines().get(2).startsWith("all "), kept.out());
        assertEquals("{\"count\":1,\"version\":1}", sluice("rules", "list", "--json").lastLine());
        for (final String change : List.of("remove", "enable", "disable"))
        {
            final CommandResult refused = sluice("rules", change, "all");
            assertEquals(ExitCode.DIRECTORY_UNUSABLE, refused.exitCode());
            assertTrue(refused.err().contains("rules are changed while an engine runs: start it first"), refused.err());
        }
        assertEquals(ExitCode.DIRECTORY_UNUSABLE, sluice("rules", "add", NOISE).exitCode());
    }

    @Test
    void shouldExitWithTwoWhenWhatIsGivenIsNoRule()
    {
        final CommandResult unknown = sluice("rules", "add", "{\"name\":\"x\",\"action\":[]}");
        assertEquals(ExitCode.WRONG_USAGE, unknown.exitCode());
        assertTrue(unknown.err().contains("action"), unknown.err());
        assertEquals(ExitCode.WRONG_USAGE, sluice("rules", "add").exitCode());
        assertEquals(ExitCode.WRONG_USAGE, sluice("rules", "add", NOISE, "--file", "x").exitCode());
        final CommandResult missing = sluice("rules", "replace", "--file", data() + "/missing");
        assertEquals(ExitCode.WRONG_USAGE, missing.exitCode());
        assertTrue(missing.err().contains("can't be read"), missing.err());
        assertEquals(ExitCode.WRONG_USAGE, CommandResult.run("rules").exitCode());
    }

    private EngineContext context()
    {
        return new EngineContext().directory(Path.of(data())).index(false);
    }

    private static void publish(final Engine engine, final String type)
    {
        final long ticket = engine.publisher().publish(new EventBuilder().type(type).source("test"));
        assertTrue(engine.publisher().await(ticket, Durability.JOURNALED, TimeUnit.SECONDS.toNanos(30)) > 0);
    }

    private CommandResult sluice(final String... arguments)
    {
        final List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--dir", data()));
        return CommandResult.run(all.toArray(String[]::new));
    }

    private String data()
    {
        return directory.resolve("data").toString();
    }

    private static void await(final String what, final BooleanSupplier condition)
    {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean())
        {
            assertTrue(System.nanoTime() - deadline < 0, () -> "waited 30 s for " + what);
            Thread.yield();
        }
    }
}
