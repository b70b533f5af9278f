package io.sluice.event.filter;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The page {@code docs/filters.md}: its event, and its filters, which all match it. */
class FilterPageTest
{
    @TestFactory
    List<DynamicTest> shouldMatchTheEventWhenAFilterStandsOnThePage() throws IOException
    {
        final StringBuilder json = new StringBuilder();
        final List<String> filters = new ArrayList<>();
        String block = "";
        for (final String line : Files.readAllLines(Path.of("../docs/filters.md")))
        {
            if (line.startsWith("```"))
            {
                block = line;
            }
            else if ("```json".equals(block))
            {
                json.append(line);
            }
            else if ("```filter".equals(block))
            {
                filters.add(line);
            }
        }
        assertTrue(filters.size() > 30, filters.size() + " filters");
        final EventFlyweight event = new FilterFixture().json(json.toString());
        return filters.stream()
            .map((filter) ->
                DynamicTest.dynamicTest(filter, () -> assertTrue(EventFilter.of(filter).matches(event), filter)))
            .toList();
    }
}
