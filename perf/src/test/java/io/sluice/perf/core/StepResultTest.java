package io.sluice.perf.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.perf.report.Figure;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepResultTest
{
    private static final Step STEP = new Step("throughput", List.of("F1", "F2"), List.of("--rounds", "3"), 10);
    private static final String GOOD = "{\"ok\":true,\"figures\":[" +
        "{\"id\":\"F1\",\"name\":\"rate\",\"value\":1,\"unit\":\"x\",\"target\":\">= 1\",\"ok\":true," +
        "\"why\":\"fine\"}," +
        "{\"id\":\"F1/a\",\"name\":\"a\",\"value\":1,\"unit\":\"x\",\"target\":\"\",\"ok\":true,\"why\":\"\"}%s]," +
        "\"host\":{}}";
    private static final String F2 = ",{\"id\":\"F2\",\"name\":\"cost\",\"value\":1,\"ok\":true,\"why\":\"\"}";

    @Test
    void shouldTakeFiguresAsTheyAreAndNameTheCommandWhenAllAreThere()
    {
        final StepResult result = StepResult.of(STEP, 0, String.format(GOOD, F2), 9, "done");

        assertEquals(3, result.figures().size());
        assertEquals("fine; repeat: ./sluice perf throughput --rounds 3", figure(result, "F1").why());
        assertEquals("repeat: ./sluice perf throughput --rounds 3", figure(result, "F2").why());
        assertEquals("", figure(result, "F1/a").why());
        assertEquals("F1 ok, F2 ok", result.verdict());
    }

    @Test
    void shouldFailWhatIsOwedWhenAFigureIsNotThere()
    {
        final StepResult result = StepResult.of(STEP, 0, String.format(GOOD, ""), 9, "done");

        assertTrue(figure(result, "F1").ok());
        assertTrue(figure(result, "F2").isWrong());
        assertTrue(figure(result, "F2").why().contains("no figure F2 in the answer"), figure(result, "F2").why());
        assertEquals("F1 ok, F2 WRONG", result.verdict());
    }

    @Test
    void shouldFailWhenThereIsNoAnswer()
    {
        for (final String output : List.of("", "Exception in thread", "{\"ok\":true,\"fig", "{\"ok\":true}"))
        {
            final StepResult result = StepResult.of(STEP, 3, output, 9, "can't use the directory");

            assertEquals(2, result.figures().size(), output);
            assertTrue(result.figures().stream().allMatch(Figure::isWrong), output);
            assertTrue(figure(result, "F1").why().contains("exit code 3"), figure(result, "F1").why());
            assertTrue(figure(result, "F1").why().endsWith("; repeat: ./sluice perf throughput --rounds 3"));
        }
    }

    @Test
    void shouldFailWhenTheExitCodeSaysSomethingElse()
    {
        final StepResult result = StepResult.of(STEP, 1, String.format(GOOD, F2), 9, "");

        assertTrue(figure(result, "F1").isWrong());
        assertTrue(figure(result, "F2").isWrong());
        assertTrue(figure(result, "F1/a").ok());
    }

    @Test
    void shouldMissAndNotFailWhenTheTimeIsOver()
    {
        final StepResult result = StepResult.of(STEP, StepResult.TIMED_OUT, "", 12.4, "round 1 of 3");

        final Figure figure = figure(result, "F2");
        assertFalse(figure.ok());
        assertFalse(figure.isWrong());
        assertTrue(figure.why().contains("12 s") && figure.why().contains("round 1 of 3"), figure.why());
        assertEquals("F1 missed, F2 missed", result.verdict());
    }

    private static Figure figure(final StepResult result, final String id)
    {
        return result.figures().stream().filter((figure) -> id.equals(figure.id())).findFirst().orElseThrow();
    }
}
