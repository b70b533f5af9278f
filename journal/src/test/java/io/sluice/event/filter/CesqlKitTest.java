package io.sluice.event.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFilterException;
import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.Yaml;

/**
 * The official test kit of CloudEvents SQL 1.0, every case of it. The kit is no part of the project: it is read from
 * the directory that {@code SLUICE_CESQL_KIT} names in the environment, by default beside the checkout. Without it
 * there is a warning, or, if {@code SLUICE_CESQL_KIT_REQUIRED} is true, a failure.
 */
class CesqlKitTest
{
    private static final Logger LOGGER = LoggerFactory.getLogger(CesqlKitTest.class);
    private static final Path KIT =
        Path.of(setting("SLUICE_CESQL_KIT", "../../shared/cesql_tck")).toAbsolutePath().normalize();
    private static final Map<String, FilterError> ERRORS = Map.of(
        "math", FilterError.MATH,
        "cast", FilterError.CAST,
        "missingAttribute", FilterError.MISSING_ATTRIBUTE,
        "functionEvaluation", FilterError.FUNCTION_EVALUATION);

    private final FilterFixture fixture = new FilterFixture();

    @TestFactory
    List<DynamicTest> shouldGiveResultAndErrorWhenACaseOfTheKitSaysSo() throws IOException
    {
        if (!Files.isDirectory(KIT))
        {
            final String message = "the official test kit of CloudEvents SQL is not at " + KIT +
                ", its cases are not run; SLUICE_CESQL_KIT in the environment names another place";
            assertFalse(Boolean.parseBoolean(setting("SLUICE_CESQL_KIT_REQUIRED", "false")), message);
            LOGGER.warn(message);
            Assumptions.abort(message);
        }
        final List<DynamicTest> tests = new ArrayList<>();
        final List<String> counts = new ArrayList<>();
        try (Stream<Path> files = Files.list(KIT))
        {
            for (final Path file : files.filter((path) -> path.toString().endsWith(".yaml")).sorted().toList())
            {
                final Map<String, Object> suite = new Yaml().load(Files.readString(file));
                final List<Map<String, Object>> cases = list(suite.get("tests"));
                counts.add(file.getFileName().toString().replace(".yaml", "") + " " + cases.size());
                cases.forEach((test) ->
                    tests.add(DynamicTest.dynamicTest(suite.get("name") + ": " + test.get("name"), () -> check(test))));
            }
        }
        LOGGER.warn("CloudEvents SQL kit: {} cases; {}", tests.size(), String.join(", ", counts));
        assertTrue(tests.size() >= 200, "the kit is not whole: " + counts);
        return tests;
    }

    private void check(final Map<String, Object> test)
    {
        final String expression = String.valueOf(test.get("expression"));
        final String error = (String)test.get("error");
        if ("parse".equals(error) || "missingFunction".equals(error))
        {
            assertThrows(EventFilterException.class, () -> FilterReader.read(expression), expression);
            return;
        }
        final Value value = fixture.evaluate(expression, event(test));
        assertEquals(error == null ? null : ERRORS.get(error), value.error, expression);
        final Object expected = test.get("result");
        if (expected instanceof Date)
        {
            assertEquals(((Date)expected).toInstant(), Instant.parse(FilterFixture.text(value)), expression);
        }
        else
        {
            assertEquals(kind(expected), value.kind, expression);
            assertEquals(String.valueOf(expected), FilterFixture.text(value), expression);
        }
    }

    private EventFlyweight event(final Map<String, Object> test)
    {
        final Map<String, Object> attributes = new LinkedHashMap<>();
        if (test.get("event") != null)
        {
            attributes.putAll(map(test.get("event")));
        }
        else
        {
            attributes.putAll(Map.of("specversion", "1.0", "id", "id-1", "source", "urn:source", "type", "a.type"));
            if (test.get("eventOverrides") != null)
            {
                attributes.putAll(map(test.get("eventOverrides")));
            }
        }
        // The extension of that name is the journal's number of the event.
        final Object sequence = attributes.remove("sequence");
        final String json = attributes.entrySet().stream()
            .map((attribute) -> "\"" + attribute.getKey() + "\":" + json(attribute.getValue()))
            .collect(Collectors.joining(",", "{", "}"));
        final boolean hasTime = attributes.containsKey("time");
        return fixture.cloudEvent(json, hasTime, sequence == null ? 1 : Long.parseLong(sequence.toString()));
    }

    private static String setting(final String name, final String other)
    {
        final String value = System.getenv(name);
        return value == null || value.isEmpty() ? other : value;
    }

    private static String json(final Object value)
    {
        if (value instanceof Boolean || value instanceof Number)
        {
            return value.toString();
        }
        final String text = value instanceof Date ? ((Date)value).toInstant().toString() : value.toString();
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static ValueKind kind(final Object expected)
    {
        return expected instanceof Boolean ? ValueKind.BOOLEAN :
            expected instanceof Number ? ValueKind.INTEGER : ValueKind.TEXT;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(final Object value)
    {
        return (List<Map<String, Object>>)value;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(final Object value)
    {
        return (Map<String, Object>)value;
    }
}
