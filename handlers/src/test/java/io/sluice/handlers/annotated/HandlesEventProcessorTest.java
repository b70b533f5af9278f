package io.sluice.handlers.annotated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandlesEventProcessorTest
{
    private static final String HEADER = """
        package host;
        import io.sluice.engine.DeliveryMode;
        import io.sluice.engine.batch.EventBatch;
        import io.sluice.event.EventFlyweight;
        import io.sluice.handlers.annotated.HandlesEvent;
        import java.util.Map;
        public class Services
        {
        """;
    private static final int HEADER_LINES = 8;

    @TempDir
    private Path directory;

    @Test
    void shouldCompileWhenEveryDeclarationIsRight() throws IOException
    {
        assertEquals(Map.of(), compile("""
            @HandlesEvent("analysis.*")
            public void event(EventFlyweight event) {}
            @HandlesEvent(value = "order.**", filter = "payload.total > 100 AND priority >= 'HIGH'", name = "large")
            public void both(Map<String, Object> order, EventFlyweight event) throws Exception {}
            @HandlesEvent("*")
            public void text(String payload) {}
            @HandlesEvent(value = "*", mode = DeliveryMode.TAILING, attempts = 5, backoffMs = 10)
            public void tailing(EventFlyweight event) {}
            @HandlesEvent(value = "*", mode = DeliveryMode.BATCHED)
            public void batched(EventBatch batch) {}
            @HandlesEvent(value = "*", mode = DeliveryMode.AUTO)
            public void auto(EventBatch batch) throws Exception {}
            interface Listener<T>
            {
                @HandlesEvent("*")
                default void onPayload(T payload) {}
            }
            static class Listening implements Listener<String>
            {
                @Override @HandlesEvent("*")
                public void onPayload(String payload) {}
            }
            """));
    }

    @Test
    void shouldReportWhenTheModeDoesNotFitTheMethodOrTheRetryIsNone() throws IOException
    {
        final Map<Long, String> errors = compile("""
            @HandlesEvent("*")
            public void noMode(EventBatch batch) {}
            @HandlesEvent(value = "*", mode = DeliveryMode.TAILING)
            public void wrongMode(EventBatch batch) {}
            @HandlesEvent(value = "*", mode = DeliveryMode.AUTO)
            public void noBatch(EventFlyweight event) {}
            @HandlesEvent(value = "*", mode = DeliveryMode.BATCHED)
            public void more(EventBatch batch, String text) {}
            @HandlesEvent(value = "*", attempts = -1)
            public void attempts(EventFlyweight event) {}
            @HandlesEvent(value = "*", backoffMs = -1)
            public void backoff(EventFlyweight event) {}
            """);
        assertError(errors, 2, "noMode: it takes a batch, and none comes in mode IMMEDIATE: set mode to BATCHED");
        assertError(errors, 3, "wrongMode: it takes a batch, and none comes in mode TAILING");
        assertError(errors, 5, "noBatch: mode AUTO hands over batches: take an EventBatch");
        assertError(errors, 8, "more: it takes (io.sluice.engine.batch.EventBatch, java.lang.String): take the EventB");
        assertError(errors, 9, "attempts: retry attempts=-1: use 1");
        assertError(errors, 11, "backoff: retry firstDelayNs=-1000000: use 0");
        assertEquals(6, errors.size(), errors.toString());
    }

    @Test
    void shouldReportAtItsLineWhenADeclarationIsWrong() throws IOException
    {
        final Map<Long, String> errors = compile("""
            @HandlesEvent("a..b")
            public void badPattern(EventFlyweight event) {}
            @HandlesEvent(
                value = "*",
                filter = "type = ")
            public void badFilter(EventFlyweight event) {}
            @HandlesEvent("*")
            void hidden(EventFlyweight event) {}
            @HandlesEvent("*")
            public static void fixed(EventFlyweight event) {}
            @HandlesEvent("*")
            public int answering(EventFlyweight event) { return 1; }
            @HandlesEvent("*")
            public void twoPayloads(String text, Map<String, Object> map) {}
            @HandlesEvent("*")
            public void primitive(long number) {}
            @HandlesEvent(value = "*", name = " ")
            public void blankName(EventFlyweight event) {}
            @HandlesEvent("*")
            public void overloaded(EventFlyweight event) {}
            @HandlesEvent("*")
            public void overloaded(String text) {}
            """);
        assertError(errors, 1, "host.Services.badPattern: topic pattern 'a..b' is not valid at column 3");
        assertError(errors, 5, "host.Services.badFilter: filter is not valid at column 8");
        assertError(errors, 8, "hidden: it is not public");
        assertError(errors, 10, "fixed: it is static");
        assertError(errors, 12, "answering: it returns int");
        assertError(errors, 14, "twoPayloads: it takes (java.lang.String, java.util.Map)");
        assertError(errors, 16, "primitive: no payload is decoded as long");
        assertError(errors, 17, "blankName: the name is blank");
        assertError(errors, 22, "overloaded: another handler of the class has the name 'Services.overloaded' too");
        assertEquals(9, errors.size(), errors.toString());
    }

    @Test
    void shouldCheckAlikeWhenAnOrdinaryCompilerRunsIt() throws Exception
    {
        final Path source = directory.resolve("Services.java");
        Files.writeString(source, HEADER + """
            @HandlesEvent(value = "*", filter = "payload.total >")
            public void badFilter(EventFlyweight event) {}
            @HandlesEvent(value = "*", filter = "payload.total > 100 AND type LIKE 'a%' AND source REGEXP 'x+'")
            public void goodFilter(EventFlyweight event) {}
            @HandlesEvent(value = "*", filter = "payload.total > 100 AND")
            public void halfFilter(EventFlyweight event) {}
            }
            """);
        final Path output = directory.resolve("javac.txt");
        final Process javac = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
            "-proc:only", "-cp", System.getProperty("java.class.path"), "-d", directory.toString(), source.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
        final int exit = javac.waitFor();
        final String text = Files.readString(output);
        assertEquals(1, exit, text);
        assertTrue(text.contains("Services.java:9: error: host.Services.badFilter: filter is not valid"), text);
        assertTrue(text.contains("Services.java:13: error: host.Services.halfFilter: filter is not valid"), text);
        assertTrue(text.contains("2 errors"), text);
    }

    private static void assertError(final Map<Long, String> errors, final int line, final String text)
    {
        final String error = errors.get((long)line);
        assertTrue(error != null && error.contains(text), line + ": " + text + " in " + errors);
    }

    /** Errors by their line in the body; the processor is found as a host's compiler finds it. */
    private Map<Long, String> compile(final String body) throws IOException
    {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager files =
            compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8))
        {
            final boolean isFine = compiler.getTask(
                null,
                files,
                diagnostics,
                List.of(
                    "-proc:only", "-cp", System.getProperty("java.class.path"), "-d", directory.toString()),
                null,
                List.of(new Source(HEADER + body + "}\n"))).call();
            final Map<Long, String> errors = new TreeMap<>();
            for (final Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics())
            {
                if (diagnostic.getKind() == Diagnostic.Kind.ERROR)
                {
                    errors.put(diagnostic.getLineNumber() - HEADER_LINES, diagnostic.getMessage(Locale.ROOT));
                }
            }
            assertEquals(isFine, errors.isEmpty(), diagnostics.getDiagnostics().toString());
            return errors;
        }
    }

    private static final class Source extends SimpleJavaFileObject
    {
        private final String text;

        Source(final String text)
        {
            super(URI.create("string:///host/Services.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(final boolean ignoreEncodingErrors)
        {
            return text;
        }
    }
}
