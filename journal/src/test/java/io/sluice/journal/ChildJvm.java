package io.sluice.journal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A second process with the flags and the class path of this one. */
public final class ChildJvm implements AutoCloseable
{
    private final Process process;
    private final BufferedReader output;

    private ChildJvm(final Process process)
    {
        this.process = process;
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    public static ChildJvm start(final Class<?> main, final String... arguments) throws IOException
    {
        return start(List.of(), main, arguments);
    }

    /** @param launcher command that starts the command which is appended to it. */
    static ChildJvm start(final List<String> launcher, final Class<?> main, final String... arguments)
        throws IOException
    {
        final List<String> command = new ArrayList<>(launcher);
        command.add(ProcessHandle.current().info().command().orElseThrow());
        for (final String argument : ManagementFactory.getRuntimeMXBean().getInputArguments())
        {
            if (argument.startsWith("--add") || argument.startsWith("-D") || argument.startsWith("--sun") ||
                argument.startsWith("--enable"))
            {
                command.add(argument);
            }
        }
        command.add("-Xmx256m");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return new ChildJvm(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    long pid()
    {
        return process.pid();
    }

    /** @return the next line that the process prints, null at its end. */
    public String readLine() throws IOException
    {
        return output.readLine();
    }

    void send(final String line) throws IOException
    {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    public int waitFor() throws InterruptedException
    {
        return process.waitFor();
    }

    /** Kill with SIGKILL; what it printed before can still be read. */
    public void kill()
    {
        process.toHandle().destroyForcibly();
    }

    /** Kill with SIGKILL and wait for the end. */
    @Override
    public void close()
    {
        try
        {
            process.destroyForcibly().waitFor();
            output.close();
        }
        catch (final InterruptedException | IOException ex)
        {
            throw new IllegalStateException(ex);
        }
    }
}
