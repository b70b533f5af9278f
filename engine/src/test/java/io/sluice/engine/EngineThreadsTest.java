package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.testkit.TestEngine;
import io.sluice.event.EventBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(ThreadHygiene.class)
class EngineThreadsTest
{
    private static final int KERNEL_NAME_LENGTH = 15;
    private static final Set<String> BESIDE_THE_PATH =
        Set.of("sluice-arch", "sluice-deliver", "sluice-index", "sluice-mark", "sluice-prep", "sluice-sync",
            "sluice-telem", "sluice-watch");

    @TempDir
    private Path directory;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "INVOKER,",
        "SHARED, sluice-arch sluice-deliver sluice-engine sluice-index sluice-mark sluice-prep sluice-sync " +
            "sluice-telem sluice-watch",
        "PAIRED, sluice-arch sluice-deliver sluice-handle sluice-index sluice-mark sluice-prep sluice-seq " +
            "sluice-sync sluice-telem sluice-watch",
        "DEDICATED, sluice-arch sluice-crit sluice-deliver sluice-handle sluice-index sluice-mark sluice-prep " +
            "sluice-route sluice-seq sluice-sync sluice-telem sluice-watch"})
    void shouldHaveTheThreadsOfItsModeWhenItRuns(final ThreadingMode mode, final String names) throws IOException
    {
        final Set<String> expected = names == null ? Set.of() : Set.of(names.split(" "));
        try (Engine engine = Engine.launch(context(mode)))
        {
            Waiting.until("the threads " + expected, () -> kernelNames().equals(expected));
            assertEquals(
                expected.stream().filter(name -> !BESIDE_THE_PATH.contains(name)).collect(Collectors.toSet()),
                mode == ThreadingMode.INVOKER ? Set.of() :
                    engine.stats().agents().stream().map(AgentStats::threadName).collect(Collectors.toSet()));
        }
        Waiting.until("the end of all threads", () -> kernelNames().isEmpty());
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveANameThatTheKernelKeepsWholeAndThatIsFoundAgain(final EngineRole role)
    {
        assertTrue(role.threadName().length() <= KERNEL_NAME_LENGTH, role.threadName());
        assertTrue(role.threadName().startsWith("sluice-"), role.threadName());
        assertEquals(role, EngineRole.parse(role.name()));
        assertEquals(role, EngineRole.parse(" " + role.name().toLowerCase(Locale.ROOT) + " "));
        assertEquals(role, EngineRole.parse(role.threadName()));
    }

    @Test
    void shouldNameTheRolesWhenOneIsNotKnown()
    {
        final IllegalArgumentException ex =
            assertThrows(IllegalArgumentException.class, () -> EngineRole.parse("sequencer"));
        assertTrue(ex.getMessage().contains("'sequencer'") && ex.getMessage().contains("sequencing"), ex.getMessage());
    }

    @Test
    void shouldReadBackFromTheKernelThatPinningTookWhenTheProcessorExists()
    {
        try (Engine engine = Engine.launch(context(ThreadingMode.PAIRED).pin(EngineRole.SEQUENCING, 0)))
        {
            Waiting.until("the pinned thread", () -> !agent(engine, EngineRole.SEQUENCING).allowedCpus().isEmpty());
            final AgentStats sequencing = agent(engine, EngineRole.SEQUENCING);
            assertEquals("0", sequencing.allowedCpus());
            assertEquals(0, sequencing.requestedCpu());
            assertTrue(sequencing.isPinned());
            Waiting.until("the other thread", () -> !agent(engine, EngineRole.HANDLING).allowedCpus().isEmpty());
            assertEquals(-1, agent(engine, EngineRole.HANDLING).requestedCpu());
            assertFalse(agent(engine, EngineRole.HANDLING).isPinned());
        }
        assertEquals(List.of(), errors);
    }

    @ParameterizedTest
    @EnumSource(names = {"DELIVERY", "WATCH", "MARK", "TELEMETRY"})
    void shouldPinAThreadBesideThePathWhenAsked(final EngineRole role)
    {
        try (Engine engine = Engine.launch(context(ThreadingMode.PAIRED).pin(role, 0)))
        {
            Waiting.until("the pinned thread", () -> "0".equals(allowedCpusOf(role.threadName())));
            assertEquals(EngineState.RUNNING, engine.state());
        }
        assertEquals(List.of(), errors);
        try (Engine engine = Engine.launch(context(ThreadingMode.PAIRED).pin(role, 9999)))
        {
            Waiting.until("the report", () -> !errors.isEmpty());
            assertEquals(EngineState.RUNNING, engine.state());
        }
        assertTrue(errors.get(0).getMessage().contains(role.threadName()), errors.toString());
    }

    // As the kernel lists them for the thread of this process with that name; empty if there is none.
    private static String allowedCpusOf(final String threadName)
    {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task")))
        {
            for (final Path thread : threads)
            {
                final List<String> status = statusOf(thread);
                if (status.contains("Name:\t" + threadName))
                {
                    return status.stream().filter((line) -> line.startsWith("Cpus_allowed_list:"))
                        .map((line) -> line.substring(line.indexOf('\t') + 1)).findFirst().orElse("");
                }
            }
            return "";
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static List<String> statusOf(final Path thread)
    {
        try
        {
            return Files.readAllLines(thread.resolve("status"));
        }
        catch (final IOException ex)
        {
            // It ended.
            return List.of();
        }
    }

    @Test
    void shouldRunUnpinnedAndReportItWhenTheProcessorDoesNotExist()
    {
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED).pin(EngineRole.ENGINE, 9999)))
        {
            Waiting.until("the thread", () -> !agent(engine, EngineRole.ENGINE).allowedCpus().isEmpty());
            assertFalse(agent(engine, EngineRole.ENGINE).isPinned());
            assertEquals(9999, agent(engine, EngineRole.ENGINE).requestedCpu());
            assertTrue(engine.publisher().publish(new EventBuilder().type("t")) >= 0);
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            assertEquals(1, engine.stats().handled());
        }
        assertTrue(
            errors.stream().anyMatch(error -> error.getMessage().contains("9999") &&
                error.getMessage().contains("sluice-engine")),
            errors.toString());
    }

    @Test
    void shouldMeasureDutyCyclesWhenThereIsWork()
    {
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED).idleStrategy(YieldingIdleStrategy::new)))
        {
            for (int i = 0; i < 100; i++)
            {
                engine.publisher().publish(new EventBuilder().type("t").payloadText("n" + i));
            }
            assertTrue(engine.drain(Waiting.LIMIT_NS));
            Waiting.until("a measured cycle", () -> agent(engine, EngineRole.ENGINE).maxCycleNs() > 0);
            assertTrue(agent(engine, EngineRole.ENGINE).dutyCycles() > 3);
        }
    }

    @Test
    @SuppressWarnings("try")
    void shouldRefuseToBeInvokedFromAHandlerOrInAnotherMode()
    {
        final TestEngine[] holder = new TestEngine[1];
        final List<String> refusals = new CopyOnWriteArrayList<>();
        try (TestEngine test = TestEngine.launch(new EngineContext().directory(directory).subscribe(
            SubscriptionSpec.to("*", event -> refusals.add(
                assertThrows(IllegalStateException.class, () -> holder[0].engine().invoke()).getMessage())))))
        {
            holder[0] = test;
            test.publisher().publish(new EventBuilder().type("t"));
            test.runUntilIdle();
            test.publisher().publish(new EventBuilder().type("t").payloadText("another"));
            test.runUntilIdle();
            assertEquals(2, test.engine().stats().handled());
            test.close();
            assertEquals(0, test.engine().invoke(), "a closed engine has nothing to do");
        }
        assertEquals(2, refusals.size());
        assertTrue(refusals.get(0).contains("handler"), refusals.get(0));
        try (Engine engine = Engine.launch(context(ThreadingMode.SHARED)))
        {
            final IllegalStateException ex = assertThrows(IllegalStateException.class, engine::invoke);
            assertTrue(ex.getMessage().contains("SHARED"), ex.getMessage());
        }
    }

    @Test
    void shouldReportAndGoOnWhenAnAgentThrowsAnExceptionAndEndWhenItThrowsAnError()
    {
        final int[] cycles = new int[1];
        final boolean[] closed = new boolean[1];
        final AgentThread thread = new AgentThread(
            new Agent()
            {
                @Override
                public int doWork() throws Exception
                {
                    if (++cycles[0] < 3)
                    {
                        throw new Exception("cycle " + cycles[0]);
                    }
                    throw new AssertionError("the last");
                }

                @Override
                public void onClose()
                {
                    closed[0] = true;
                }

                @Override
                public String roleName()
                {
                    return "sluice-test";
                }
            },
            NoOpIdleStrategy.INSTANCE,
            errors::add);
        thread.start();
        assertTrue(thread.join(Waiting.LIMIT_NS));
        assertEquals(
            List.of("cycle 1", "cycle 2", "the last"),
            errors.stream().map(Throwable::getMessage).collect(Collectors.toList()));
        assertTrue(closed[0]);
    }

    @Test
    void shouldKeepTheInterruptWhenInterruptedWhileJoining()
    {
        final AgentThread thread = new AgentThread(new PausingAgent(), new PausingIdleStrategy(100_000), errors::add);
        thread.start();
        Thread.currentThread().interrupt();
        thread.requestStop();
        assertTrue(thread.join(Waiting.LIMIT_NS));
        assertTrue(Thread.interrupted(), "the interrupt is the host's");
    }

    private static final class PausingAgent implements Agent
    {
        @Override
        public int doWork()
        {
            return 0;
        }

        @Override
        public String roleName()
        {
            return "sluice-test";
        }
    }

    private static AgentStats agent(final Engine engine, final EngineRole role)
    {
        return engine.stats().agents().stream()
            .filter(agent -> agent.role() == role).findFirst().orElseThrow();
    }

    private static Set<String> kernelNames()
    {
        final Set<String> names = new TreeSet<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task")))
        {
            for (final Path task : tasks)
            {
                final String name = nameOf(task);
                if (name.startsWith("sluice-"))
                {
                    names.add(name);
                }
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return names;
    }

    private static String nameOf(final Path task)
    {
        try
        {
            return Files.readString(task.resolve("comm")).trim();
        }
        catch (final IOException ex)
        {
            // The thread ended between listing and reading.
            return "";
        }
    }

    private EngineContext context(final ThreadingMode mode)
    {
        return new EngineContext().directory(directory).threadingMode(mode).errorHandler(errors::add);
    }
}
