package io.sluice.perf.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.Publisher;
import io.sluice.event.EventBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compiles and runs every Java example of README and guide as it stands there, and every command line in order.
 */
class GuideExamplesTest
{
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/guide.md", "docs/exchange.md", "docs/handlers.md", "docs/rules.md"})
    void shouldCompileAndRunWhenAnExampleStandsInTheDocumentation(final String page) throws Exception
    {
        final List<String> examples = CodeBlocks.of(page, "java");
        assertTrue(examples.size() > 0, page);
        final Map<String, String> classes = new TreeMap<>();
        for (int i = 0; i < examples.size(); i++)
        {
            classes.put("Example" + i, ExampleSource.of("Example" + i, examples.get(i)));
        }
        final Path compiled = ExampleSource.compile(directory, classes);
        for (int i = 0; i < examples.size(); i++)
        {
            final Path data = directory.resolve("data-" + i);
            // Examples that go on from an earlier one use a running engine under the names that the guide gives it.
            if (examples.get(i).contains("publisher.") && !examples.get(i).contains("Engine.launch"))
            {
                final EngineContext context = new EngineContext().directory(data);
                try (Engine engine = Engine.launch(context))
                {
                    ExampleSource.run(compiled, "Example" + i, data, engine);
                    assertTrue(engine.stats().accepted() > 0 || !examples.get(i).contains(".publish"), examples.get(i));
                }
            }
            else
            {
                prepare(data, examples.get(i));
                ExampleSource.run(compiled, "Example" + i, data, null);
            }
        }
    }

    @Test
    void shouldEndWellWhenTheCommandsOfTheDocumentationAreRunInOrder() throws Exception
    {
        int count = 0;
        for (final String page : List.of("README.md", "docs/guide.md", "docs/exchange.md"))
        {
            for (final String block : CodeBlocks.of(page, "sh"))
            {
                for (final String line : block.split("\n", -1))
                {
                    if (line.startsWith("./sluice "))
                    {
                        count += runCommand(line) ? 1 : 0;
                    }
                }
            }
        }
        assertTrue(count >= 12, "only " + count + " commands");
    }

    private boolean runCommand(final String line) throws Exception
    {
        final List<String> arguments = ShellWords.of(line.substring("./sluice ".length()));
        if (arguments.contains("--follow"))
        {
            // It goes on until it is stopped; its own tests run it beside a live engine.
            return false;
        }
        for (int i = 0; i < arguments.size(); i++)
        {
            if ("git:.".equals(arguments.get(i)))
            {
                arguments.set(i, "git:" + Checkout.path(""));
            }
            if ("sluice-copy".equals(arguments.get(i)))
            {
                arguments.set(i, directory.resolve("sluice-copy").toString());
            }
        }
        final boolean namesFile = "export".equals(arguments.get(0)) || "import".equals(arguments.get(0));
        if (namesFile && !"-".equals(arguments.get(1)))
        {
            arguments.set(1, directory.resolve(arguments.get(1)).toString());
        }
        arguments.add("--dir");
        arguments.add(directory.resolve("sluice-data").toString());
        final CommandRun run = CommandRun.of(arguments);
        // doctor looks at this machine, which may deserve a warning or an error.
        final int expected = "doctor".equals(arguments.get(0)) ? run.exitCode() : 0;
        assertEquals(expected, run.exitCode(), line + "\n" + run.output());
        assertTrue(!run.output().isBlank(), line);
        return true;
    }

    private static void prepare(final Path data, final String example) throws Exception
    {
        Files.createDirectories(data.getParent());
        if (example.contains("JournalTailer.open") || example.contains("JournalQuery.open") ||
            example.contains("JournalReplay.open") || example.contains("EngineReplay.open") ||
            example.contains("TailerGroup.launch") || example.contains("JournalExport.run") ||
            example.contains("JournalIndexer.open"))
        {
            try (Engine engine = Engine.launch(new EngineContext().directory(data)))
            {
                final Publisher publisher = engine.publisher();
                publisher.publish(new EventBuilder().type("guide.example"));
            }
        }
    }
}
