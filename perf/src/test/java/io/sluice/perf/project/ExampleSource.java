package io.sluice.perf.project;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.Engine;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Wraps an example of the documentation into a class, with the names that the text around it speaks of. */
final class ExampleSource
{
    private static final String HEAD = """
        import io.sluice.engine.*;
        import io.sluice.engine.admission.*;
        import io.sluice.engine.batch.*;
        import io.sluice.engine.control.*;
        import io.sluice.engine.deadletter.*;
        import io.sluice.engine.failure.*;
        import io.sluice.engine.rule.*;
        import io.sluice.engine.stream.*;
        import io.sluice.engine.testkit.TestEngine;
        import io.sluice.event.*;
        import io.sluice.event.IdGenerator;
        import io.sluice.event.filter.EventFilter;
        import io.sluice.event.serial.*;
        import io.sluice.handlers.annotated.*;
        import io.sluice.handlers.exchange.*;
        import io.sluice.handlers.log.*;
        import io.sluice.handlers.payload.*;
        import io.sluice.index.*;
        import io.sluice.journal.*;
        import io.sluice.journal.ControlledRecordHandler.Action;
        import io.sluice.query.*;
        import io.sluice.replay.*;
        import io.sluice.tail.*;
        import java.nio.ByteBuffer;
        import java.nio.charset.StandardCharsets;
        import java.nio.file.Path;
        import java.time.Duration;
        import java.util.*;
        import java.util.concurrent.*;
        import java.util.concurrent.locks.LockSupport;
        import org.agrona.concurrent.BusySpinIdleStrategy;
        import org.agrona.concurrent.UnsafeBuffer;

        public class %s
        {
            static final List<String> seen = new CopyOnWriteArrayList<>();
            static final List<String> urgent = new CopyOnWriteArrayList<>();
            static final List<String> types = new CopyOnWriteArrayList<>();
            static final Queue<String> queue = new ConcurrentLinkedQueue<>();
            static final List<String> receipts = new CopyOnWriteArrayList<>();
            static final SubscriptionSpec spec = SubscriptionSpec.to("*", event -> seen.add(event.type()));
            static final UnsafeBuffer payload = new UnsafeBuffer(ByteBuffer.allocateDirect(64));
            static final long seed = 7;

            public static void run(Path directory, Engine running) throws Exception
            {
        """;

    private ExampleSource()
    {
    }

    static String of(final String name, final String example)
    {
        final StringBuilder source = new StringBuilder(String.format(HEAD, name));
        final boolean goesOn = example.contains("publisher.") && !example.contains("Engine.launch");
        if (goesOn)
        {
            source.append("Engine engine = running; EngineContext ").append(
                example.contains("EngineContext context") ? "running_" : "").append("context = running.context();\n");
            if (!example.contains("Publisher publisher"))
            {
                source.append("Publisher publisher = engine.publisher();\n");
            }
            if (!example.contains("long ticket") && example.contains("(ticket"))
            {
                source.append("long ticket = publisher.publish(new EventBuilder().type(\"guide.example\"));\n");
            }
        }
        return source.append(example.replace("Path.of(\"sluice-data\")", "directory"))
            .append(example.contains("EngineContext context") && !example.contains("Engine.launch") ?
                "Engine.launch(context).close();\n" : "")
            .append("}\n}\n").toString();
    }

    static Path compile(final Path directory, final Map<String, String> classes) throws Exception
    {
        final Path sources = Files.createDirectories(directory.resolve("src"));
        final Path compiled = Files.createDirectories(directory.resolve("classes"));
        final List<Path> files = new ArrayList<>();
        for (final Map.Entry<String, String> entry : classes.entrySet())
        {
            files.add(Files.writeString(sources.resolve(entry.getKey() + ".java"), entry.getValue()));
        }
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final StringWriter messages = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null))
        {
            final List<String> options = List.of(
                "-d", compiled.toString(), "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
            final boolean isCompiled = compiler.getTask(
                messages, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files)).call();
            assertTrue(isCompiled, messages.toString());
        }
        return compiled;
    }

    static void run(final Path compiled, final String name, final Path directory, final Engine running) throws Exception
    {
        try (URLClassLoader loader = new URLClassLoader(
            new URL[]{compiled.toUri().toURL()}, ExampleSource.class.getClassLoader()))
        {
            loader.loadClass(name).getMethod("run", Path.class, Engine.class).invoke(null, directory, running);
        }
    }
}
