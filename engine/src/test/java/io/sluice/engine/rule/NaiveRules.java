package io.sluice.engine.rule;

import io.sluice.event.EventFlyweight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Applies rules to an event that is a map, in the plainest way: what {@link RuleRun} must come to, too. */
final class NaiveRules
{
    /** One rule. */
    record Rule(RoutingRule rule, Predicate<Map<String, Object>> condition, List<Action> actions)
    {
    }

    /** One action. */
    @FunctionalInterface
    interface Action
    {
        void apply(State state);
    }

    /** What becomes of an event. */
    static final class State
    {
        final EventFlyweight record;
        final Map<String, Object> original;
        Map<String, Object> event;
        String topic;
        String divert;
        final Set<String> copies = new LinkedHashSet<>();
        boolean isDiscarded;
        boolean isStopped;
        boolean isFailed;

        private final boolean isPayloadJson;

        State(final EventFlyweight record)
        {
            this.record = record;
            original = RuleFixture.map(record);
            event = RuleFixture.map(record);
            isPayloadJson = record.hasJsonPayload();
        }

        void rename(final String field, final String to)
        {
            if (!isFailed)
            {
                event.put(field, to);
            }
        }

        void set(final String place, final Object value)
        {
            if (isFailed || !isOpen(place))
            {
                return;
            }
            Map<String, Object> at = event;
            final List<String> names = names(place);
            for (final String name : names.subList(0, names.size() - 1))
            {
                if (at.get(name) != null && !(at.get(name) instanceof Map))
                {
                    isFailed = true;
                    event = RuleFixture.map(record);
                    return;
                }
                if (at.get(name) == null)
                {
                    at.put(name, new LinkedHashMap<>());
                }
                at = object(at.get(name));
            }
            at.put(names.get(names.size() - 1), value);
        }

        void setFrom(final String place, final String source)
        {
            final Object value = isOpen(source) ? copy(find(event, source)) : null;
            if (value != null)
            {
                set(place, value);
            }
        }

        void drop(final String place)
        {
            final Map<String, Object> parent = parent(place);
            if (parent != null)
            {
                final List<String> names = names(place);
                parent.remove(names.get(names.size() - 1));
            }
        }

        void move(final String from, final String to)
        {
            final List<String> names = names(from);
            final Map<String, Object> parent = isOpen(to) ? parent(from) : null;
            if (parent != null && parent.containsKey(names.get(names.size() - 1)))
            {
                final Object value = parent.remove(names.get(names.size() - 1));
                set(to, value);
            }
        }

        /** What is delivered, without members that are the same whether they are there or not. */
        Map<String, Object> delivered()
        {
            if (event.get("metadata") instanceof Map && object(event.get("metadata")).isEmpty())
            {
                event.remove("metadata");
            }
            return event;
        }

        private Map<String, Object> parent(final String place)
        {
            if (isFailed || !isOpen(place))
            {
                return null;
            }
            Object at = event;
            final List<String> names = names(place);
            for (final String name : names.subList(0, names.size() - 1))
            {
                at = at instanceof Map ? object(at).get(name) : null;
            }
            return at instanceof Map ? object(at) : null;
        }

        private boolean isOpen(final String place)
        {
            return !place.startsWith("payload") || isPayloadJson;
        }
    }

    private NaiveRules()
    {
    }

    static State apply(final List<Rule> rules, final EventFlyweight record)
    {
        final State state = new State(record);
        for (final Rule rule : rules)
        {
            if (rule.condition().test(state.original))
            {
                for (final Action action : rule.actions())
                {
                    action.apply(state);
                    if (state.isDiscarded || state.isStopped)
                    {
                        return state;
                    }
                }
            }
        }
        return state;
    }

    static String json(final Object value)
    {
        return value instanceof String ? JsonQuote.of((String)value) : String.valueOf(value);
    }

    /** What is in a place, null if nothing is. */
    static Object find(final Map<String, Object> event, final String place)
    {
        Object at = event;
        for (final String name : names(place))
        {
            if (at instanceof Map)
            {
                at = object(at).get(name);
            }
            else if (at instanceof List && name.startsWith("#") &&
                Integer.parseInt(name.substring(1)) < ((List<?>)at).size())
            {
                at = ((List<?>)at).get(Integer.parseInt(name.substring(1)));
            }
            else
            {
                at = null;
            }
        }
        return at;
    }

    private static List<String> names(final String place)
    {
        final List<String> names = new ArrayList<>();
        if (place.equals("payload['odd .key']"))
        {
            return List.of("payload", "odd .key");
        }
        for (final String name : place.split("\\.", -1))
        {
            final int bracket = name.indexOf('[');
            names.add(bracket < 0 ? name : name.substring(0, bracket));
            if (bracket >= 0)
            {
                names.add("#" + name.substring(bracket + 1, name.length() - 1));
            }
        }
        return names;
    }

    private static Object copy(final Object value)
    {
        if (value instanceof Map)
        {
            final Map<String, Object> copy = new LinkedHashMap<>();
            object(value).forEach((name, member) -> copy.put(name, copy(member)));
            return copy;
        }
        return value;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(final Object value)
    {
        return (Map<String, Object>)value;
    }
}
