package io.sluice.perf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FigureReportTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldJudgeByHeadlinesWhenDetailsMissTheirTarget()
    {
        final FigureReport report = report()
            .add(Figure.atLeast("F1", "rate", 2, "x", 1, Double.NaN, ""))
            .add(Figure.atMost("F1/tail", "tail", 2, "us", 1, Double.NaN, ""));

        assertTrue(report.isOk());
        assertFalse(report.figures().get(1).ok());
    }

    @Test
    void shouldFailWhenAHeadlineMissesItsTarget()
    {
        assertFalse(report().add(Figure.atMost("F2", "cost", 3, "x", 2, 1, "")).isOk());
        assertFalse(report().add(Figure.atLeast("F1", "rate", 3, "x", 2, 1, "").failed("wrong answer")).isOk());
        assertFalse(report().add(Figure.atLeast("F1", "rate", Double.NaN, "x", 2, 1, "")).isOk());
    }

    @Test
    void shouldFailWhenAnAnswerWasWrongInADetail()
    {
        final Figure met = Figure.atLeast("F1", "rate", 2, "x", 1, Double.NaN, "");

        assertFalse(report().add(met).add(Figure.detail("F1/x", "detail", 1, "x").failed("one is missing")).isOk());
    }

    @Test
    void shouldJudgeByItsOwnRuleWhenItHasOne()
    {
        final Figure missed = Figure.atLeast("F1", "rate", 1, "x", 2, Double.NaN, "");
        final FigureReport lenient = new FigureReport(
            HostFacts.gather(directory, 1, "default", "SHARED"), (figure) -> "F8".equals(figure.id()));

        assertTrue(lenient.add(missed).isOk());
        assertTrue(lenient.add(Figure.atMost("F8", "bytes", 0, "B", 0, Double.NaN, "")).isOk());
        assertFalse(lenient.add(Figure.atMost("F8", "bytes", 1, "B", 0, Double.NaN, "")).isOk());
    }

    @Test
    void shouldExplainWhereATargetIsMissed()
    {
        final FigureReport report = report()
            .explain("F1", "engine 2.00 us", "0.5 M/s")
            .explain("F6", "a", "b")
            .add(Figure.atLeast("F1", "rate", 1, "x", 2, Double.NaN, "median of 5"))
            .add(Figure.atLeast("F1/detail", "rate", 1, "x", 2, Double.NaN, ""))
            .add(Figure.atLeast("F6", "rate", 3, "x", 2, Double.NaN, ""))
            .add(Figure.atMost("D12-paired", "tail", 3, "x", 2, Double.NaN, ""))
            .add(Figure.atMost("F9", "lost", 3, "x", 2, Double.NaN, "").failed("one is missing"));

        assertEquals("median of 5; profile: engine 2.00 us; bound: 0.5 M/s; see docs/adr/0015-pages-ahead.md",
            report.figures().get(0).why());
        assertEquals("", report.figures().get(1).why());
        assertEquals("", report.figures().get(2).why());
        assertEquals("see docs/adr/0017-tails-on-two-cores.md", report.figures().get(3).why());
        assertEquals("wrong answer: one is missing", report.figures().get(4).why());
        assertTrue(report.toJson().contains("profile: engine 2.00 us; bound: 0.5 M/s"));
    }

    @Test
    void shouldNotExplainAgainWhatAnotherReportHasExplained()
    {
        final String why = "profile: engine 2 us; see docs/adr/0015-pages-ahead.md; repeat: ./sluice perf throughput";

        assertEquals(why,
            report().add(Figure.atLeast("F1", "rate", 1, "x", 2, Double.NaN, why)).figures().get(0).why());
    }

    @Test
    void shouldPrintWhatIsPickedWhenNotAllIsWanted()
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();

        report().add(Figure.atLeast("F1", "rate", 1, "x", 2, Double.NaN, ""))
            .add(Figure.atLeast("F2", "cost", 1, "x", 2, Double.NaN, "").failed("no"))
            .add(Figure.detail("F1/some", "detail", 1, "x"))
            .print(new PrintStream(out, true, StandardCharsets.UTF_8), Figure::isHeadline);

        final String text = out.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("MISSED") && text.contains("WRONG"), text);
        assertFalse(text.contains("F1/some"), text);
    }

    @Test
    void shouldFailWhenNothingWasMeasured()
    {
        assertFalse(report().isOk());
        assertFalse(report().add(Figure.detail("F1/x", "detail", 1, "x")).isOk());
    }

    @Test
    void shouldWriteOneCompactObjectWhenAsked()
    {
        final String json = report().add(
            new Figure("F1", "rate", 1234.5, "events/s", ">= 2", Double.NaN, true, "a \"why\"")).toJson();

        assertTrue(
            json.startsWith("{\"ok\":true,\"figures\":[{\"id\":\"F1\",\"name\":\"rate\",\"value\":1234.5," +
                "\"unit\":\"events/s\",\"target\":\">= 2\",\"baseline\":null,\"ok\":true,\"why\":\"a \\\"why\\\"\"}]," +
                "\"host\":{\"cpu\":"),
            json);
        assertTrue(json.endsWith("]}}"), json);
        assertEquals(-1, json.indexOf('\n'));
    }

    @Test
    void shouldWarnWhenCoresAreTooFew()
    {
        final HostFacts facts = HostFacts.gather(directory, Integer.MAX_VALUE, "default", "SHARED");

        assertTrue(facts.facts().get("warnings").toString().contains("cores for"), facts.facts().toString());
        assertEquals("SHARED", facts.facts().get("threadingMode"));
    }

    @Test
    void shouldWriteNumbersPlainlyWhenTheyAreLargeOrSmall()
    {
        assertEquals("1234567", Figure.plain(1234567.4));
        assertEquals("0.1235", Figure.plain(0.123456));
        assertEquals("0", Figure.plain(0));
        assertEquals("-", Figure.plain(Double.NaN));
    }

    private FigureReport report()
    {
        return new FigureReport(HostFacts.gather(directory, 1, "default", "SHARED"));
    }
}
