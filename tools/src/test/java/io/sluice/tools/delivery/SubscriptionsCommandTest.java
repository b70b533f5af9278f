package io.sluice.tools.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.DeliveryMode;
import io.sluice.engine.Durability;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.EventBuilder;
import io.sluice.tools.CommandResult;
import io.sluice.tools.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Subscriptions and dead letters of an engine that runs, from the command line. */
@Timeout(120)
class SubscriptionsCommandTest
{
    @TempDir
    private Path directory;

    private final List<String> handled = new CopyOnWriteArrayList<>();

    @Test
    void shouldFindUnderstandFixAndRetryAnEventThatFailed()
    {
        final SubscriptionSpec spec = SubscriptionSpec.to("order.*", event ->
        {
            final String payload = new String(event.payload(), StandardCharsets.UTF_8);
            if (payload.contains("null"))
            {
                throw new IllegalArgumentException("amount is missing");
            }
            handled.add(payload);
        }).durable("billing").retry(RetryPolicy.NONE);
        try (Engine engine = Engine.launch(context().subscribe(spec)))
        {
            publish(engine, "{\"amount\":1}");
            publish(engine, "{\"amount\":null}");
            publish(engine, "{\"amount\":3}");
            await("the letter", () -> engine.subscriptions().get(0).deadLetters() == 1);
            await("the other events", () -> handled.size() == 2);

            final CommandResult list = sluice("dead-letters", "list");
            assertTrue(list.out().contains("billing") && list.out().contains("amount is missing"), list.out());
            final CommandResult show = sluice("dead-letters", "show", "1");
            assertTrue(show.out().contains("java.lang.IllegalArgumentException"), show.out());

            final CommandResult retried = sluice("dead-letters", "retry", "1");
            assertEquals("dead letter 1 is handed to its handler\n", retried.out(), retried.err());
            await("the second failure", () -> engine.subscriptions().get(0).errors() == 2);

            final CommandResult fixed = sluice("dead-letters", "fix", "1", "--payload", "{\"amount\":2}");
            assertEquals("dead letter 1 is repaired, and handed to its handler\n", fixed.out(), fixed.err());
            await("the repaired event", () -> handled.contains("{\"amount\":2}"));
            await("the end of the letter", () ->
                sluice("dead-letters", "list", "--state", "delivered").out().contains("billing"));
            assertEquals(3, handled.size());

            final CommandResult unknown = sluice("dead-letters", "drop", "99");
            assertEquals(ExitCode.FAILED_CHECK, unknown.exitCode());
            assertTrue(unknown.err().contains("no open dead letter has number 99"), unknown.err());
        }
    }

    @Test
    void shouldRetryLettersByFilterAndStopWhenTheyFailAgain()
    {
        final boolean[] isDown = {true};
        final SubscriptionSpec spec = SubscriptionSpec.to("order.*", event ->
        {
            final String payload = new String(event.payload(), StandardCharsets.UTF_8);
            if (isDown[0] || payload.contains("null"))
            {
                throw new UnsupportedOperationException("no " + payload);
            }
            handled.add(payload);
        }).durable("billing").retry(RetryPolicy.NONE).breaker(BreakerPolicy.OFF);
        try (Engine engine = Engine.launch(context().subscribe(spec)))
        {
            for (final String amount : List.of("1", "null2", "3", "null4", "null5", "6"))
            {
                publish(engine, "\"" + amount + "\"");
            }
            await("the letters", () -> engine.subscriptions().get(0).deadLetters() == 6);
            isDown[0] = false;

            final CommandResult stopped = sluice(
                "dead-letters", "retry", "--subscription", "billing", "--where", "type = 'order.created'",
                "--cause", "threw", "--kind", "manual", "--limit", "6", "--stop-after", "2");
            assertEquals(ExitCode.FAILED_CHECK, stopped.exitCode());
            assertEquals(
                List.of(
                    "6 dead letters: 2 delivered, 3 failed again, 1 left open, because of failures in a row",
                    "failed last: dead letter 5, java.lang.UnsupportedOperationException: no \"null5\"; see " +
                        "'sluice dead-letters show 5'"),
                stopped.lines(),
                stopped.err());
            assertEquals(List.of("\"1\"", "\"3\""), handled);

            final CommandResult first = sluice("dead-letters", "retry", "--order", "-letter", "-n", "1", "--json");
            assertEquals(ExitCode.DONE, first.exitCode(), first.err());
            assertEquals(
                "{\"run\":2,\"state\":\"DONE\",\"selected\":1,\"retried\":1,\"delivered\":1,\"failed\":0,\"gone\":0," +
                    "\"unhandled\":0,\"left\":0,\"lastFailed\":0,\"lastFailure\":\"\"}\n",
                first.out());
            assertEquals(
                "0 dead letters: 0 delivered, 0 failed again\n",
                sluice("dead-letters", "retry", "--cause", "timed_out").out());

            engine.subscriptions().get(0).pause();
            final CommandResult paused = sluice("dead-letters", "retry", "--all");
            assertEquals(ExitCode.FAILED_CHECK, paused.exitCode());
            assertTrue(paused.out().contains("3 not handed over\nnot handed over: no handler"), paused.out());
        }
        for (final String[] wrong : new String[][] {
            {"retry"}, {"retry", "1", "--all"}, {"retry", "0"}, {"retry", "--all", "-n", "0"},
            {"retry", "--all", "--stop-after", "-1"}, {"retry", "--where", "type ="}, {"retry", "--cause", "x"},
            {"retry", "--kind", "x"}, {"retry", "--all", "--order", "x"}})
        {
            final List<String> arguments = new ArrayList<>(List.of("dead-letters"));
            arguments.addAll(List.of(wrong));
            final CommandResult result = sluice(arguments.toArray(String[]::new));
            assertEquals(ExitCode.WRONG_USAGE, result.exitCode(), () -> arguments + ": " + result.out() + result.err());
        }
        assertEquals(ExitCode.DIRECTORY_UNUSABLE, sluice("dead-letters", "retry", "--all").exitCode());
    }

    @Test
    void shouldTellTheNextStepsOfALetterAndWhatIsInTheWay()
    {
        final SubscriptionSpec spec = SubscriptionSpec.to("order.*", event ->
        {
            throw new UnsupportedOperationException("no stock");
        }).durable("stock's").retry(RetryPolicy.NONE).breaker(BreakerPolicy.DEFAULT.failures(2));
        final String[] next = {
            "next",
            "  sluice dead-letters retry 1 --dir " + directory,
            "  sluice dead-letters fix 1 --edit --dir " + directory,
            "  sluice dead-letters drop 1 --dir " + directory};
        try (Engine engine = Engine.launch(context().subscribe(spec)))
        {
            publish(engine, "{\"n\":1}");
            await("the letter", () -> engine.subscriptions().get(0).deadLetters() == 1);
            assertEquals(List.of(next), stepsOfLetter());

            publish(engine, "{\"n\":2}");
            await("the second letter", () -> engine.subscriptions().get(0).deadLetters() == 2);
            assertEquals(
                withNext(next, "  the breaker of subscription 'stock's' is open after failures in a row: the event " +
                    "waits until it lets one through"),
                stepsOfLetter());

            engine.subscriptions().get(0).pause();
            assertEquals(
                "  subscription 'stock's' is paused: sluice subscriptions resume 'stock'\\''s' --dir " + directory,
                stepsOfLetter().get(1));

            engine.unsubscribe(engine.subscriptions().get(0));
            await("the end of the subscription", () -> engine.subscriptions().isEmpty());
            assertEquals(
                withNext(next, "  subscription 'stock's' has no handler in the engine that runs: the event waits " +
                    "until it has"),
                stepsOfLetter());
            assertEquals(ExitCode.DONE, sluice("dead-letters", "drop", "1").exitCode());
            assertEquals(List.of(), stepsOfLetter());
        }
    }

    @Test
    void shouldPauseResumeAndRemoveSubscriptionsOfARunningEngine()
    {
        final SubscriptionSpec spec = SubscriptionSpec.to(
            "order.*", event -> handled.add(event.id())).durable("reports").mode(DeliveryMode.TAILING);
        try (Engine engine = Engine.launch(context().subscribe(spec)))
        {
            publish(engine, "{\"n\":1}");
            await("the first event", () -> handled.size() == 1);
            final CommandResult paused = sluice("subscriptions", "pause", "reports");
            assertEquals("subscription 'reports' paused\n", paused.out(), paused.err());
            publish(engine, "{\"n\":2}");
            final CommandResult list = sluice("subscriptions", "list");
            assertTrue(list.out().contains("reports") && list.out().contains("PAUSED"), list.out());
            assertEquals(1, handled.size());
            assertEquals(ExitCode.DONE, sluice("subscriptions", "resume", "reports", "--json").exitCode());
            await("the second event", () -> handled.size() == 2);

            final CommandResult refused = sluice("subscriptions", "remove", "reports");
            assertEquals(ExitCode.FAILED_CHECK, refused.exitCode());
            assertTrue(refused.err().contains("unsubscribe it first"), refused.err());
            engine.unsubscribe(engine.subscriptions().get(0));
            await("the removal", () -> sluice("subscriptions", "remove", "reports").exitCode() == ExitCode.DONE);
            final CommandResult none = sluice("subscriptions", "list", "--json");
            assertEquals("{\"count\":0}\n", none.out());
            final CommandResult unknown = sluice("subscriptions", "pause", "nobody");
            assertEquals(ExitCode.FAILED_CHECK, unknown.exitCode());
            assertTrue(unknown.err().contains("no subscription 'nobody'"), unknown.err());
        }
    }

    @Test
    void shouldListWhatIsKeptWhenNoEngineRuns()
    {
        final SubscriptionSpec spec = SubscriptionSpec.to("order.*", event -> handled.add(event.id()))
            .durable("kept").where("payload.n > 1");
        try (Engine engine = Engine.launch(context().subscribe(spec)))
        {
            publish(engine, "{\"n\":1}");
        }
        final CommandResult list = sluice("subscriptions", "list");
        assertEquals(ExitCode.DONE, list.exitCode(), list.err());
        assertTrue(list.out().contains("no engine runs there"), list.out());
        assertTrue(list.out().contains("order.* where payload.n > 1"), list.out());
        assertTrue(list.out().contains("STOPPED"), list.out());
        assertEquals(ExitCode.DIRECTORY_UNUSABLE, sluice("subscriptions", "promote", "kept").exitCode());
        assertEquals(ExitCode.WRONG_USAGE, sluice("subscriptions").exitCode());
        assertEquals(ExitCode.WRONG_USAGE, sluice("dead-letters", "retry", "0").exitCode());
    }

    @Test
    void shouldMoveASubscriptionOfARunningEngineAndOfNone()
    {
        final SubscriptionSpec spec = SubscriptionSpec.to("order.*", event -> handled.add(event.sequence() + ""))
            .durable("mover");
        try (Engine engine = Engine.launch(context().subscribe(spec)))
        {
            for (int i = 1; i <= 5; i++)
            {
                publish(engine, "{\"n\":" + i + "}");
            }
            await("all", () -> handled.size() == 5);
            final CommandResult sought = sluice("subscriptions", "seek", "mover", "--to", "4");
            assertEquals("subscription 'mover' goes on from 4\n", sought.out(), sought.err());
            await("two again", () -> handled.size() == 7);
            assertEquals(List.of("4", "5"), handled.subList(5, 7));
            assertEquals(
                "{\"name\":\"mover\",\"next\":1}\n", sluice("subscriptions", "reset", "mover", "--json").out());
            await("all again", () -> handled.size() == 12);
            assertEquals(
                "{\"name\":\"mover\",\"next\":6}\n",
                sluice("subscriptions", "seek", "mover", "--to", "end", "--json").out());
            assertEquals(
                "{\"name\":\"mover\",\"next\":1}\n",
                sluice("subscriptions", "seek", "mover", "--to", "2020-01-01", "--json").out());
            await("all once more", () -> handled.size() == 17);
            final CommandResult unknown = sluice("subscriptions", "seek", "nobody", "--to", "end");
            assertEquals(ExitCode.FAILED_CHECK, unknown.exitCode());
            assertTrue(unknown.err().contains("no durable subscription 'nobody'"), unknown.err());
            final CommandResult nowhere = sluice("subscriptions", "seek", "mover", "--to", "99");
            assertEquals(ExitCode.FAILED_CHECK, nowhere.exitCode());
            assertTrue(nowhere.err().contains("99"), nowhere.err());
            final CommandResult wrong = sluice("subscriptions", "seek", "mover", "--to", "soon");
            assertEquals(ExitCode.WRONG_USAGE, wrong.exitCode());
            assertTrue(wrong.err().contains("--to 'soon' is not valid"), wrong.err());
        }
        final CommandResult offline = sluice("subscriptions", "seek", "mover", "--to", "3");
        assertEquals(
            "subscription 'mover' goes on from 3, in the files: no engine runs there\n", offline.out(), offline.err());
        assertTrue(sluice("subscriptions", "list", "--json").out().contains("\"position\":2,\"lag\":3}"));
        assertEquals(
            "{\"name\":\"mover\",\"next\":1,\"engine\":false}\n",
            sluice("subscriptions", "seek", "mover", "--to", "start", "--json").out());
        assertEquals(ExitCode.WRONG_USAGE, sluice("subscriptions", "seek", "mover", "--to", "99").exitCode());
        assertEquals(ExitCode.FAILED_CHECK, sluice("subscriptions", "reset", "nobody").exitCode());
        assertEquals(ExitCode.DONE, sluice("subscriptions", "pause", "mover").exitCode());
        assertTrue(sluice("subscriptions", "list").out().contains("PAUSED"));
        assertEquals(ExitCode.DONE, sluice("subscriptions", "resume", "mover").exitCode());
        assertEquals(ExitCode.DONE, sluice("subscriptions", "remove", "mover").exitCode());
        assertEquals(ExitCode.FAILED_CHECK, sluice("subscriptions", "remove", "mover").exitCode());
        try (Engine engine = Engine.launch(context().control(false)))
        {
            final CommandResult busy = sluice("subscriptions", "remove", "mover");
            assertEquals(ExitCode.DIRECTORY_UNUSABLE, busy.exitCode(), engine.state() + busy.out());
            assertTrue(busy.err().contains("is in use by"), busy.err());
        }
    }

    @Test
    void shouldRepairFromAFileFromStandardInputAndWithAnEditor(@TempDir final Path files) throws IOException
    {
        final SubscriptionSpec spec = SubscriptionSpec.to("order.*", event ->
        {
            final String payload = new String(event.payload(), StandardCharsets.UTF_8);
            if (payload.contains("broken"))
            {
                throw new UnsupportedOperationException(payload);
            }
            handled.add(payload);
        }).durable("mended").retry(RetryPolicy.NONE).breaker(BreakerPolicy.OFF);
        final Path file = Files.writeString(files.resolve("repaired.json"), "{\"from\":\"file\"}");
        try (Engine engine = Engine.launch(context().subscribe(spec)))
        {
            for (int i = 1; i <= 3; i++)
            {
                publish(engine, "{\"broken\":" + i + "}");
            }
            await("the letters", () -> engine.subscriptions().get(0).deadLetters() == 3);
            assertEquals(ExitCode.DONE, sluice("dead-letters", "fix", "1", "--file", file.toString()).exitCode());
            final CommandResult edited =
                sluice("dead-letters", "fix", "2", "--edit", "--editor", "sed -i s/broken/edited/");
            assertEquals(ExitCode.DONE, edited.exitCode(), edited.err());
            await("both", () -> handled.size() == 2);
            for (final String[] wrong : new String[][] {
                {"fix", "3"},
                {"fix", "3", "--edit", "--payload", "x"},
                {"fix", "3", "--edit", "--editor", "true"},
                {"fix", "3", "--edit", "--editor", "false"},
                {"fix", "99", "--edit", "--editor", "true"},
                {"fix", "3", "--file", directory.resolve("none").toString()}})
            {
                final List<String> arguments = new ArrayList<>(List.of("dead-letters"));
                arguments.addAll(List.of(wrong));
                assertEquals(
                    ExitCode.WRONG_USAGE, sluice(arguments.toArray(String[]::new)).exitCode(), arguments::toString);
            }
        }
        assertEquals(List.of("{\"from\":\"file\"}", "{\"edited\":2}"), handled);
        final CommandResult offline = CommandResult.runWithInput(
            "{\"from\":\"stdin\"}", "dead-letters", "fix", "3", "--file", "-", "--dir", directory.toString());
        assertEquals(ExitCode.DONE, offline.exitCode(), offline.err());
        assertEquals("dead letter 3 is repaired, in the files: no engine runs there\n", offline.out());
        assertTrue(sluice("dead-letters", "show", "3").out().contains("\"from\": \"stdin\""));
        assertEquals(ExitCode.DIRECTORY_UNUSABLE, sluice("dead-letters", "retry", "3").exitCode());
        assertEquals(
            "{\"letter\":3,\"engine\":false}\n", sluice("dead-letters", "drop", "3", "--reason", "r", "--json").out());
        assertEquals(ExitCode.FAILED_CHECK, sluice("dead-letters", "drop", "3").exitCode());
    }

    /** The end of what {@code show} prints: what is in the way, and what to do next. */
    private List<String> stepsOfLetter()
    {
        final CommandResult show = sluice("dead-letters", "show", "1");
        assertEquals(ExitCode.DONE, show.exitCode(), show.err());
        return show.lines().stream()
            .dropWhile(line -> !line.equals("in the way") && !line.equals("next")).toList();
    }

    private static List<String> withNext(final String[] next, final String obstacle)
    {
        return Stream.concat(Stream.of("in the way", obstacle), Stream.of(next)).toList();
    }

    private EngineContext context()
    {
        return new EngineContext().directory(directory).index(false);
    }

    private static void publish(final Engine engine, final String payload)
    {
        final long ticket = engine.publisher().publish(
            new EventBuilder().type("order.created").source("test").payloadJson(payload));
        assertTrue(engine.publisher().await(ticket, Durability.JOURNALED, TimeUnit.SECONDS.toNanos(30)) > 0);
    }

    private CommandResult sluice(final String... arguments)
    {
        final List<String> all = new ArrayList<>(List.of(arguments));
        if (arguments.length > 1)
        {
            all.add("--dir");
            all.add(directory.toString());
        }
        return CommandResult.run(all.toArray(String[]::new));
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
