package io.sluice.tools.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.ThreadingMode;
import io.sluice.tools.ChildCommand;
import io.sluice.tools.CommandResult;
import io.sluice.tools.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ControlCommandsTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldShowWhoAnswersWhenAnEngineRunsInAnotherProcess() throws Exception
    {
        try (ChildCommand child = new ChildCommand("run", "load:100", "--for", "60s", "--dir", data()))
        {
            CommandResult ping = control("ping", "--json");
            while (ping.exitCode() != ExitCode.DONE)
            {
                assertTrue(!child.isDoneWithin(20), child::toString);
                ping = control("ping", "--json");
            }
            assertTrue(
                ping.out().matches("\\{\"state\":\"(STARTING|RUNNING)\",\"pid\":\\d+,\"runId\":\\d+," +
                "\"uptimeMs\":\\d+,\"answeredUs\":\\d+}\n"), ping.out());

            final CommandResult text = control("ping");
            assertTrue(
                text.out().matches("the engine in pid \\d+ answers after .+: .+, run \\d+, up .+\n"), text.out());

            child.kill();
        }
        final CommandResult gone = control("ping");
        assertEquals(ExitCode.DIRECTORY_UNUSABLE, gone.exitCode());
        assertTrue(gone.err().contains("is gone without having been closed; its heartbeat stopped at "), gone.err());
        assertEquals("", gone.out());
    }

    @Test
    void shouldListTheCommandsWhenAskedForThem()
    {
        try (Engine engine = Engine.launch(new EngineContext().directory(Path.of(data()))))
        {
            final CommandResult text = control("commands");
            assertEquals(ExitCode.DONE, text.exitCode(), text.err());
            assertTrue(text.lines().stream().anyMatch(
                line -> line.matches("ping +says that the engine answers: state, pid, run id, uptime")), text.out());

            final CommandResult json = control("commands", "--json", "--timeout", "30s");
            assertTrue(json.lines().contains(
                "{\"name\":\"ping\",\"help\":\"says that the engine answers: state, pid, run id, uptime\"}"),
                json.out());
            assertEquals("{\"count\":" + (json.lines().size() - 1) + "}", json.lastLine());
            assertTrue(engine.context().control());
        }
        final CommandResult closed = control("commands");
        assertEquals(ExitCode.DIRECTORY_UNUSABLE, closed.exitCode());
        assertTrue(closed.err().startsWith("sluice: no engine runs there: the last one, in pid "), closed.err());
    }

    @Test
    void shouldExitWithOneWhenTheEngineDoesNotAnswerInTime()
    {
        final EngineContext context =
            new EngineContext().directory(Path.of(data())).threadingMode(ThreadingMode.INVOKER).control(true);
        try (Engine engine = Engine.launch(context))
        {
            // Nobody invokes it.
            final CommandResult busy = control("ping", "--timeout", "100ms");
            assertEquals(ExitCode.FAILED_CHECK, busy.exitCode());
            assertTrue(busy.err().contains("did not answer 'ping' within 100 ms"), busy.err());
            assertTrue(engine.context().control());
        }
    }

    @Test
    void shouldExitWithThreeWhenThereIsNoEngineOrItsFileIsForged() throws IOException
    {
        final CommandResult none = control("ping");
        assertEquals(ExitCode.DIRECTORY_UNUSABLE, none.exitCode());
        assertEquals("sluice: no engine has ever run in " + data() + ": check --dir\n", none.err());

        final Path telemetry = Files.createDirectories(Path.of(data()).resolve("telemetry"));
        final Path file = Files.writeString(telemetry.resolve("commands.dat"), "not what it should be");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        final CommandResult forged = control("ping");
        assertEquals(ExitCode.DIRECTORY_UNUSABLE, forged.exitCode());
        assertTrue(forged.err().contains("it does not begin as one"), forged.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ping --timeout x", "ping --timeout 0s", "dance"})
    void shouldExitWithTwoWhenUsageIsWrong(final String arguments)
    {
        final String line = "control " + arguments;
        assertEquals(ExitCode.WRONG_USAGE, CommandResult.run(line.trim().split(" ", -1)).exitCode());
    }

    private CommandResult control(final String... arguments)
    {
        final List<String> all = new ArrayList<>(List.of("control"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--dir", data()));
        return CommandResult.run(all.toArray(String[]::new));
    }

    private String data()
    {
        return directory.resolve("data").toString();
    }
}
