package io.sluice.engine.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventException;
import io.sluice.event.Priority;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingRuleTest
{
    private static final RoutingRule FULL = RoutingRule.named("full-1.a_B")
        .order(-7)
        .pattern("pipeline.**.failed")
        .where("payload.text = 'a \"quoted\" one' AND hops > 5")
        .minimumPriority(Priority.HIGH)
        .enabled(false)
        .set("metadata.text", "ä\n\"x\"")
        .set("metadata.whole", 7L)
        .set("metadata.small", (short)3)
        .set("metadata.tiny", (byte)1)
        .set("metadata.big", new BigInteger("123456789012345678901234567890"))
        .set("metadata.decimal", new BigDecimal("1.50"))
        .set("metadata.double", 0.25)
        .set("metadata.float", 2.5f)
        .set("metadata['odd key'].deep", true)
        .setFrom("payload.tenant", "metadata.list[0][2].name")
        .setFrom("metadata.subject", "subject")
        .rename("type", "pipeline.broken")
        .rename("source", "gateway")
        .rename("payload.user_name", "metadata.userName")
        .drop("payload['it''s'].token")
        .reroute("audit.error")
        .divert("quarantine")
        .copyTo("auditor")
        .sample(10)
        .sample(3, SampleBy.CONTENT)
        .share(0.125, SampleBy.CONTENT)
        .share(1, SampleBy.SEQUENCE)
        .stop()
        .build();

    @Test
    void shouldBeTheSameRuleWhenItWentThroughJson()
    {
        final RoutingRule read = RoutingRule.ofJson(FULL.toJson());

        assertEquals(FULL, read);
        assertEquals(FULL.hashCode(), read.hashCode());
        assertEquals(FULL.toJson(), read.toJson());
        assertEquals("full-1.a_B", read.name());
        assertEquals(-7, read.order());
        assertEquals("pipeline.**.failed", read.pattern().text());
        assertEquals("payload.text = 'a \"quoted\" one' AND hops > 5", read.where());
        assertEquals(Priority.HIGH, read.minimumPriority());
        assertFalse(read.isEnabled());
        assertFalse(read.isForAdmission());
        assertEquals(Set.of("quarantine", "auditor"), read.subscriptions());
        assertEquals(read, read.change().build());
        assertEquals(read.toString(), read.toJson());
        assertNotEquals(read, read.change().order(3).build());
    }

    @Test
    void shouldWriteNothingThatGoesWithoutSayingWhenARuleIsPlain()
    {
        assertEquals(
            "{\"name\":\"a\",\"pattern\":\"*\",\"actions\":[\"discard\"]}",
            RoutingRule.named("a").discard().build().toJson());
        final RoutingRule urgent = RoutingRule.named("b").where("").priority(Priority.CRITICAL).stop().build();
        assertEquals(
            "{\"name\":\"b\",\"pattern\":\"*\",\"actions\":[{\"priority\":\"critical\"},\"stop\"]}", urgent.toJson());
        assertTrue(RoutingRule.ofJson(urgent.toJson()).isForAdmission());
        assertEquals(
            "{\"name\":\"a\",\"pattern\":\"*\",\"actions\":[\"stop\"]}",
            RoutingRule.named("a").discard().clearActions().stop().build().toJson());
    }

    @Test
    void shouldTakeDefaultsWhenJsonSaysNothing()
    {
        final RoutingRule rule =
            RoutingRule.ofJson("{\"name\":\"a\",\"actions\":[{\"set\":\"metadata.x\",\"value\":1}]}");
        assertEquals(0, rule.order());
        assertEquals("*", rule.pattern().text());
        assertEquals("", rule.where());
        assertEquals(Priority.LOW, rule.minimumPriority());
        assertTrue(rule.isEnabled());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'name':'a','patern':'x','actions':['stop']} | patern | pattern",
        "{'name':'a b','actions':['stop']} | a b | letters",
        "{'actions':['stop']} | name '' | letters",
        "{'name':'a','actions':[]} | actions '0' | 1 to 64",
        "{'name':'a'} | actions '0' | 1 to 64",
        "{'name':'a','actions':['halt']} | halt | stop",
        "{'name':'a','actions':[{'halt':1}]} | halt | reroute",
        "{'name':'a','actions':[{}]} | action '' | reroute",
        "{'name':'a','actions':[7]} | 7 | reroute",
        "{'name':'a','actions':'stop'} | stop | array",
        "{'name':'a','actions':[{'drop':'metadata.x','by':'content'}]} | by | nothing",
        "{'name':'a','actions':[{'set':'metadata.x','to':'y'}]} | to | from or value",
        "{'name':'a','actions':[{'set':'metadata.x'}]} | metadata.x | either a value or from",
        "{'name':'a','actions':[{'set':'metadata.x','value':1,'from':'id'}]} | metadata.x | either a value or from",
        "{'name':'a','actions':[{'set':'metadata.x','value':null}]} | null | a text, a number",
        "{'name':'a','actions':[{'set':'metadata.x','value':[1]}]} | [ | a text, a number",
        "{'name':'a','actions':[{'set':'subject','value':1}]} | subject | metadata.host",
        "{'name':'a','actions':[{'set':'metadata','value':1}]} | metadata | metadata.host",
        "{'name':'a','actions':[{'set':'metadata.','value':1}]} | metadata. | empty",
        "{'name':'a','actions':[{'set':'metadata.a b','value':1}]} | metadata.a b | odd name",
        "{'name':'a','actions':[{'set':'metadata.x[1]','value':1}]} | metadata.x[1] | read only",
        "{'name':'a','actions':[{'set':'metadata.x[a]','value':1}]} | metadata.x[a] | character 11",
        "{'name':'a','actions':[{'set':'metadata.x','from':'payloat.y'}]} | payloat.y | correlationId",
        "{'name':'a','actions':[{'rename':'id','to':'y'}]} | id | type, source",
        "{'name':'a','actions':[{'rename':'type','to':'a..b'}]} | a..b | dot notation",
        "{'name':'a','actions':[{'rename':'type','to':'a.*'}]} | a.* | no '*'",
        "{'name':'a','actions':[{'rename':'type'}]} | to 'null' | text",
        "{'name':'a','actions':[{'rename':'payload.a','to':'payload.a.b'}]} | payload.a.b | into itself",
        "{'name':'a','actions':[{'rename':'payload.a','to':'payload.a'}]} | payload.a | into itself",
        "{'name':'a','actions':[{'reroute':''}]} | type | dot notation",
        "{'name':'a','actions':[{'divert':' '}]} | divert ' ' | 1 to 128",
        "{'name':'a','actions':[{'copyTo':7}]} | 7 | text",
        "{'name':'a','actions':[{'priority':'urgent'}]} | urgent | critical",
        "{'name':'a','actions':[{'priority':'low'},{'drop':'metadata.x'}]} | a | a rule of its own",
        "{'name':'a','actions':[{'priority':'low'},{'priority':'high'}]} | a | a rule of its own",
        "{'name':'a','actions':[{'priority':'low'},'discard']} | a | a rule of its own",
        "{'name':'a','actions':['stop',{'drop':'metadata.x'}]} | a | last",
        "{'name':'a','actions':['discard','stop']} | a | last",
        "{'name':'a','actions':[{'sample':0}]} | 0 | 1 or more",
        "{'name':'a','actions':[{'sample':1.5}]} | 1.5 | whole",
        "{'name':'a','actions':[{'sample':5,'by':'id'}]} | id | content",
        "{'name':'a','actions':[{'share':0}]} | 0 | more than 0",
        "{'name':'a','actions':[{'share':1.01}]} | 1.01 | at most 1",
        "{'name':'a','actions':[{'share':'x'}]} | x | number",
        "{'name':'a','order':99999999999,'actions':['stop']} | 99999999999 | 2147483647",
        "{'name':'a','enabled':'no','actions':['stop']} | no | true or false",
        "{'name':'a','minimumPriority':'top','actions':['stop']} | top | critical",
        "{'name':'a','where':'payload.x >','actions':['stop']} | column | ``",
        "{'name':'a','where':'1 + 1','actions':['stop']} | true or false | ``",
        "{'name':'a','pattern':'a.b*','actions':['stop']} | a.b* | alone between dots",
        "{'name':'a','name':'b','actions':['stop']} | Duplicate | column",
        "['a'] | [ | write an object",
        "{'name':'a','actions':['stop']} x | line 1 | column",
        "{'name':'a','actions':['stop']} {} | more text | one object",
        "{'name':'a', | line 1 | column",
        "`` | empty | write an object"})
    void shouldNameTheValueAndTheRemedyWhenARuleIsNotValid(final String json, final String value, final String remedy)
    {
        final String text = json.replace('\'', '"');
        final EventException error = assertThrows(EventException.class, () -> RoutingRule.ofJson(text), json);
        assertTrue(error.getMessage().contains(value), error.getMessage());
        assertTrue(error.getMessage().contains(remedy), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity"})
    void shouldRefuseANumberWhenJsonHasNone(final String number)
    {
        final RoutingRuleBuilder builder = RoutingRule.named("a");
        assertThrows(EventException.class, () -> builder.set("metadata.x", Double.valueOf(number)));
        assertThrows(EventException.class, () -> builder.set("metadata.x", Float.valueOf(number)));
        assertThrows(EventException.class, () -> builder.share(Double.parseDouble(number), SampleBy.CONTENT));
    }

    @Test
    void shouldRefuseWhatIsTooMuchWhenARuleIsBuilt()
    {
        final RoutingRuleBuilder builder = RoutingRule.named("a");
        for (int i = 0; i < 65; i++)
        {
            builder.drop("metadata.x" + i);
        }
        assertThrows(EventException.class, builder::build);
        assertThrows(EventException.class, () -> builder.drop("metadata" + ".x".repeat(33)));
        assertThrows(EventException.class, () -> builder.set("metadata.x", "x".repeat(4097)));
        assertThrows(EventException.class, () -> builder.divert("x".repeat(129)));
        assertThrows(EventException.class, () -> builder.drop("metadata['a"));
        assertThrows(EventException.class, () -> builder.drop("metadata['']"));
        assertThrows(EventException.class, () -> builder.set("metadata.x", List.of()));
    }

    @Test
    void shouldReadBothWaysToWriteAQuoteWhenANameIsOdd()
    {
        assertEquals("it's", RulePath.toRead("drop", "payload['it''s']").step(0).name());
        assertEquals("it's", RulePath.toRead("drop", "payload['it\\'s']").step(0).name());
        assertEquals("a]b", RulePath.toRead("drop", "payload[\"a]b\"].c").step(0).name());
        assertEquals("ä.b", RulePath.toRead("drop", "metadata.x['ä.b']").step(1).name());
        assertEquals(12, RulePath.toRead("drop", "metadata.x[12].y").step(1).index());
    }
}
