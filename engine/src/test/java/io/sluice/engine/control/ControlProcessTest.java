package io.sluice.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.ChildEngine;
import io.sluice.engine.ChildJvm;
import io.sluice.engine.ThreadHygiene;
import io.sluice.engine.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Engine and client in processes of their own, stopped and killed by the kernel. */
@ExtendWith(ThreadHygiene.class)
@Timeout(240)
class ControlProcessTest
{
    private static final int COUNT = 200;

    @TempDir
    private Path root;

    @Test
    void shouldAnswerEachItsOwnWhenTwoProcessesAskAtOnce() throws Exception
    {
        try (PolledServer polled = new PolledServer(root))
        {
            polled.server().commands().add("echo", "answers", (command, reply) -> reply.done(new ControlJson()
                .add("pid", command.arguments().number("pid"))
                .add("seen", command.clientPid())
                .add("n", command.arguments().number("n"))));
            polled.start();
            try (ChildJvm first = client("echo", COUNT); ChildJvm second = client("echo", COUNT))
            {
                assertEquals(answers(first), first.rest());
                assertEquals(answers(second), second.rest());
            }
            assertEquals(2 * COUNT, polled.server().received());
        }
    }

    @Test
    void shouldAnswerOthersWhenAProcessDiedWhileItWrote() throws Exception
    {
        try (PolledServer polled = new PolledServer(root); ChildJvm dying = client(ChildControlClient.DIE, 1))
        {
            assertEquals(List.of("claimed true"), dying.rest());
            polled.start();
            final ExecutorService threads = Executors.newSingleThreadExecutor();
            try (ControlClient client = ControlClient.open(root))
            {
                final Future<ControlAnswer> answer = threads.submit(() -> PolledServer.ask(client, "ping"));
                Waiting.until("the answer", () ->
                {
                    polled.clock().advance(Duration.ofMillis(1));
                    return answer.isDone();
                });
                assertEquals("RUNNING", answer.get().result().text("state"));
            }
            finally
            {
                threads.shutdownNow();
            }
            polled.stop();
            assertEquals(1, polled.server().unblocked());
            assertEquals(0, polled.server().replaced());
        }
    }

    @Test
    void shouldNameTheProcessWhenTheEngineWasKilled() throws Exception
    {
        try (ChildJvm engine = engine())
        {
            final ExecutorService threads = Executors.newSingleThreadExecutor();
            try (ControlClient client = ControlClient.open(root))
            {
                assertEquals(engine.pid(), PolledServer.ask(client, "ping").result().number("pid"));
                // Stopped, so that the command surely waits when the end comes.
                signal("STOP", engine.pid());
                final Future<ControlException> failure = threads.submit(
                    () -> assertThrows(ControlException.class, () -> PolledServer.ask(client, "ping")));
                signal("KILL", engine.pid());

                final ControlException ex = failure.get();
                final ControlFailure kind = ex.failure();
                assertTrue(kind == ControlFailure.BROKEN_OFF || kind == ControlFailure.GONE, ex.toString());
                assertTrue(ex.getMessage().contains(
                    "the last one, in pid " + engine.pid() + ", is gone without having been closed; its heartbeat " +
                    "stopped at "), ex.getMessage());
            }
            finally
            {
                threads.shutdownNow();
            }
            final ControlException ex = assertThrows(ControlException.class, () -> ControlClient.open(root));
            assertEquals(ControlFailure.GONE, ex.failure());
        }
        try (ChildJvm next = engine(); ControlClient client = ControlClient.open(root))
        {
            assertEquals(next.pid(), PolledServer.ask(client, "ping").result().number("pid"));
        }
    }

    @Test
    void shouldSayThatItIsBusyAndCarryItOutLaterWhenTheEngineIsStopped() throws Exception
    {
        try (ChildJvm engine = engine(); ControlClient client = ControlClient.open(root))
        {
            PolledServer.ask(client, "ping");
            signal("STOP", engine.pid());
            final ControlException ex = assertThrows(
                ControlException.class,
                () -> client.request("commands", new ControlJson(), TimeUnit.MILLISECONDS.toNanos(500)));

            assertEquals(ControlFailure.NO_ANSWER, ex.failure());
            assertTrue(ex.getMessage().startsWith(
                "the engine in pid " + engine.pid() + " did not answer 'commands' within 500 ms, and its heartbeat " +
                "stands still, the last was "), ex.getMessage());
            assertTrue(ex.getMessage().endsWith(
                "it is busy, or its process is stopped; the command may still be carried out"), ex.getMessage());

            signal("CONT", engine.pid());
            Waiting.until("the command", () -> audited().contains("\"command\":\"commands\""));
            assertEquals("RUNNING", PolledServer.ask(client, "ping").result().text("state"));
            engine.release();
            engine.rest();
        }
        final ControlException ex = assertThrows(ControlException.class, () -> ControlClient.open(root));
        assertEquals(ControlFailure.CLOSED, ex.failure());
    }

    private ChildJvm engine() throws IOException
    {
        final ChildJvm engine = ChildJvm.start(ChildJvm.documentedFlags(), ChildEngine.class, root.toString());
        engine.expect("ready");
        return engine;
    }

    private ChildJvm client(final String command, final int count) throws IOException
    {
        return ChildJvm.start(
            ChildJvm.documentedFlags(), ChildControlClient.class, root.toString(), command, Integer.toString(count));
    }

    private String audited()
    {
        try
        {
            return Files.readString(root.resolve("control").resolve(AuditLog.NAME));
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    private static List<String> answers(final ChildJvm client)
    {
        final List<String> answers = new ArrayList<>();
        for (int i = 0; i < COUNT; i++)
        {
            answers.add("{\"pid\":" + client.pid() + ",\"seen\":" + client.pid() + ",\"n\":" + i + "}");
        }
        return answers;
    }

    private static void signal(final String name, final long pid) throws Exception
    {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor());
    }
}
