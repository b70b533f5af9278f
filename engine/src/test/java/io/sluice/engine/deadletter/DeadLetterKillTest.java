package io.sluice.engine.deadletter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.failure.FailureKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that dead-letters events is killed at whatever instruction. */
@Timeout(240)
class DeadLetterKillTest
{
    private static final int ROUNDS = 3;

    private final Set<Long> lettered = new TreeSet<>();
    private final Set<Long> delivered = new TreeSet<>();
    private long lastSeen;

    @TempDir
    private Path directory;

    @Test
    void shouldLoseNoLetterAndDoubleNoneWhenTheProcessIsKilledAgainAndAgain() throws Exception
    {
        final Random random = new Random(4711);
        for (int round = 0; round < ROUNDS; round++)
        {
            // Goes back a little: those events fail once more, as they would when they are delivered again.
            runAndKill(Math.max(1, lastSeen - 20), 40 + random.nextInt(60));
        }

        final Map<Long, List<LetterStatus>> byEvent = new TreeMap<>();
        try (DeadLetters letters = DeadLetters.open(directory))
        {
            letters.forEach(new DeadLetterQuery(), (letter, record) ->
            {
                assertEquals("o-" + letter.status().sequence(), record.id());
                byEvent.computeIfAbsent(letter.status().sequence(), sequence -> new ArrayList<>())
                    .add(letter.status());
            });
            assertEquals(0, letters.strangers());
        }
        assertTrue(byEvent.keySet().containsAll(lettered), "lost");
        assertTrue(lettered.size() >= ROUNDS * 40 - ROUNDS * 22, "only " + lettered.size());
        // Only of an event whose letter had come to its end there may be another one.
        byEvent.forEach((sequence, letters) ->
        {
            final long open = letters.stream().filter(letter -> letter.state().isOpen()).count();
            assertTrue(open <= 1, letters.toString());
            for (int i = 0; i < letters.size() - 1; i++)
            {
                assertEquals(LetterState.DELIVERED, letters.get(i).state(), letters.toString());
            }
            if (delivered.contains(sequence))
            {
                assertEquals(LetterState.DELIVERED, letters.get(0).state());
            }
        });
        try (DeadLetterJournal journal = DeadLetterJournal.open(Letters.context(directory).maxOpenLetters(10_000)))
        {
            for (final long sequence : lettered)
            {
                if (!delivered.contains(sequence))
                {
                    final LetterStatus known = journal.letters().find("s", sequence);
                    assertNotNull(known, "sequence " + sequence);
                    assertEquals(known, journal.deadLetter(
                        Letters.event(sequence), Letters.failure("s", FailureKind.MANUAL)));
                }
            }
        }
    }

    private void runAndKill(final long first, final int lines) throws IOException, InterruptedException
    {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> !flag.contains("javaagent") && !flag.startsWith("-Xmx"))
            .toList());
        command.addAll(List.of(
            "-Xmx128m", "-cp", System.getProperty("java.class.path"), ChildLetters.class.getName(),
            directory.toString(), Long.toString(first)));
        final Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader out =
            new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)))
        {
            String line = out.readLine();
            for (int i = 0; line != null; i++)
            {
                note(line);
                if (i == lines)
                {
                    // Leaves the stream open, so that the last words are read.
                    process.toHandle().destroyForcibly();
                }
                line = out.readLine();
            }
        }
        finally
        {
            process.destroyForcibly().waitFor();
        }
    }

    private void note(final String line)
    {
        final String[] words = line.split(" ", 2);
        // The last line may have no end.
        if (words.length == 2 && words[1].matches("\\d+"))
        {
            final long number = Long.parseLong(words[1]);
            assertTrue("letter".equals(words[0]) || "delivered".equals(words[0]), line);
            (words[0].charAt(0) == 'l' ? lettered : delivered).add(number);
            lastSeen = Math.max(lastSeen, number);
        }
    }
}
