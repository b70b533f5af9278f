package io.sluice.perf.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.deadletter.DeadLetter;
import io.sluice.engine.deadletter.DeadLetters;
import io.sluice.engine.deadletter.LetterState;
import io.sluice.journal.DataDirectoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The walk of the guide from an event that failed to its delivery: the engine of the example runs in a process of its
 * own, and each command, in the order of the guide, in another.
 */
@Timeout(300)
class DeadLetterWalkTest
{
    private static final String PAGE = "docs/guide.md";
    private static final long LETTER = 1;
    private static final long TIMEOUT_S = 60;
    /** The example ends with the engine's block; there the process waits until nobody needs it any more. */
    private static final String STAY = "System.in.read();\n}\n";

    @TempDir
    private Path directory;

    @Test
    void shouldDeliverAFailedEventWhenTheCommandsOfTheGuideAreRunInOrder() throws Exception
    {
        final Path data = directory.resolve("sluice-data");
        final Path log = directory.resolve("engine.log");
        final Process engine = start(data, log);
        try
        {
            awaitLetter(data, log, letter -> letter.status().state() == LetterState.OPEN);
            final List<String> outputs = new ArrayList<>();
            for (final String line : commands())
            {
                // What a command hands over is over before the next one is typed: a person is slower than a handler.
                awaitLetter(data, log, letter -> letter.status().state() != LetterState.RETRYING);
                outputs.add(outputOf(line, data));
                assertTrue(engine.isAlive(), () -> "the engine ended: " + read(log));
                if (line.contains(" retry "))
                {
                    awaitLetter(data, log, letter -> letter.status().failures() == 2);
                }
                if (line.contains(" fix "))
                {
                    awaitLetter(data, log, letter -> letter.status().state() == LetterState.DELIVERED);
                }
            }
            assertSeen(outputs);
        }
        finally
        {
            engine.getOutputStream().close();
            if (!engine.waitFor(TIMEOUT_S, TimeUnit.SECONDS))
            {
                engine.destroyForcibly().waitFor();
            }
        }
        assertEquals(0, engine.exitValue(), () -> read(log));
        try (DeadLetters letters = DeadLetters.open(data))
        {
            assertEquals(LetterState.DELIVERED, letters.find(LETTER).status().state());
        }
    }

    // What the guide says that each of them shows.
    private static void assertSeen(final List<String> outputs)
    {
        assertEquals(8, outputs.size());
        assertTrue(outputs.get(0).contains("billing") && outputs.get(0).contains("amount is missing"), outputs.get(0));
        assertTrue(outputs.get(1).contains("  exception       java.lang.IllegalArgumentException\n"), outputs.get(1));
        assertTrue(outputs.get(1).contains("\nnext\n  sluice dead-letters retry 1 --dir "), outputs.get(1));
        assertFalse(outputs.get(1).contains("in the way"), outputs.get(1));
        assertEquals("dead letter 1 is handed to its handler\n", outputs.get(2));
        assertEquals(2, outputs.get(3).split("  dead-lettered: ", -1).length - 1, outputs.get(3));
        assertEquals("dead letter 1 is repaired, and handed to its handler\n", outputs.get(4));
        assertTrue(outputs.get(5).startsWith("dead letter 1, delivered\n"), outputs.get(5));
        assertTrue(outputs.get(5).contains("    \"amount\": 20\n"), outputs.get(5));
        assertFalse(outputs.get(5).contains("next\n"), outputs.get(5));
        assertTrue(outputs.get(6).contains("delivered"), outputs.get(6));
        assertTrue(outputs.get(7).matches("(?s).*\\bbilling .*RUNNING.*CLOSED.*"), outputs.get(7));
    }

    private static List<String> commands()
    {
        final List<String> blocks = CodeBlocks.of(PAGE, "text");
        assertEquals(1, blocks.size(), "the walk is the only block of that kind");
        return blocks.get(0).lines().toList();
    }

    private static String outputOf(final String line, final Path data) throws Exception
    {
        assertTrue(line.startsWith("./sluice "), line);
        final List<String> arguments = ShellWords.of(line.substring("./sluice ".length()));
        arguments.add("--dir");
        arguments.add(data.toString());
        final CommandRun run = CommandRun.of(arguments);
        assertEquals(0, run.exitCode(), () -> line + "\n" + run.output());
        return run.output();
    }

    private Process start(final Path data, final Path log) throws Exception
    {
        final List<String> examples = CodeBlocks.of(PAGE, "java").stream()
            .filter(example -> example.contains("amount is missing")).toList();
        assertEquals(1, examples.size());
        final String example = examples.get(0);
        assertTrue(example.endsWith("}\n"), example);
        final String staying = example.substring(0, example.length() - "}\n".length()) + STAY;
        final Path compiled = ExampleSource.compile(directory, Map.of("Walk", ExampleSource.of("Walk", staying)));
        final List<String> command = new ArrayList<>(ChildJvm.command(ExampleMain.class.getName()));
        command.addAll(List.of(compiled.toString(), "Walk", data.toString()));
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    private static void awaitLetter(final Path data, final Path log, final Predicate<DeadLetter> condition)
    {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
        while (!is(data, condition))
        {
            assertTrue(System.nanoTime() - deadline < 0, () -> "the letter does not come that far: " + read(log));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static boolean is(final Path data, final Predicate<DeadLetter> condition)
    {
        try (DeadLetters letters = DeadLetters.open(data))
        {
            final DeadLetter letter = letters.find(LETTER);
            return letter != null && condition.test(letter);
        }
        catch (final DataDirectoryException ex)
        {
            // The engine has not made it yet.
            return false;
        }
    }

    private static String read(final Path file)
    {
        try
        {
            return Files.readString(file);
        }
        catch (final IOException ex)
        {
            return ex.toString();
        }
    }
}
