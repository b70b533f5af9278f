package io.sluice.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlObjectTest
{
    @Test
    void shouldGiveBackWhatWasAddedWhenItIsRead()
    {
        final String json = new ControlJson()
            .add("text", "a\"\\\n\u0000ä𝄞")
            .add("none", (String)null)
            .add("number", Long.MIN_VALUE)
            .add("flag", true)
            .add("object", new ControlJson().add("n", 1))
            .add("texts", List.of("a", "b"))
            .addJson("json", "[1.50, {\"x\":\"y\"}]")
            .toString();
        final ControlObject object = ControlObject.parse(json);

        assertEquals("a\"\\\n\u0000ä𝄞", object.text("text"));
        assertFalse(object.has("none"));
        assertEquals("otherwise", object.text("none", "otherwise"));
        assertEquals(Long.MIN_VALUE, object.number("number"));
        assertEquals(7, object.number("absent", 7));
        assertEquals(Long.MIN_VALUE, object.number("number", 7));
        assertEquals("a", object.texts("texts").get(0));
        assertTrue(object.flag("flag"));
        assertFalse(object.flag("absent"));
        assertEquals("{\"n\":1}", object.json("object"));
        assertEquals(List.of("a", "b"), object.texts("texts"));
        assertEquals(List.of(), object.texts("absent"));
        assertEquals("[1.50,{\"x\":\"y\"}]", object.json("json"));
        assertEquals(
            List.of("text", "none", "number", "flag", "object", "texts", "json"), List.copyOf(object.names()));
        assertEquals(json, object.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "[]", "1", "null", "{", "{}}", "{} {}", "{\"a\":1,\"a\":2}", "{\"a\":NaN}", "{'a':1}", "{\"a\":01}", "\uFEFF{}",
        "{\"a\":tru}", "{\"a\":\"\\ud83\"}", "{a:1}", "{\"a\":1,}", "/**/{}"})
    void shouldRefuseWhenItIsNoObject(final String json)
    {
        assertThrows(IllegalArgumentException.class, () -> ControlObject.parse(json));
    }

    @Test
    void shouldRefuseWhenItIsTooDeepOrItsNumbersTooLong()
    {
        final String deep = "{\"a\":" + "[".repeat(ControlObject.MAX_DEPTH) + "]".repeat(ControlObject.MAX_DEPTH) + "}";
        assertThrows(IllegalArgumentException.class, () -> ControlObject.parse(deep));
        assertThrows(
            IllegalArgumentException.class, () -> ControlObject.parse("{\"a\":" + "9".repeat(10_000) + "}"));
        assertThrows(
            IllegalArgumentException.class, () -> ControlObject.parse("{\"" + "a".repeat(10_000) + "\":1}"));
    }

    @Test
    void shouldNameTheMemberAndWhatIsAllowedWhenItIsOfAnotherKind()
    {
        final ControlObject object =
            ControlObject.parse("{\"n\":1.5,\"big\":9223372036854775808,\"l\":[1],\"t\":\"x\"}");
        assertMessage("argument 'n' is 1.5: use a whole number", () -> object.number("n"));
        assertMessage(
            "argument 'big' is 9223372036854775808: use a number from -9223372036854775808 to 9223372036854775807",
            () -> object.number("big"));
        assertMessage("argument 'n' is 1.5: use a text", () -> object.text("n"));
        assertMessage("argument 'l' is [1]: use a list of texts", () -> object.texts("l"));
        assertMessage("argument 't' is \"x\": use a list of texts", () -> object.texts("t"));
        assertMessage("argument 't' is \"x\": use true or false", () -> object.flag("t"));
        assertMessage("argument 'absent' is missing: give it", () -> object.text("absent"));
        assertMessage("argument 'absent' is missing: give it", () -> object.json("absent"));
        assertMessage("argument 'n' is not known: use l, t", () -> object.allow("l", "t"));
        assertEquals(object, object.allow("n", "big", "l", "t"));
    }

    @Test
    void shouldReplaceHalfASurrogatePairWhenATextHasOne()
    {
        assertEquals("{\"a\uFFFD\":\"\uFFFDb𝄞\uFFFD\"}", new ControlJson().add("a\uD834", "\uDD1Eb𝄞\uD834").toString());
    }

    @Test
    void shouldRefuseMembersWhenTheObjectIsWrittenOrTheyAreNoJson()
    {
        final ControlJson json = new ControlJson().add("a", 1);
        assertThrows(IllegalArgumentException.class, () -> json.addJson("b", "{"));
        assertThrows(IllegalArgumentException.class, () -> json.addJson("b", ""));
        assertThrows(IllegalArgumentException.class, () -> json.addJson("b", "1 2"));
        assertEquals("{\"a\":1}", json.toString());
        assertEquals("{\"a\":1}", json.toString());
        assertThrows(IllegalStateException.class, () -> json.add("b", 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "a b", "-a", "a-", "a..b", "ä", "a\n"})
    void shouldRefuseACommandWhenItsNameIsNone(final String name)
    {
        final ControlCommands commands = new ControlCommands();
        assertThrows(IllegalArgumentException.class, () -> commands.add(name, "", (command, reply) ->
        {
        }));
    }

    @Test
    void shouldRefuseACommandWhenItsNameIsTakenOrTooLong()
    {
        final ControlHandler none = (command, reply) ->
        {
        };
        final ControlCommands commands = new ControlCommands().add("dead-letters.retry", "", none);
        assertThrows(IllegalArgumentException.class, () -> commands.add("dead-letters.retry", "", none));
        assertThrows(IllegalArgumentException.class, () -> commands.add("a".repeat(65), "", none));
        assertEquals(1, commands.all().size());
    }

    private static void assertMessage(final String message, final Executable action)
    {
        assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }
}
