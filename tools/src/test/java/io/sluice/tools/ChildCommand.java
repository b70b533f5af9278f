package io.sluice.tools;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command in a process of its own, with the flags and the class path of this one. */
public final class ChildCommand implements AutoCloseable
{
    private static final long TIMEOUT_S = 60;

    private final Process process;
    private final BufferedReader out;

    public ChildCommand(final String... args) throws IOException
    {
        this(flags(), args);
    }

    private ChildCommand(final List<String> flags, final String... args) throws IOException
    {
        process = new ProcessBuilder(commandLine(flags, args)).redirectError(ProcessBuilder.Redirect.PIPE).start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** @return what starts a command in a process of its own. */
    static List<String> commandLine(final String... args)
    {
        return commandLine(flags(), args);
    }

    private static List<String> commandLine(final List<String> flags, final String... args)
    {
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(flags);
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"), SluiceMain.class.getName()));
        command.addAll(List.of(args));
        return command;
    }

    private static List<String> flags()
    {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> !flag.contains("javaagent") && !flag.startsWith("-Xmx"))
            .toList();
    }

    /** A command in a JVM that was started without any flag. */
    public static ChildCommand withoutFlags(final String... args) throws IOException
    {
        return new ChildCommand(List.of(), args);
    }

    public String readLine() throws IOException
    {
        return out.readLine();
    }

    public String readRest() throws IOException
    {
        final StringBuilder rest = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine())
        {
            rest.append(line).append('\n');
        }
        return rest.toString();
    }

    public String errors() throws IOException
    {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Send TERM, as a service manager does; what it still says can be read. */
    public void terminate()
    {
        process.toHandle().destroy();
    }

    public int awaitExit() throws InterruptedException
    {
        if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS))
        {
            throw new IllegalStateException("the command does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close()
    {
        process.destroyForcibly();
    }
}
