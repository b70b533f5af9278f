package io.sluice.event.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFlyweight;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The rules of the language, one line each in {@code cases.txt}: what the sample event gives, a bar, and the filter.
 * With an error, its name follows the value: {@code false CAST | x}.
 */
class FilterCasesTest
{
    @TestFactory
    List<DynamicTest> shouldGiveWhatTheLineSaysWhenTheSampleIsLookedAt() throws IOException
    {
        final List<DynamicTest> tests = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
            FilterCasesTest.class.getResourceAsStream("cases.txt"), StandardCharsets.UTF_8)))
        {
            for (final String line : lines.lines().toList())
            {
                if (!line.isBlank() && !line.startsWith("#"))
                {
                    final int bar = line.indexOf(" | ");
                    final String filter = line.substring(bar + 3);
                    tests.add(DynamicTest.dynamicTest(filter, () -> check(line.substring(0, bar).trim(), filter)));
                }
            }
        }
        assertTrue(tests.size() > 150, tests.size() + " cases");
        return tests;
    }

    private static void check(final String expected, final String filter)
    {
        final FilterFixture fixture = new FilterFixture();
        final EventFlyweight event = fixture.sample();
        final Value value = fixture.evaluate(filter, event);
        final String suffix = value.error == null ? "" : " " + value.error;
        assertEquals(expected, (FilterFixture.text(value) + suffix).trim());

        // What reads back from its own text means the same.
        final String again = ExpressionText.of(FilterReader.read(filter));
        final Value second = new FilterFixture().evaluate(again, event);
        assertEquals(FilterFixture.text(value) + suffix,
            FilterFixture.text(second) + (second.error == null ? "" : " " + second.error), again);
        assertEquals(again, ExpressionText.of(FilterReader.read(again)));
    }
}
