package io.sluice.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.ThreadHygiene;
import io.sluice.engine.Waiting;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(ThreadHygiene.class)
@Timeout(120)
class ControlServerTest
{
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(200);

    @TempDir
    private Path root;

    private PolledServer polled;
    private ControlServer server;

    @BeforeEach
    void beforeEach()
    {
        polled = new PolledServer(root);
        server = polled.server();
    }

    @AfterEach
    void afterEach()
    {
        polled.close();
    }

    @Test
    void shouldSayWhoItIsWhenPinged()
    {
        polled.start();
        try (ControlClient client = ControlClient.open(root))
        {
            final ControlObject answer = PolledServer.ask(client, "ping").result();

            assertEquals("RUNNING", answer.text("state"));
            assertEquals(ProcessHandle.current().pid(), answer.number("pid"));
            assertEquals(PolledServer.RUN_ID, answer.number("runId"));
            assertEquals(0, answer.number("uptimeMs"));
            assertEquals(PolledServer.RUN_ID, client.runId());
            assertEquals(ProcessHandle.current().pid(), client.pid());
        }
        assertEquals(1, server.received());
    }

    @Test
    void shouldListWhatThereIsWhenAskedForCommands()
    {
        server.commands().add("pause", "pauses a subscription: name", (command, reply) ->
            reply.done(new ControlJson()));
        polled.start();
        try (ControlClient client = ControlClient.open(root))
        {
            final ControlAnswer answer = PolledServer.ask(client, "commands");

            assertEquals(
                List.of("commands", "pause", "ping"), answer.items().stream().map(item -> item.text("name")).toList());
            assertEquals("pauses a subscription: name", answer.items().get(1).text("help"));
            assertEquals(3, answer.result().number("count"));
        }
    }

    @Test
    void shouldHandOverArgumentsAndClientWhenACommandComes()
    {
        final AtomicReference<ControlCommand> seen = new AtomicReference<>();
        server.commands().add("echo", "answers", (command, reply) ->
        {
            seen.set(command);
            reply.done(new ControlJson().add("text", command.arguments().text("text")));
        });
        polled.start();
        try (ControlClient client = ControlClient.open(root))
        {
            final String text = "ä €\n\"𝄞\" \u0001";
            final ControlAnswer answer = client.request("echo", new ControlJson().add("text", text), LONG_NS);
            assertEquals(text, answer.result().text("text"));
        }
        assertEquals(ProcessHandle.current().pid(), seen.get().clientPid());
        assertEquals(ProcessIdentity.uidOf(ProcessHandle.current().pid()), seen.get().clientUid());
        assertEquals(System.getProperty("user.name"), seen.get().user());
        assertEquals(1, seen.get().correlationId());
    }

    @Test
    void shouldRefuseWithItsReasonWhenACommandCantBeCarriedOut()
    {
        server.commands()
            .add("strict", "takes nothing", (command, reply) -> command.arguments().allow())
            .add("never", "refuses", (command, reply) ->
            {
                throw new ControlRefusedException("NOT_NOW", "not before noon");
            })
            .add("broken", "fails", (command, reply) ->
            {
                throw new IllegalStateException("no legs");
            });
        polled.start();
        try (ControlClient client = ControlClient.open(root))
        {
            assertRefused(
                "UNKNOWN_COMMAND", "command 'dance' is not known to this engine: 'commands' lists those that are",
                client, "dance", new ControlJson());
            assertRefused(
                "BAD_ARGUMENTS", "argument 'naem' is not known: there are none",
                client, "strict", new ControlJson().add("naem", "x"));
            assertRefused("NOT_NOW", "not before noon", client, "never", new ControlJson());
            assertRefused(
                "FAILED", "command 'broken' failed: java.lang.IllegalStateException: no legs",
                client, "broken", new ControlJson());
        }
        assertEquals(List.of("no legs"), polled.errors().stream().map(Throwable::getMessage).toList());
    }

    @Test
    void shouldRefuseWhenTheArgumentsAreNoJson() throws Exception
    {
        try (RawClient client = new RawClient(polled.file()))
        {
            client.write(CommandMessage.TYPE_COMMAND, client.command(1, "ping", "{\"a\":1,\"a\":2}"));
            client.write(CommandMessage.TYPE_COMMAND, client.command(2, "ping", "[".repeat(40)));
            client.write(CommandMessage.TYPE_COMMAND, client.command(3, "ping", "{} {}"));
            client.write(CommandMessage.TYPE_COMMAND, client.command(4, "ping", ""));
            server.doWork();

            for (int i = 1; i <= 3; i++)
            {
                final ControlRefusedException refusal =
                    assertThrows(ControlRefusedException.class, new Answer(client, i)::get);
                assertEquals(ControlRefusedException.BAD_ARGUMENTS, refusal.code());
                assertTrue(refusal.getMessage().startsWith("the arguments of 'ping' can't be read: "));
            }
            assertEquals("RUNNING", new Answer(client, 4).get().result().text("state"));
        }
        assertEquals(0, server.malformed());
    }

    @Test
    void shouldAnswerLaterAndFromAnyThreadWhenTheHandlerDoes() throws Exception
    {
        final AtomicReference<ControlReply> later = new AtomicReference<>();
        server.commands().add("drain", "takes long", (command, reply) -> later.set(reply));
        polled.start();
        final ExecutorService threads = Executors.newSingleThreadExecutor();
        try (ControlClient client = ControlClient.open(root))
        {
            final Future<ControlAnswer> answer = threads.submit(() -> PolledServer.ask(client, "drain"));
            Waiting.until("the command", () -> later.get() != null);
            // Others are answered meanwhile.
            PolledServer.ask(client, "ping");
            assertFalse(answer.isDone());

            assertTrue(later.get().item(new ControlJson().add("left", 1)));
            assertTrue(later.get().done(new ControlJson().add("drained", true)));

            assertTrue(answer.get().result().flag("drained"));
            assertEquals(1, answer.get().items().get(0).number("left"));
            assertFalse(later.get().done(new ControlJson()));
            assertFalse(later.get().item(new ControlJson()));
            assertFalse(later.get().refuse("LATE", "too late"));
        }
        finally
        {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldSayThatItMayStillHappenWhenNobodyAnswersInTime()
    {
        final AtomicReference<ControlReply> never = new AtomicReference<>();
        server.commands().add("drain", "takes long", (command, reply) -> never.set(reply));
        polled.start();
        try (ControlClient client = ControlClient.open(root))
        {
            final ControlException ex = assertThrows(
                ControlException.class, () -> client.request("drain", new ControlJson(), SHORT_NS));

            assertEquals(ControlFailure.NO_ANSWER, ex.failure());
            assertTrue(ex.failure().isOutcomeUnknown());
            assertTrue(ex.getMessage().contains("did not answer 'drain' within 200 ms"), ex.getMessage());
            assertTrue(ex.getMessage().endsWith("the command may still be carried out"), ex.getMessage());
        }
    }

    @Test
    void shouldLetGoOfACommandWhenItIsNeverAnswered() throws Exception
    {
        final AtomicReference<ControlReply> never = new AtomicReference<>();
        server.commands().add("drain", "takes long", (command, reply) -> never.set(reply));
        try (RawClient client = new RawClient(polled.file()))
        {
            client.write(CommandMessage.TYPE_COMMAND, client.command(1, "drain", "{}"));
            server.doWork();
            polled.advance(60);
            polled.advance(60);

            assertFalse(never.get().done(new ControlJson()));
        }
        assertTrue(lastAudited().contains("\"outcome\":\"refused\",\"code\":\"ABANDONED\""), lastAudited());
    }

    @Test
    void shouldRefuseAsBusyWhenTooManyCommandsWait() throws Exception
    {
        final List<ControlReply> waiting = new ArrayList<>();
        server.commands().add("drain", "takes long", (command, reply) -> waiting.add(reply));
        try (RawClient client = new RawClient(polled.file()))
        {
            for (int i = 1; i <= ReplyTable.MAX_UNANSWERED + 1; i++)
            {
                client.write(CommandMessage.TYPE_COMMAND, client.command(i, "drain", "{}"));
                server.doWork();
            }
            final ControlRefusedException refusal =
                assertThrows(ControlRefusedException.class, new Answer(client, ReplyTable.MAX_UNANSWERED + 1)::get);
            assertEquals(ControlRefusedException.BUSY, refusal.code());

            waiting.get(0).done(new ControlJson());
            server.doWork();
            client.write(CommandMessage.TYPE_COMMAND, client.command(100, "ping", "{}"));
            server.doWork();
            assertEquals("RUNNING", new Answer(client, 100).get().result().text("state"));
        }
    }

    @Test
    void shouldSendAListInPiecesWhenItIsLargerThanTheBuffer()
    {
        final int count = 40_000;
        server.commands().add("list", "many", (command, reply) ->
        {
            for (int i = 0; i < count; i++)
            {
                reply.item(new ControlJson().add("n", i).add("text", "x".repeat(i % 200)));
            }
            reply.done(new ControlJson().add("text", "y".repeat(100_000)));
        });
        polled.start();
        try (ControlClient client = ControlClient.open(root))
        {
            final ControlAnswer answer = PolledServer.ask(client, "list");

            assertEquals(count, answer.items().size());
            for (int i = 0; i < count; i++)
            {
                assertEquals(i, answer.items().get(i).number("n"));
                assertEquals(i % 200, answer.items().get(i).text("text").length());
            }
            assertEquals(100_000, answer.result().text("text").length());
        }
    }

    @Test
    void shouldRefuseWhenTheAnswerIsTooLarge()
    {
        server.commands().add("list", "all", (command, reply) ->
        {
            final ControlJson item = new ControlJson().add("text", "x".repeat(1 << 20));
            boolean isWanted = true;
            while (isWanted)
            {
                isWanted = reply.item(item);
            }
        });
        polled.start();
        try (ControlClient client = ControlClient.open(root))
        {
            final ControlRefusedException refusal =
                assertThrows(ControlRefusedException.class, () -> PolledServer.ask(client, "list"));
            assertEquals(ControlRefusedException.TOO_LARGE, refusal.code());
            // What it held is let go of.
            for (int i = 0; i < 4; i++)
            {
                assertThrows(ControlRefusedException.class, () -> PolledServer.ask(client, "list"));
            }
            assertEquals("RUNNING", PolledServer.ask(client, "ping").result().text("state"));
        }
    }

    @Test
    void shouldAnswerEachItsOwnWhenManyAskAtOnce() throws Exception
    {
        server.commands().add("echo", "answers", (command, reply) ->
            reply.done(new ControlJson().add("n", command.arguments().number("n"))));
        polled.start();
        final ExecutorService threads = Executors.newFixedThreadPool(4);
        try (ControlClient first = ControlClient.open(root); ControlClient second = ControlClient.open(root))
        {
            final List<Future<Integer>> wrong = new ArrayList<>();
            for (int t = 0; t < 4; t++)
            {
                final int thread = t;
                final ControlClient client = t % 2 == 0 ? first : second;
                wrong.add(threads.submit(() -> wrongAnswers(client, thread * 1000)));
            }
            for (final Future<Integer> each : wrong)
            {
                assertEquals(0, each.get());
            }
        }
        finally
        {
            threads.shutdownNow();
        }
        assertEquals(400, server.received());
        assertEquals(0, server.malformed());
    }

    @Test
    void shouldRefuseWhatIsOpenAndSayThatItWasClosedWhenTheEngineIs() throws Exception
    {
        final AtomicReference<ControlReply> later = new AtomicReference<>();
        server.commands().add("drain", "takes long", (command, reply) -> later.set(reply));
        polled.start();
        final ExecutorService threads = Executors.newSingleThreadExecutor();
        try (ControlClient client = ControlClient.open(root))
        {
            final Future<ControlRefusedException> refusal = threads.submit(
                () -> assertThrows(ControlRefusedException.class, () -> PolledServer.ask(client, "drain")));
            Waiting.until("the command", () -> later.get() != null);
            polled.close();

            assertEquals(ControlRefusedException.CLOSED, refusal.get().code());
            assertFalse(later.get().done(new ControlJson()));
            final ControlException ex =
                assertThrows(ControlException.class, () -> PolledServer.ask(client, "ping"));
            assertEquals(ControlFailure.CLOSED, ex.failure());
        }
        finally
        {
            threads.shutdownNow();
        }
        final ControlException ex = assertThrows(ControlException.class, () -> ControlClient.open(root));
        assertEquals(ControlFailure.CLOSED, ex.failure());
        assertEquals(
            "no engine runs there: the last one, in pid " + ProcessHandle.current().pid() +
            ", was closed at 2024-01-20T10:30:00Z; start one", ex.getMessage());
        assertEquals(0, server.doWork());
    }

    @Test
    void shouldWriteDownWhoAskedForWhatAndWhatCameOfIt() throws IOException
    {
        server.commands().add("pause", "pauses", (command, reply) -> reply.done(new ControlJson()));
        polled.start();
        try (ControlClient client = ControlClient.open(root))
        {
            client.request("pause", new ControlJson().add("name", "orders"), LONG_NS);
            client.request("pause", new ControlJson().add("payload", "x".repeat(5000)), LONG_NS);
            assertThrows(ControlRefusedException.class, () -> PolledServer.ask(client, "dance"));
        }
        final List<String> lines = audited();
        final String who = "{\"time\":\"2024-01-20T10:30:00Z\",\"runId\":4711,\"pid\":" +
            ProcessHandle.current().pid() + ",\"uid\":" + ProcessIdentity.uidOf(ProcessHandle.current().pid()) +
            ",\"user\":\"" + System.getProperty("user.name") + "\",\"correlationId\":";
        assertEquals(
            who + "1,\"command\":\"pause\",\"arguments\":{\"name\":\"orders\"},\"outcome\":\"done\"}", lines.get(0));
        assertEquals(who + "2,\"command\":\"pause\",\"argumentsLength\":5014,\"outcome\":\"done\"}", lines.get(1));
        assertEquals(
            who + "3,\"command\":\"dance\",\"arguments\":{},\"outcome\":\"refused\",\"code\":\"UNKNOWN_COMMAND\"," +
            "\"message\":\"command 'dance' is not known to this engine: 'commands' lists those that are\"}",
            lines.get(2));
        assertEquals(3, lines.size());
    }

    @Test
    void shouldBelongToItsUserAloneWhenFilesAreMade() throws IOException
    {
        final Path audit = root.resolve("control").resolve(AuditLog.NAME);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(polled.file())));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(audit)));
        assertEquals(ControlLayout.FILE_LENGTH, Files.size(polled.file()));
        final long blocks = 512 * Long.parseLong(new String(
            new ProcessBuilder("stat", "-c", "%b", polled.file().toString()).start().getInputStream().readAllBytes(),
            StandardCharsets.UTF_8).trim());
        assertTrue(blocks >= ControlLayout.FILE_LENGTH, () -> blocks + " bytes of blocks");
    }

    @Test
    void shouldAllocateNothingWhenNobodyAsks()
    {
        final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean)ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 10 && allocated > 0; round++)
        {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100_000; i++)
            {
                server.doWork();
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertEquals(0, allocated);
        assertNull(polled.errors().isEmpty() ? null : polled.errors().get(0));
    }

    private int wrongAnswers(final ControlClient client, final int from)
    {
        int wrong = 0;
        for (int i = from; i < from + 100; i++)
        {
            wrong += client.request("echo", new ControlJson().add("n", i), LONG_NS).result().number("n") == i ? 0 : 1;
        }
        return wrong;
    }

    private List<String> audited() throws IOException
    {
        return Files.readAllLines(root.resolve("control").resolve(AuditLog.NAME));
    }

    private String lastAudited() throws IOException
    {
        final List<String> lines = audited();
        return lines.get(lines.size() - 1);
    }

    private static void assertRefused(
        final String code,
        final String message,
        final ControlClient client,
        final String command,
        final ControlJson arguments)
    {
        final ControlRefusedException refusal = assertThrows(
            ControlRefusedException.class, () -> client.request(command, arguments, LONG_NS));
        assertEquals(code, refusal.code());
        assertEquals(message, refusal.getMessage());
    }

    /** The answer to a command of a raw client, which is there already. */
    private record Answer(RawClient client, long correlation)
    {
        ControlAnswer get()
        {
            return client.read(correlation);
        }
    }
}
