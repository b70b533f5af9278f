package io.sluice.handlers.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventValidationException;
import io.sluice.handlers.log.EventSchema.Kind;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventSchemaTest
{
    private final EventSchema schema = EventSchema.of("a.b")
        .required("text", Kind.TEXT).maxLength("text", 3)
        .optional("integer", Kind.INTEGER).range("integer", -1, 1)
        .optional("number", Kind.NUMBER)
        .optional("flag", Kind.FLAG)
        .optional("list", Kind.LIST).maxLength("list", 1)
        .optional("user", Kind.OBJECT)
        .required("user.id", Kind.TEXT);

    @Test
    void shouldFindNothingWhenThePayloadFollowsTheSchema()
    {
        assertEquals(List.of(), schema.problems(Map.of(
            "text", "abc", "integer", 1.0, "number", new BigDecimal("0.5"), "flag", false, "list", List.of(1),
            "user", Map.of("id", "u", "more", 1), "other", 1)));
        assertEquals(List.of(), schema.problems(Map.of("text", "", "integer", -1L, "user.id", "flat")));
        final Map<String, Object> withNull = new HashMap<>(Map.of("text", "", "user", Map.of("id", "u")));
        withNull.put("integer", null);
        assertEquals(List.of(), schema.problems(withNull));
    }

    @Test
    void shouldNameMemberAndRemedyWhenSomethingIsWrong()
    {
        assertEquals(
            List.of(
                "'text' has length 4, give at most 3",
                "'integer' is 2, give -1 to 1",
                "'number' is NaN, give a number",
                "'flag' is 1, give true or false",
                "'list' has length 2, give at most 1",
                "'user' is x, give an object",
                "'user.id' is missing, give a text"),
            schema.problems(Map.of(
                "text", "abcd", "integer", 2, "number", Double.NaN, "flag", 1, "list", List.of(1, 2), "user", "x")));
        assertEquals(
            List.of("'text' is 1, give a text", "'integer' is 0.5, give a number without fraction",
                "'list' is {}, give a list"),
            schema.problems(Map.of("text", 1, "integer", 0.5, "list", Map.of(), "user", Map.of("id", "u"))));
    }

    @Test
    void shouldNameWhatItDoesNotKnowWhenTheSchemaIsClosed()
    {
        final EventSchema closed = EventSchema.of("a").optional("user.id", Kind.TEXT).closed();
        assertEquals(
            List.of("'user.name' is not known, leave it out or add it to the schema"),
            closed.problems(Map.of("user", Map.of("name", "n", "id", "i"))));
        assertEquals(
            List.of("'user' is not known, leave it out or add it to the schema"), closed.problems(Map.of("user", 1)));
    }

    @Test
    void shouldRefuseTheSchemaWhenItIsWrongItself()
    {
        assertThrows(EventValidationException.class, () -> EventSchema.of("a b"));
        assertThrows(EventValidationException.class, () -> EventSchema.of("a").version("x".repeat(65)));
        assertTrue(refusal(() -> schema.range("text", 0, 1)).contains("'text' is no INTEGER or NUMBER"));
        assertTrue(refusal(() -> schema.range("number", 1, 0)).contains("from 1.0 to 0.0"));
        assertTrue(refusal(() -> schema.oneOf("absent", "x")).contains("'absent' is no TEXT"));
        assertTrue(refusal(() -> schema.maxLength("flag", 1)).contains("'flag' is no TEXT or LIST"));
        assertTrue(refusal(() -> schema.required("", Kind.TEXT)).contains("no name"));
    }

    private static String refusal(final Runnable call)
    {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}
