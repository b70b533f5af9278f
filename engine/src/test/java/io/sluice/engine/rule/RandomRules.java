package io.sluice.engine.rule;

import io.sluice.event.Priority;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Random rules, each as the builder takes it and as {@link NaiveRules} understands it. */
final class RandomRules
{
    static final List<String> TYPES = List.of("a.b", "a.b.c", "a.x", "b", "b.c.d");

    private static final Map<String, Predicate<Map<String, Object>>> FILTERS = filters();
    private static final Map<String, Predicate<String>> PATTERNS = Map.of(
        "*", (type) -> true,
        "a.*", (type) -> type.startsWith("a."),
        "**.c", (type) -> type.equals("a.b.c"),
        "b.**", (type) -> type.equals("b") || type.startsWith("b."),
        "a.b", "a.b"::equals);
    private static final List<String> PLACES = List.of(
        "metadata.m", "metadata.n.o", "metadata.n", "payload.p", "payload.q.r", "payload.q", "payload['odd .key']",
        "metadata.n.o.deep");
    private static final List<String> SOURCES = List.of(
        "id", "type", "source", "subject", "sequence", "priority", "payload.list[1]", "payload.list[0].x",
        "payload.q.r", "metadata.n", "metadata.absent");

    private final Random random;

    RandomRules(final Random random)
    {
        this.random = random;
    }

    /** Rules in their order. */
    List<NaiveRules.Rule> rules()
    {
        final List<NaiveRules.Rule> rules = new ArrayList<>();
        for (int i = 0, count = 1 + random.nextInt(8); i < count; i++)
        {
            rules.add(rule(i));
        }
        return rules;
    }

    private NaiveRules.Rule rule(final int order)
    {
        final String name = "rule-" + order + "-" + random.nextInt(1000);
        final String pattern = pick(List.copyOf(new TreeSet<>(PATTERNS.keySet())));
        final String where = random.nextInt(3) == 0 ? "" : pick(List.copyOf(FILTERS.keySet()));
        final Priority minimum = Priority.of(random.nextInt(4) == 0 ? random.nextInt(4) : 3);
        final boolean isEnabled = random.nextInt(8) > 0;
        final RoutingRuleBuilder builder = RoutingRule.named(name)
            .order(order).pattern(pattern).where(where).minimumPriority(minimum).enabled(isEnabled);
        final List<NaiveRules.Action> actions = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--)
        {
            final NaiveRules.Action action = action(builder, i == 0);
            if (action != null)
            {
                actions.add(action);
            }
        }
        final Predicate<Map<String, Object>> condition = where.isEmpty() ? (event) -> true : FILTERS.get(where);
        return new NaiveRules.Rule(
            builder.build(),
            (event) -> isEnabled && PATTERNS.get(pattern).test((String)event.get("type")) &&
                Priority.parse((String)event.get("priority")).code() <= minimum.code() && condition.test(event),
            actions);
    }

    private NaiveRules.Action action(final RoutingRuleBuilder builder, final boolean isLast)
    {
        final String place = pick(PLACES);
        final String word = "w" + random.nextInt(5);
        switch (random.nextInt(isLast ? 11 : 9))
        {
            case 0:
                final Object value = pick(List.of("text \"ä\"", 7L, 2.5, true));
                builder.set(place, value);
                return (state) -> state.set(place, RuleFixture.parse(NaiveRules.json(value)));
            case 1:
                final String source = pick(SOURCES);
                builder.setFrom(place, source);
                return (state) -> state.setFrom(place, source);
            case 2:
                final String field = pick(List.of("type", "source"));
                builder.rename(field, "new." + word);
                return (state) -> state.rename(field, "new." + word);
            case 3:
                final String to = pick(PLACES);
                if (to.startsWith(place))
                {
                    builder.drop(place);
                    return (state) -> state.drop(place);
                }
                builder.rename(place, to);
                return (state) -> state.move(place, to);
            case 4:
                builder.drop(place);
                return (state) -> state.drop(place);
            case 5:
                builder.reroute("topic." + word);
                return (state) -> state.topic = "topic." + word;
            case 6:
                builder.divert(word);
                return (state) -> state.divert = word;
            case 7:
                builder.copyTo(word);
                return (state) -> state.copies.add(word);
            case 8:
                final long oneIn = 1L + random.nextInt(3);
                final SampleBy by = pick(List.of(SampleBy.values()));
                builder.sample(oneIn, by);
                final SampleAction sample = SampleAction.oneIn(builder.name(), oneIn, by);
                return (state) -> state.isDiscarded |= !sample.picks(state.record);
            case 9:
                builder.discard();
                return (state) -> state.isDiscarded = true;
            default:
                builder.stop();
                return (state) -> state.isStopped = true;
        }
    }

    private <T> T pick(final List<T> list)
    {
        return list.get(random.nextInt(list.size()));
    }

    private static Map<String, Predicate<Map<String, Object>>> filters()
    {
        final Map<String, Predicate<Map<String, Object>>> filters = new LinkedHashMap<>();
        filters.put("source = 'worker'", (event) -> "worker".equals(event.get("source")));
        filters.put("EXISTS payload.p", (event) -> NaiveRules.find(event, "payload.p") != null);
        filters.put("EXISTS metadata.n.o", (event) -> NaiveRules.find(event, "metadata.n.o") != null);
        filters.put(
            "sequence % 2 = 0", (event) -> ((BigDecimal)event.get("sequence")).longValue() % 2 == 0);
        filters.put("type = 'a.b' OR EXISTS subject", (event) ->
            "a.b".equals(event.get("type")) || event.get("subject") != null);
        return filters;
    }
}
