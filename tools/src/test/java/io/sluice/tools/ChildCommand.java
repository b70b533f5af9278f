package io.sluice.tools;

import java.io.BufferedReader;
import java.io.File;
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
        this(flagsOfThisJvm(), args);
    }

    private ChildCommand(final List<String> flags, final String... args) throws IOException
    {
        this(List.of(), flags, "-Xmx256m", ProcessBuilder.Redirect.PIPE, args);
    }

    private ChildCommand(
        final List<String> before,
        final List<String> flags,
        final String heap,
        final ProcessBuilder.Redirect output,
        final String... args) throws IOException
    {
        final List<String> command = new ArrayList<>(before);
        command.addAll(commandLine(flags, heap, args));
        process = new ProcessBuilder(command)
            .redirectOutput(output).redirectError(ProcessBuilder.Redirect.PIPE).start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** @return what starts a command in a process of its own. */
    static List<String> commandLine(final String... args)
    {
        return commandLine(flagsOfThisJvm(), "-Xmx256m", args);
    }

    private static List<String> commandLine(final List<String> flags, final String heap, final String... args)
    {
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(flags);
        // Short lives: half of the time would go into compiling.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of(heap, "-cp", System.getProperty("java.class.path"), SluiceMain.class.getName()));
        command.addAll(List.of(args));
        return command;
    }

    /** A command whose standard output is a file. */
    public static ChildCommand writingTo(final File file, final String... args) throws IOException
    {
        return new ChildCommand(
            List.of(), flagsOfThisJvm(), "-Xmx256m", ProcessBuilder.Redirect.appendTo(file), args);
    }

    /** A command that may not write files longer than so many blocks of 1 KiB. */
    public static ChildCommand limitedTo(final int blocks, final String... args) throws IOException
    {
        return new ChildCommand(
            List.of("/bin/bash", "-c", "ulimit -f " + blocks + " && exec \"$0\" \"$@\""),
            flagsOfThisJvm(), "-Xmx256m", ProcessBuilder.Redirect.PIPE, args);
    }

    /** A command with a heap as small as the launcher's would be on a small machine. */
    public static ChildCommand inSmallHeap(final String... args) throws IOException
    {
        final List<String> flags = new ArrayList<>(flagsOfThisJvm());
        flags.add("-XX:+UseSerialGC");
        return new ChildCommand(List.of(), flags, "-Xmx64m", ProcessBuilder.Redirect.PIPE, args);
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

    /** Read no more, as {@code head} does when it has seen enough. */
    public void closeOutput() throws IOException
    {
        out.close();
    }

    /** True if it ends by itself in this time. */
    public boolean isDoneWithin(final long timeoutMs) throws InterruptedException
    {
        return process.waitFor(timeoutMs, TimeUnit.MILLISECONDS);
    }

    /** End it at whatever instruction, and wait until it is gone. */
    public void kill() throws InterruptedException
    {
        process.destroyForcibly().waitFor();
    }

    private static List<String> flagsOfThisJvm()
    {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> !flag.contains("javaagent") && !flag.startsWith("-Xmx"))
            .toList();
    }

    @Override
    public void close()
    {
        process.destroyForcibly();
    }
}
