package io.sluice.perf.project;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A run of the command line in a process of its own, as a user has it. */
record CommandRun(int exitCode, String output)
{
    private static final long TIMEOUT_S = 120;

    static CommandRun of(final List<String> arguments) throws Exception
    {
        final List<String> command = new ArrayList<>(ChildJvm.command("io.sluice.tools.SluiceMain"));
        command.addAll(arguments);
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS))
        {
            process.destroyForcibly();
            throw new AssertionError("did not end: " + arguments);
        }
        return new CommandRun(process.exitValue(), output);
    }
}
