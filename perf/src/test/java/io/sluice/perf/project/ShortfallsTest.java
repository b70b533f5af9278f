package io.sluice.perf.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.perf.report.Shortfalls;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ShortfallsTest
{
    @Test
    void shouldNameARecordThatSpeaksOfTheFigureWhenATargetMayBeMissed()
    {
        Shortfalls.records().forEach((id, record) -> assertTrue(
            Pattern.compile("\\b" + id + "\\b").matcher(Checkout.read(record)).find(), id + " in " + record));
    }

    @Test
    void shouldKnowEveryTargetOfSpeed()
    {
        final TreeSet<String> missing = new TreeSet<>();
        for (int i = 1; i <= 12; i++)
        {
            missing.add("F" + i);
        }
        missing.removeAll(Shortfalls.records().keySet());

        // An event that was treated wrongly has no bound: that is a defect.
        assertEquals("[F9]", missing.toString());
    }
}
