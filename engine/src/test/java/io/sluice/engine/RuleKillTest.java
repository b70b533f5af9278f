package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.journal.DataDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process is killed when a change of the rules holds already and is not yet written down: what one subscription left
 * to another one by the new rules, that one gets.
 */
@Timeout(120)
class RuleKillTest
{
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"mkfifo", "mkdir"})
    void shouldDeliverByTheRulesThatHeldWhenTheProcessIsKilledBeforeTheyAreWritten(final String obstacle)
        throws Exception
    {
        final Path file = new DataDirectory(directory).control().resolve(EngineRules.FILE);
        final List<String> said = new ArrayList<>();
        try (ChildJvm child = ChildJvm.start(
            ChildJvm.documentedFlags(), ChildRuleChange.class, directory.toString(), obstacle))
        {
            for (String line = child.readLine(); !"passed".equals(line); line = child.readLine())
            {
                assertTrue(line != null, () -> "the child process ended: " + said);
                said.add(line);
            }
            assertTrue(ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly());
            child.rest();
        }
        assertEquals(List.of("live got 1"), said.stream().filter((line) -> line.contains(" got ")).toList());
        final String left = Files.readString(file);
        assertTrue(left.contains("{\"version\": 1, \"from\": null"), left);
        Files.delete(file.resolveSibling(file.getFileName() + ".new"));

        final List<Long> live = new CopyOnWriteArrayList<>();
        final List<Long> behind = new CopyOnWriteArrayList<>();
        final List<Throwable> errors = new CopyOnWriteArrayList<>();
        final long last = ChildRuleChange.EVENTS + 2;
        try (Engine engine = Engine.launch(ChildRuleChange.context(directory).errorHandler(errors::add)
            .subscribe(ChildRuleChange.live((event) -> live.add(event.sequence())))
            .subscribe(ChildRuleChange.behind((event) -> behind.add(event.sequence())))))
        {
            engine.subscriptions().forEach(Subscription::resume);
            ChildRuleChange.publish(engine);
            Waiting.until("the last event", () -> behind.contains(last));
            assertEquals(LongStream.rangeClosed(2, last).boxed().toList(), behind);
            assertEquals(2, engine.rules().newest().from());
        }
        assertEquals(List.of(), live);
        assertEquals(List.of(), errors);
        assertFalse(Files.readString(file).contains("null"));
    }
}
