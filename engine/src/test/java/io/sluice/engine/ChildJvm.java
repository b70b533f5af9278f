package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A JVM of its own, with the classes of this test run. */
public final class ChildJvm implements AutoCloseable
{
    private static final long LIMIT_S = 60;

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(final Process process)
    {
        this.process = process;
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    public static ChildJvm start(final List<String> flags, final Class<?> main, final String... arguments)
        throws IOException
    {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** The flags of the file that embedders are given. */
    public static List<String> documentedFlags() throws IOException
    {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs").resolve("jvm.args")))
        {
            root = root.getParent();
        }
        return Files.readAllLines(root.resolve("docs").resolve("jvm.args")).stream()
            .filter(line -> line.startsWith("-"))
            .collect(Collectors.toList());
    }

    public long pid()
    {
        return process.pid();
    }

    /** The next line, or null at the end of the process. */
    public String readLine() throws IOException
    {
        return output.readLine();
    }

    /** How the process ended; only when it has. */
    public int exitCode()
    {
        return process.exitValue();
    }

    /** Lines up to the end of the process. */
    public List<String> rest() throws Exception
    {
        final List<String> lines = output.lines().collect(Collectors.toList());
        if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS))
        {
            fail("the child process did not end within " + LIMIT_S + " s: " + lines);
        }
        return lines;
    }

    /** Wait for a line. */
    public void expect(final String line) throws IOException
    {
        final List<String> seen = new ArrayList<>();
        String next = output.readLine();
        while (next != null && !next.equals(line))
        {
            seen.add(next);
            next = output.readLine();
        }
        if (next == null)
        {
            fail("the child process ended without '" + line + "': " + seen);
        }
    }

    /** Write a line to the child's standard input. */
    public void send(final String line) throws IOException
    {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Let the child go on that reads its standard input. */
    public void release() throws IOException
    {
        process.getOutputStream().close();
    }

    @Override
    public void close()
    {
        process.destroyForcibly();
    }
}
