package io.sluice.engine.rule;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventJson;
import io.sluice.event.EventStamp;
import io.sluice.event.IdGenerator;
import io.sluice.event.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** Events as the journal holds them, a table whose boundary is moved by hand, and a run. One per test. */
final class RuleFixture
{
    static final long NOW_NS = 1_705_746_600_123_456_789L;
    static final int MAX_EVENT_LENGTH = 1 << 16;

    private static final int CAPACITY = 1 << 17;

    final EventBuilder builder = new EventBuilder();
    final List<Throwable> errors = new ArrayList<>();
    long next = 1;
    final RuleTable table = RuleTable.inMemory((takeEffect) -> takeEffect.accept(next));
    final RuleRun run = newRun();

    private final EventEncoder encoder = new EventEncoder();
    private final EventDefaults defaults = new EventDefaults(() -> NOW_NS, new IdGenerator(42));

    RuleRun newRun()
    {
        return table.newRun(MAX_EVENT_LENGTH, errors::add);
    }

    RuleFixture with(final RoutingRuleBuilder... rules)
    {
        for (final RoutingRuleBuilder rule : rules)
        {
            table.add(rule.build());
        }
        return this;
    }

    /** An event as JSON, journaled. */
    EventFlyweight event(final long sequence, final String json)
    {
        new EventJson().read(json, builder);
        return encode(sequence);
    }

    /** What the builder holds, journaled, in a buffer of its own. */
    EventFlyweight encode(final long sequence)
    {
        final EventFlyweight event = unsequenced();
        EventStamp.batch((UnsafeBuffer)event.buffer(), event.offset(), 1, 3);
        EventStamp.stamp(
            (UnsafeBuffer)event.buffer(), event.offset(), 7, sequence, NOW_NS + sequence, Verdict.ACCEPTED, 0);
        return event;
    }

    EventFlyweight unsequenced()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8 + CAPACITY]);
        builder.encode(encoder, buffer, 8, CAPACITY, defaults);
        return new EventFlyweight().wrap(buffer, 8);
    }

    /** Apply the rules, and give what is delivered as a map. */
    Map<String, Object> apply(final EventFlyweight event)
    {
        run.apply(event);
        return map(run.event());
    }

    RuleStats stats(final String rule)
    {
        return table.stats().stream().filter((stats) -> stats.rule().name().equals(rule)).findFirst().orElseThrow();
    }

    static Map<String, Object> map(final EventFlyweight event)
    {
        @SuppressWarnings("unchecked")
        final Map<String, Object> map = (Map<String, Object>)parse(new EventJson().toJson(event));
        return map;
    }

    static String topic(final RuleRun run)
    {
        return run.topicBuffer().getStringWithoutLengthUtf8(run.topicOffset(), run.topicLength());
    }

    static List<String> copies(final RuleRun run)
    {
        final List<String> copies = new ArrayList<>();
        for (int i = 0; i < run.copyCount(); i++)
        {
            copies.add(run.copyTarget(i));
        }
        return copies;
    }

    /** Objects as maps, arrays as lists, of two members of a name the last; numbers as they are written. */
    static Object parse(final String json)
    {
        try (JsonParser parser = new JsonFactory().createParser(json))
        {
            parser.nextToken();
            return value(parser);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(json, ex);
        }
    }

    private static Object value(final JsonParser parser) throws IOException
    {
        switch (parser.currentToken())
        {
            case START_OBJECT:
                final Map<String, Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT)
                {
                    final String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                return object;
            case START_ARRAY:
                final List<Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY)
                {
                    array.add(value(parser));
                }
                return array;
            case VALUE_STRING:
                return parser.getText();
            case VALUE_NULL:
                return null;
            case VALUE_TRUE:
            case VALUE_FALSE:
                return parser.getBooleanValue();
            default:
                return new BigDecimal(parser.getText());
        }
    }
}
