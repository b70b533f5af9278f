package io.sluice.event.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFilterException;
import io.sluice.event.EventFlyweight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterDialectsTest
{
    private final EventFlyweight event = new FilterFixture().sample();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "true  | {\"exact\":{\"type\":\"pipeline.stage.completed\",\"myext\":\"custom\"}}",
        "false | {\"exact\":{\"type\":\"pipeline.stage.completed\",\"myext\":\"Custom\"}}",
        "true  | {\"exact\":{\"hops\":\"7\"}}",
        "true  | {\"exact\":{\"time\":\"2024-01-20T10:30:00Z\"}}",
        "false | {\"exact\":{\"absent\":\"x\"}}",
        "true  | {\"prefix\":{\"type\":\"pipeline.\",\"subject\":\"Extra\"}}",
        "false | {\"prefix\":{\"type\":\"pipelin_\"}}",
        "true  | {\"suffix\":{\"type\":\".completed\"}}",
        "false | {\"suffix\":{\"type\":\"*completed\"}}",
        "true  | {\"all\":[{\"exact\":{\"id\":\"evt_1234567890\"}},{\"suffix\":{\"source\":\"_pipeline\"}}]}",
        "false | {\"all\":[{\"exact\":{\"id\":\"evt_1234567890\"}},{\"suffix\":{\"source\":\"x\"}}]}",
        "true  | {\"any\":[{\"exact\":{\"id\":\"x\"}},{\"suffix\":{\"source\":\"_pipeline\"}}]}",
        "true  | {\"not\":{\"exact\":{\"absent\":\"x\"}}}",
        "false | {\"not\":{\"prefix\":{\"type\":\"pipe\"}}}",
        "true  | {\"sql\":\"payload.ok AND hops > 5\"}",
        "true  | {\"not\":{\"sql\":\"absent = 1\"}}",
        "true  | {\"not\":{\"sql\":\"hops\"}}",
        "true  | []",
        "true  | [{\"exact\":{\"category\":\"integration\"}},{\"any\":[{\"sql\":\"TRUE\"}]}]",
    })
    void shouldMatchWhenTheDialectSaysSo(final boolean expected, final String json)
    {
        final EventFilter filter = FilterDialects.read(json);
        assertEquals(expected, filter.matches(event), filter.text());
        assertEquals(expected, filter.copy().matches(event));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "7                                     | a filter is an object with one dialect",
        "{}                                    | a filter is an object with one dialect",
        "{\"like\":{\"type\":\"x\"}}           | there is no dialect 'like'",
        "{\"exact\":{}}                        | exact holds no attribute",
        "{\"exact\":\"x\"}                     | exact holds an object",
        "{\"exact\":{\"type\":\"\"}}           | not empty",
        "{\"exact\":{\"type\":5}}              | not empty",
        "{\"exact\":{\"\":\"x\"}}              | not empty",
        "{\"exact\":{\"type\":\"a\",\"type\":\"b\"}} | Duplicate field 'type'",
        "{\"exact\":{\"priority\":\"x\"}}      | use critical, high, normal or low",
        "{\"all\":[]}                          | all holds no filter",
        "{\"any\":{}}                          | any holds an array",
        "{\"not\":[]}                          | a filter is an object",
        "{\"sql\":5}                           | sql holds a text",
        "{\"sql\":\"a =\"}                     | expected a value",
        "{\"sql\":\"TRUE\",\"not\":{}}         | put both into",
        "{\"sql\":\"TRUE\"} 5                  | more text follows",
        "{\"sql\":                             | not valid JSON at column",
        "[{\"sql\":\"TRUE\"}                   | not valid JSON",
    })
    void shouldSayWhatToWriteWhenADialectIsNotValid(final String json, final String message)
    {
        final EventFilterException ex = assertThrows(EventFilterException.class, () -> FilterDialects.read(json));
        assertTrue(ex.getMessage().contains(message), ex.getMessage());
    }

    @Test
    void shouldTakeABackslashAsItIsWhenATextEndsWithIt()
    {
        final FilterFixture fixture = new FilterFixture();
        for (final String subject : new String[]{"C:\\\\ä\\\\x", "C:\\\\ä\\\\", "C:\\\\äx", "C:\\\\ä%"})
        {
            final EventFlyweight event = fixture.json("{\"type\":\"t\",\"subject\":\"" + subject + "\"}");
            final String text = "{\"subject\":\"C:\\\\ä\\\\\"}";
            final boolean isBelow = subject.startsWith("C:\\\\ä\\\\");
            assertEquals(isBelow, FilterDialects.read("{\"prefix\":" + text + "}").matches(event), subject);
            assertEquals(isBelow && !subject.endsWith("x"),
                FilterDialects.read("{\"suffix\":" + text + "}").matches(event), subject);
        }
    }

    @Test
    void shouldRefuseWhenFiltersNestTooDeep()
    {
        final String json = "{\"not\":".repeat(60) + "{\"sql\":\"TRUE\"}" + "}".repeat(60);
        assertThrows(EventFilterException.class, () -> FilterDialects.read(json));
    }
}
