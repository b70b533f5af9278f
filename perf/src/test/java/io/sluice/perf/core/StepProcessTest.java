package io.sluice.perf.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.perf.report.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a shell in place of a JVM: what counts is what becomes of its answer. */
class StepProcessTest
{
    private static final Step STEP = new Step("some", List.of("F1"), List.of("--size", "3"), 1);
    private static final double LONG_S = 100;
    private static final String ANSWER =
        "{\"ok\":true,\"figures\":[{\"id\":\"F1\",\"name\":\"x\",\"value\":3,\"ok\":true}],\"host\":{}}";

    @TempDir
    private Path directory;

    @Test
    void shouldTakeTheAnswerWhenAProcessGivesOne() throws IOException
    {
        final StepResult result = run("echo \"$@\" > " + directory + "/words; echo '" + ANSWER + "'", LONG_S);

        assertTrue(result.figures().get(0).ok());
        assertEquals("some --size 3 --json --out " + directory.toRealPath() + "/some\n",
            Files.readString(directory.resolve("words")));
        assertEquals(List.of("progress.txt"), kept());
    }

    @Test
    void shouldFailWithItsLastWordWhenAProcessEndsWithoutAnAnswer() throws IOException
    {
        final StepResult result =
            run("echo first >&2; echo 'out of memory' >&2; printf '\\tat a\\n\\n' >&2; exit 7", LONG_S);

        final Figure figure = result.figures().get(0);
        assertTrue(figure.isWrong());
        assertTrue(figure.why().contains("exit code 7"), figure.why());
        assertTrue(figure.why().contains("out of memory"), figure.why());
        assertEquals("first\nout of memory\n\tat a\n\n", Files.readString(directory.resolve("some/progress.txt")));
    }

    @Test
    void shouldKillItAndItsChildrenAndTheirJournalsWhenAProcessTakesTooLong() throws IOException
    {
        final StepResult result = run("mkdir -p " + directory + "/some/scratch-0-x/journal; echo working >&2\n" +
            "sleep 1000 &\necho $! > " + directory + "/child\nwait", 3);

        final Figure figure = result.figures().get(0);
        assertFalse(figure.ok());
        assertFalse(figure.isWrong());
        assertTrue(figure.why().contains("ended by force") && figure.why().contains("working"), figure.why());
        final long child = Long.parseLong(Files.readString(directory.resolve("child")).strip());
        ProcessHandle.of(child).ifPresent((handle) -> handle.onExit().join());
        assertEquals(List.of("progress.txt"), kept());
    }

    private StepResult run(final String script, final double timeoutSeconds) throws IOException
    {
        final Path file = Files.writeString(directory.resolve("script"), script + "\n");
        return new StepProcess(List.of("/bin/sh", file.toString()), directory).run(STEP, timeoutSeconds);
    }

    private List<String> kept() throws IOException
    {
        try (Stream<Path> files = Files.list(directory.resolve("some")))
        {
            return files.map((file) -> file.getFileName().toString())
                .filter((name) -> !"answer.tmp".equals(name)).sorted().toList();
        }
    }
}
