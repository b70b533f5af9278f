package io.sluice.perf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class FigureTest
{
    private static final Figure MET = Figure.atLeast("F1", "rate", 2, "x", 1, Double.NaN, "because");

    @Test
    void shouldTellAWrongAnswerFromAMissedTargetWhenNotOk()
    {
        final Figure wrong = MET.failed("one is missing");

        assertEquals("wrong answer: one is missing; because", wrong.why());
        assertTrue(wrong.isWrong());
        assertFalse(wrong.ok());
        assertFalse(MET.isWrong());
        assertFalse(MET.missed("there was no flood").isWrong());
        assertFalse(Figure.atMost("F1", "tail", 3, "us", 2, 1, "").isWrong());
    }

    @Test
    void shouldStayAsGoodAsItIsWhenNoted()
    {
        assertEquals("because; repeat: x", MET.noted("repeat: x").why());
        assertEquals("repeat: x", Figure.detail("F1", "rate", 1, "x").noted("repeat: x").why());
        assertTrue(MET.noted("repeat: x").ok());
        assertTrue(MET.failed("no").noted("repeat: x").isWrong());
    }

    @Test
    void shouldKnowItsHeadlineWhenItIsADetail()
    {
        assertEquals("F10", Figure.detail("F10/footprint/heap", "heap", 1, "MB").headline());
        assertEquals("F10", Figure.detail("F10", "start", 1, "ms").headline());
    }

    @Test
    void shouldQuoteWordsWhenAShellWouldChangeThem()
    {
        assertEquals("./sluice perf throughput --rates 1,2 --out /tmp/x",
            OutputOptions.commandLine(List.of("throughput", "--rates", "1,2", "--out", "/tmp/x")));
        assertEquals("./sluice perf report 'a b' 'it'\\''s' '$x' ''",
            OutputOptions.commandLine(List.of("report", "a b", "it's", "$x", "")));
    }
}
