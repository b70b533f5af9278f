package io.sluice.handlers.source;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventSourcesTest
{
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "plain | has no kind: use git:PATH",
        "http:8080 | http is not in this version",
        "ftp:x | there is no kind 'ftp': use git:PATH",
        "load:fast | rate 'fast' is not a number",
        "load: | rate '' is not a number",
        "load:0 | out of range",
        "ndjson: | names no file",
        "ndjson:/nowhere/at/all | does not exist",
        "ndjson:/ | is a directory",
        "git:/nowhere/at/all | does not exist"})
    void shouldRefuseWithReasonAndRemedyWhenSpecIsWrong(final String spec, final String message)
    {
        final EventSourceContext context = new EventSourceContext();
        final String actual =
            assertThrows(EventSourceException.class, () -> EventSources.open(spec, context)).getMessage();

        assertTrue(actual.contains(message), actual);
    }
}
