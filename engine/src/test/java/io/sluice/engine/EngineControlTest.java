package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.control.ControlAnswer;
import io.sluice.engine.control.ControlClient;
import io.sluice.engine.control.ControlException;
import io.sluice.engine.control.ControlFailure;
import io.sluice.engine.control.ControlJson;
import io.sluice.engine.testkit.TestEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(ThreadHygiene.class)
@Timeout(120)
class EngineControlTest
{
    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(value = ThreadingMode.class, names = "INVOKER", mode = EnumSource.Mode.EXCLUDE)
    void shouldAnswerWithItsRunAndStateWhenItHasThreads(final ThreadingMode mode)
    {
        try (Engine engine = Engine.launch(new EngineContext().directory(directory).threadingMode(mode));
            ControlClient client = ControlClient.open(directory))
        {
            assertTrue(engine.context().control());
            assertEquals(engine.runId(), client.runId());
            assertEquals(engine.runId(), ping(client).result().number("runId"));
            assertEquals("RUNNING", ping(client).result().text("state"));

            engine.drain(Waiting.LIMIT_NS);

            assertEquals("DRAINING", ping(client).result().text("state"));
        }
        final ControlException ex = assertThrows(ControlException.class, () -> ControlClient.open(directory));
        assertEquals(ControlFailure.CLOSED, ex.failure());
    }

    @Test
    void shouldHaveNoChannelWhenItIsSwitchedOff()
    {
        try (Engine engine = Engine.launch(new EngineContext().directory(directory).control(false)))
        {
            assertFalse(engine.context().control());
            final ControlException ex = assertThrows(ControlException.class, () -> ControlClient.open(directory));
            assertEquals(ControlFailure.NO_ENGINE, ex.failure());
        }
    }

    @Test
    void shouldHaveNoChannelWhenItHasNoJournal()
    {
        final EngineContext context = new EngineContext().directory(directory).durability(Durability.NONE);
        try (Engine engine = Engine.launch(context))
        {
            assertEquals(EngineState.RUNNING, engine.state());
            assertFalse(Files.exists(directory.resolve("telemetry")));
        }
    }

    @Test
    void shouldHaveNoChannelWhenTheHostDrivesItUnlessItIsAskedFor() throws Exception
    {
        try (TestEngine test = TestEngine.launch(new EngineContext().directory(directory)))
        {
            assertFalse(test.engine().context().control());
            assertThrows(ControlException.class, () -> ControlClient.open(directory));
        }
        final ExecutorService threads = Executors.newSingleThreadExecutor();
        try (TestEngine test = TestEngine.launch(new EngineContext().directory(directory).control(true));
            ControlClient client = ControlClient.open(directory))
        {
            final Future<ControlAnswer> answer = threads.submit(() -> ping(client));
            Waiting.until("the answer", () ->
            {
                test.runUntilIdle();
                return answer.isDone();
            });
            assertEquals("RUNNING", answer.get().result().text("state"));
        }
        finally
        {
            threads.shutdownNow();
        }
    }

    private static ControlAnswer ping(final ControlClient client)
    {
        return client.request("ping", new ControlJson(), Waiting.LIMIT_NS);
    }
}
