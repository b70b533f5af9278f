package io.sluice.perf.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel saw of a run and of a tail. Needs strace, which the CI script installs. */
class SystemCallTraceTest
{
    // A JVM makes and closes a socket to see which protocols there are; it connects it to nothing.
    private static final Pattern NETWORK = Pattern.compile(
        "\\b(connect|sendto|sendmsg|sendmmsg|bind)\\(.*AF_INET|resolv\\.conf|/etc/hosts\\b");
    private static final Pattern OPENED_FOR_WRITING =
        Pattern.compile("\\bopen(at)?\\(.*\"([^\"]*)\".*(O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND)");
    private static final Pattern CHANGED =
        Pattern.compile("\\b(unlink|rename|mkdir|truncate|link|symlink|chmod|utimensat)\\w*\\(.*\"([^\"]*)\"");

    @TempDir
    private Path directory;

    @BeforeAll
    static void findStrace() throws Exception
    {
        final Process probe = new ProcessBuilder("sh", "-c", "strace -qq -o /dev/null true").start();
        probe.getOutputStream().close();
        assumeTrue(probe.waitFor() == 0, "strace is not installed or not permitted here");
    }

    @Test
    void shouldLookUpNoHostAndOpenNoConnectionWhenARunGoesThrough() throws Exception
    {
        final Path data = directory.resolve("data");
        final Path trace = directory.resolve("trace");
        final List<String> command = traced(trace, "network,openat,open");
        command.addAll(ChildJvm.command("io.sluice.tools.SluiceMain"));
        command.addAll(List.of("run", "git:" + Checkout.path(""), "--dir", data.toString(), "--json"));
        final Process run = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        run.getOutputStream().close();
        final String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(run.waitFor(120, TimeUnit.SECONDS), "the run did not end");
        assertEquals(0, run.exitValue(), output);
        assertTrue(output.contains("\"lost\":0"), output);
        final List<String> calls = Files.readAllLines(trace);
        assertTrue(calls.stream().anyMatch(call -> call.contains("engine.lock")), "nothing was traced");
        assertEquals(List.of(), calls.stream().filter(call -> NETWORK.matcher(call).find()).toList());
    }

    @Test
    void shouldPrintEveryEventOnceAndWriteNothingBelowTheDataWhenTailingALiveEngine() throws Exception
    {
        final Path data = directory.resolve("data");
        final Path trace = directory.resolve("trace");
        final List<String> load = new ArrayList<>(ChildJvm.command("io.sluice.tools.SluiceMain"));
        load.addAll(List.of("run", "load:2000", "--for", "3s", "--dir", data.toString(), "--json"));
        final List<String> tail =
            traced(trace, "openat,open,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,truncate");
        tail.addAll(ChildJvm.command("io.sluice.tools.SluiceMain"));
        tail.addAll(List.of("tail", "--follow", "--from", "start", "--format", "json", "--dir", data.toString()));
        final Process tailing = new ProcessBuilder(tail).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try
        {
            final Process running = new ProcessBuilder(load).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            running.getOutputStream().close();
            final String summary = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(running.waitFor(120, TimeUnit.SECONDS), "the load did not end");
            assertEquals(0, running.exitValue(), summary);
            final long journaled = Long.parseLong(summary.replaceAll("(?s).*\"journaled\":(\\d+).*", "$1"));
            assertTrue(journaled > 1000, summary);
            final BufferedReader lines =
                new BufferedReader(new InputStreamReader(tailing.getInputStream(), StandardCharsets.UTF_8));
            for (long sequence = 1; sequence <= journaled; sequence++)
            {
                final String line = lines.readLine();
                assertTrue(line != null && line.startsWith("{\"sequence\":" + sequence + ","), sequence + ": " + line);
            }
        }
        finally
        {
            tailing.descendants().forEach(ProcessHandle::destroy);
            tailing.waitFor(30, TimeUnit.SECONDS);
            tailing.destroyForcibly();
        }
        final List<String> calls = Files.readAllLines(trace);
        final String journal = data.resolve("journal").toString();
        assertTrue(calls.stream().anyMatch(call -> call.contains(journal)), "nothing was traced");
        assertEquals(
            List.of(),
            calls.stream()
                .filter(call -> call.contains(data.toString()))
                .filter(call -> OPENED_FOR_WRITING.matcher(call).find() || CHANGED.matcher(call).find())
                .toList());
    }

    private static List<String> traced(final Path trace, final String calls)
    {
        return new ArrayList<>(
            List.of("strace", "-f", "-qq", "-s", "256", "-e", "trace=" + calls, "-o", trace.toString()));
    }
}
