package io.sluice.perf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FigureFileTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldGiveBackAReportWhenItWasWrittenByOne() throws IOException
    {
        final FigureReport report = new FigureReport(HostFacts.gather(directory, 1000, "default", "SHARED"))
            .repeatedBy("./sluice perf some --rounds 3")
            .add(new Figure("F1", "rate \"x\" <&>", 1234.5, "events/s", ">= 2", Double.NaN, true, "line\nbreak"))
            .add(Figure.atMost("F1/tail", "tail", 3, "us", 2, 1, "").failed("one is missing"));

        final FigureFile file = FigureFile.parse(report.toJson()).orElseThrow();

        assertEquals(report.figures(), file.figures());
        assertFalse(file.ok());
        assertTrue(file.figures().get(1).isWrong());
        assertEquals("./sluice perf some --rounds 3", file.command());
        assertEquals("SHARED", file.host().get("threadingMode"));
        assertTrue(file.warnings().get(0).contains("cores for 1000 busy threads"), file.warnings().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{\"act\":\"x\"}]", "{\"ok\":true,\"rounds\":3}", "{}", "{\"figures\":7}", "\"text\""})
    void shouldBeNothingWhenJsonIsOfSomethingElse(final String text) throws IOException
    {
        assertEquals(Optional.empty(), FigureFile.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "{\"ok\":true", "{\"figures\":[{]}", "nonsense", "{} {}", "{\"figures\":[{\"name\":\"no id\"}]}",
        "{\"figures\":[{\"id\":\"F1\",\"ok\":true,\"value\":\"much\"}]}"})
    void shouldSayThatItCannotBeReadWhenItIsDamaged(final String text)
    {
        assertThrows(IOException.class, () -> FigureFile.parse(text));
    }

    @Test
    void shouldDoWithoutWhatIsNotThereWhenAnotherVersionWroteIt() throws IOException
    {
        final FigureFile file = FigureFile.parse(
            "{\"new\":{\"a\":[1]},\"figures\":[{\"id\":\"F1\",\"ok\":true,\"value\":null,\"more\":[1,{}]}]," +
            "\"host\":{\"deep\":{},\"list\":[1,null]}}").orElseThrow();

        assertEquals(1, file.figures().size());
        assertTrue(Double.isNaN(file.figures().get(0).value()));
        assertEquals("", file.command());
        assertEquals(List.of(), file.warnings());
    }
}
