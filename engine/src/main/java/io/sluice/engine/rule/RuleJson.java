package io.sluice.engine.rule;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.sluice.event.EventException;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules as JSON, both ways. Stateless. */
final class RuleJson
{
    static final JsonFactory FACTORY = JsonFactory.builder()
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .build();

    private static final String KEYS =
        "name, order, pattern, where, minimumPriority, enabled and actions";
    private static final String ACTIONS =
        "set, rename, drop, priority, reroute, divert, copyTo, sample, share, \"discard\" and \"stop\"";
    private static final Map<String, Set<String>> KEYS_OF_ACTION = Map.of(
        "set", Set.of("value", "from"),
        "rename", Set.of("to"),
        "drop", Set.of(),
        "priority", Set.of(),
        "reroute", Set.of(),
        "divert", Set.of(),
        "copyTo", Set.of(),
        "sample", Set.of("by"),
        "share", Set.of("by"));

    private RuleJson()
    {
    }

    static String write(final RoutingRule rule)
    {
        final StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text))
        {
            out.writeStartObject();
            out.writeStringField("name", rule.name());
            if (rule.order() != 0)
            {
                out.writeNumberField("order", rule.order());
            }
            out.writeStringField("pattern", rule.pattern().text());
            if (!rule.where().isEmpty())
            {
                out.writeStringField("where", rule.where());
            }
            if (rule.minimumPriority() != Priority.LOW)
            {
                out.writeStringField("minimumPriority", rule.minimumPriority().label());
            }
            if (!rule.isEnabled())
            {
                out.writeBooleanField("enabled", false);
            }
            out.writeArrayFieldStart("actions");
            for (final RuleAction action : rule.actions())
            {
                write(action, out);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return text.toString();
    }

    static RoutingRule read(final String json)
    {
        try (JsonParser parser = FACTORY.createParser(json))
        {
            if (parser.nextToken() == null)
            {
                throw new EventException("the rule is empty: write an object with " + KEYS);
            }
            final RoutingRule rule = read(parser);
            if (parser.nextToken() != null)
            {
                throw new EventException("there is more text behind the rule: write one object");
            }
            return rule;
        }
        catch (final JsonProcessingException ex)
        {
            throw malformed("the rule", ex);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    static EventException malformed(final String what, final JsonProcessingException ex)
    {
        return new EventException(
            what + " is no JSON at line " + ex.getLocation().getLineNr() + ", column " +
            ex.getLocation().getColumnNr() + ": " + ex.getOriginalMessage(), ex);
    }

    /** Read the object that the parser is at, and stay at its end. */
    static RoutingRule read(final JsonParser parser) throws IOException
    {
        final Map<String, Object> members = new LinkedHashMap<>();
        require(parser.currentToken() == JsonToken.START_OBJECT, "rule", parser, "write an object with " + KEYS);
        List<Map<String, Object>> actions = List.of();
        while (parser.nextToken() != JsonToken.END_OBJECT)
        {
            final String key = parser.currentName();
            parser.nextToken();
            switch (key)
            {
                case "name", "order", "pattern", "where", "minimumPriority", "enabled" ->
                    members.put(key, scalar(key, parser));
                case "actions" -> actions = readActions(parser);
                default -> throw new EventValidationException("key", key, "a rule has " + KEYS);
            }
        }
        final RoutingRuleBuilder builder = RoutingRule.named(text("name", members.getOrDefault("name", "")))
            .order(order(members.getOrDefault("order", 0L)))
            .pattern(text("pattern", members.getOrDefault("pattern", "*")))
            .where(text("where", members.getOrDefault("where", "")))
            .minimumPriority(Priority.parse(text("minimumPriority", members.getOrDefault("minimumPriority", "low"))))
            .enabled(flag(members.getOrDefault("enabled", true)));
        actions.forEach((action) -> add(builder, action));
        return builder.build();
    }

    private static void write(final RuleAction action, final JsonGenerator out) throws IOException
    {
        if (action.isLast())
        {
            action.write(out);
            return;
        }
        out.writeStartObject();
        action.write(out);
        out.writeEndObject();
    }

    private static List<Map<String, Object>> readActions(final JsonParser parser) throws IOException
    {
        require(parser.currentToken() == JsonToken.START_ARRAY, "actions", parser, "write an array of actions");
        final List<Map<String, Object>> actions = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY)
        {
            final Map<String, Object> action = new LinkedHashMap<>();
            actions.add(action);
            if (parser.currentToken() == JsonToken.VALUE_STRING)
            {
                action.put(parser.getText(), null);
                continue;
            }
            require(parser.currentToken() == JsonToken.START_OBJECT, "action", parser, "use one of " + ACTIONS);
            while (parser.nextToken() != JsonToken.END_OBJECT)
            {
                final String key = parser.currentName();
                parser.nextToken();
                action.put(key, scalar(key, parser));
            }
        }
        return actions;
    }

    private static void add(final RoutingRuleBuilder builder, final Map<String, Object> action)
    {
        final String verb = action.keySet().stream()
            .filter((key) -> action.get(key) == null || KEYS_OF_ACTION.containsKey(key))
            .findFirst()
            .orElseThrow(() -> new EventValidationException(
                "action", String.join(", ", action.keySet()), "use one of " + ACTIONS));
        final Object value = action.get(verb);
        for (final String key : action.keySet())
        {
            if (value != null && !key.equals(verb) && !KEYS_OF_ACTION.get(verb).contains(key))
            {
                throw new EventValidationException(
                    "key", key, "with " + verb + " stands " +
                    (KEYS_OF_ACTION.get(verb).isEmpty() ? "nothing" : String.join(" or ", sorted(verb))));
            }
        }
        if (value == null)
        {
            addWord(builder, verb);
            return;
        }
        switch (verb)
        {
            case "set" -> addSet(builder, text(verb, value), action);
            case "rename" -> builder.rename(text(verb, value), text("to", action.get("to")));
            case "drop" -> builder.drop(text(verb, value));
            case "priority" -> builder.priority(Priority.parse(text(verb, value)));
            case "reroute" -> builder.reroute(text(verb, value));
            case "divert" -> builder.divert(text(verb, value));
            case "copyTo" -> builder.copyTo(text(verb, value));
            case "sample" -> builder.sample(whole(verb, value), by(action));
            default -> builder.share(number(verb, value).doubleValue(), by(action));
        }
    }

    private static void addWord(final RoutingRuleBuilder builder, final String word)
    {
        switch (word)
        {
            case "discard" -> builder.discard();
            case "stop" -> builder.stop();
            default -> throw new EventValidationException("action", word, "use one of " + ACTIONS);
        }
    }

    private static void addSet(
        final RoutingRuleBuilder builder, final String target, final Map<String, Object> action)
    {
        if (action.containsKey("value") == action.containsKey("from"))
        {
            throw new EventValidationException(
                "set", target, "give it either a value or from, a place to take it from");
        }
        if (action.containsKey("value"))
        {
            builder.set(target, action.get("value"));
        }
        else
        {
            builder.setFrom(target, text("from", action.get("from")));
        }
    }

    private static List<String> sorted(final String verb)
    {
        return KEYS_OF_ACTION.get(verb).stream().sorted().toList();
    }

    private static SampleBy by(final Map<String, Object> action)
    {
        final Object by = action.get("by");
        return by == null ? SampleBy.SEQUENCE : SampleBy.parse(text("by", by));
    }

    private static Object scalar(final String key, final JsonParser parser) throws IOException
    {
        switch (parser.currentToken())
        {
            case VALUE_STRING:
                return parser.getText();
            case VALUE_TRUE:
            case VALUE_FALSE:
                return parser.getBooleanValue();
            case VALUE_NUMBER_INT:
                return parser.getNumberValue();
            case VALUE_NUMBER_FLOAT:
                return parser.getDecimalValue();
            default:
                throw new EventValidationException(
                    key, parser.currentToken() == JsonToken.VALUE_NULL ? "null" : parser.currentToken().asString(),
                    "use a text, a number, true or false");
        }
    }

    private static String text(final String key, final Object value)
    {
        if (value instanceof String)
        {
            return (String)value;
        }
        throw new EventValidationException(key, String.valueOf(value), "use a text");
    }

    private static boolean flag(final Object value)
    {
        if (value instanceof Boolean)
        {
            return (Boolean)value;
        }
        throw new EventValidationException("enabled", String.valueOf(value), "use true or false");
    }

    private static int order(final Object value)
    {
        final long whole = whole("order", value);
        if (whole < Integer.MIN_VALUE || whole > Integer.MAX_VALUE)
        {
            throw new EventValidationException(
                "order", Long.toString(whole), "use " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE);
        }
        return (int)whole;
    }

    private static long whole(final String key, final Object value)
    {
        if (value instanceof Integer || value instanceof Long)
        {
            return ((Number)value).longValue();
        }
        throw new EventValidationException(key, String.valueOf(value), "use a whole number");
    }

    private static Number number(final String key, final Object value)
    {
        if (value instanceof Number)
        {
            return (Number)value;
        }
        throw new EventValidationException(key, String.valueOf(value), "use a number");
    }

    private static void require(
        final boolean isGood, final String key, final JsonParser parser, final String remedy) throws IOException
    {
        if (!isGood)
        {
            throw new EventValidationException(key, parser.getText(), remedy);
        }
    }
}
