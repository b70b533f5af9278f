package io.sluice.handlers.log;

import io.sluice.event.EventBuilder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the payload of a type of event must look like: which members it has, of which kind, and within which limits.
 * Immutable: each setter returns a new one. Safe to share between threads.
 *
 * <pre>{@code
 * EventSchema schema = EventSchema.of("user.action").version("1.0")
 *     .required("action", Kind.TEXT).oneOf("action", "login", "logout")
 *     .optional("duration_ms", Kind.INTEGER).range("duration_ms", 0, 3_600_000)
 *     .required("user.id", Kind.TEXT)
 *     .closed();
 * }</pre>
 *
 * <p>A dot in a name leads into a nested object.
 */
public final class EventSchema
{
    /** The kind of a member. */
    public enum Kind
    {
        /** A text. */
        TEXT,
        /** A number without fraction. */
        INTEGER,
        /** Any finite number. */
        NUMBER,
        /** True or false. */
        FLAG,
        /** A list. */
        LIST,
        /** A nested object. */
        OBJECT
    }

    private record Member(
        Kind kind, boolean isRequired, BigDecimal least, BigDecimal greatest, int maxLength, Set<String> values)
    {
    }

    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final String type;
    private final String version;
    private final boolean isClosed;
    private final Map<String, Member> members;

    private EventSchema(
        final String type, final String version, final boolean isClosed, final Map<String, Member> members)
    {
        this.type = type;
        this.version = version;
        this.isClosed = isClosed;
        this.members = members;
    }

    /**
     * A schema that every payload follows.
     *
     * @param type of the events.
     * @return the schema.
     * @throws io.sluice.event.EventValidationException if the type is not valid.
     */
    public static EventSchema of(final String type)
    {
        return new EventSchema(new EventBuilder().type(type).type(), null, false, Map.of());
    }

    /**
     * @param value version of the schema, which the events carry; at most 64 bytes.
     * @return a schema with that.
     */
    public EventSchema version(final String value)
    {
        return new EventSchema(type, new EventBuilder().version(value).version(), isClosed, members);
    }

    /**
     * @param name of a member that must be there and not be null; dots lead into nested objects.
     * @param kind of it.
     * @return a schema with that.
     */
    public EventSchema required(final String name, final Kind kind)
    {
        return with(name, new Member(kind, true, null, null, NO_LIMIT, Set.of()));
    }

    /**
     * @param name of a member that may be absent or null; dots lead into nested objects.
     * @param kind of it.
     * @return a schema with that.
     */
    public EventSchema optional(final String name, final Kind kind)
    {
        return with(name, new Member(kind, false, null, null, NO_LIMIT, Set.of()));
    }

    /**
     * @param name     of a member that is a number.
     * @param least    that it may be.
     * @param greatest that it may be.
     * @return a schema with that.
     * @throws IllegalArgumentException if there is no such number, or the range is empty.
     */
    public EventSchema range(final String name, final double least, final double greatest)
    {
        final Member member = member(name, Kind.INTEGER, Kind.NUMBER);
        if (!(least <= greatest))
        {
            throw new IllegalArgumentException("range of '" + name + "' from " + least + " to " + greatest +
                " is empty: give the smaller one first");
        }
        return with(name, new Member(
            member.kind(), member.isRequired(), bound(least), bound(greatest), NO_LIMIT, Set.of()));
    }

    /**
     * @param name       of a member that is a text or a list.
     * @param characters that it may have at most, or elements.
     * @return a schema with that.
     * @throws IllegalArgumentException if there is no such text or list.
     */
    public EventSchema maxLength(final String name, final int characters)
    {
        final Member member = member(name, Kind.TEXT, Kind.LIST);
        return with(name, new Member(member.kind(), member.isRequired(), null, null, characters, member.values()));
    }

    /**
     * @param name   of a member that is a text.
     * @param values that it may have.
     * @return a schema with that.
     * @throws IllegalArgumentException if there is no such text.
     */
    public EventSchema oneOf(final String name, final String... values)
    {
        final Member member = member(name, Kind.TEXT);
        return with(name, new Member(
            member.kind(), member.isRequired(), null, null, member.maxLength(), Set.of(values)));
    }

    /** @return a schema that has no members but those that are named. */
    public EventSchema closed()
    {
        return new EventSchema(type, version, true, members);
    }

    /** @return type of the events. */
    public String type()
    {
        return type;
    }

    /** @return version of the schema, null for none. */
    public String version()
    {
        return version;
    }

    /**
     * Check a payload.
     *
     * @param payload to check.
     * @return everything in which it does not follow the schema, empty if it does.
     */
    public List<String> problems(final Map<String, ?> payload)
    {
        final List<String> problems = new ArrayList<>();
        for (final Map.Entry<String, Member> entry : members.entrySet())
        {
            final Object value = find(payload, entry.getKey());
            final Member member = entry.getValue();
            if (value != null)
            {
                check(entry.getKey(), value, member, problems);
            }
            else if (member.isRequired())
            {
                problems.add("'" + entry.getKey() + "' is missing, give " + label(member.kind()));
            }
        }
        if (isClosed)
        {
            findUnknown("", payload, problems);
        }
        return problems;
    }

    private void findUnknown(final String prefix, final Map<?, ?> object, final List<String> problems)
    {
        for (final Map.Entry<?, ?> entry : object.entrySet())
        {
            final String name = prefix + entry.getKey();
            final boolean isParent = members.keySet().stream().anyMatch(known -> known.startsWith(name + '.'));
            if (isParent && entry.getValue() instanceof Map<?, ?> nested)
            {
                findUnknown(name + '.', nested, problems);
            }
            else if (!members.containsKey(name))
            {
                problems.add("'" + name + "' is not known, leave it out or add it to the schema");
            }
        }
    }

    private EventSchema with(final String name, final Member member)
    {
        if (name.isEmpty())
        {
            throw new IllegalArgumentException("a member has no name: give it one");
        }
        final Map<String, Member> more = new LinkedHashMap<>(members);
        more.put(name, member);
        return new EventSchema(type, version, isClosed, more);
    }

    private Member member(final String name, final Kind... kinds)
    {
        final Member member = members.get(name);
        if (member == null || !List.of(kinds).contains(member.kind()))
        {
            throw new IllegalArgumentException(
                "'" + name + "' is no " + String.join(" or ", List.of(kinds).stream().map(Kind::name).toList()) +
                " of the schema: name it with required or optional first");
        }
        return member;
    }

    private static BigDecimal bound(final double value)
    {
        return BigDecimal.valueOf(value).stripTrailingZeros();
    }

    private static Object find(final Map<String, ?> payload, final String name)
    {
        Object value = payload.get(name);
        if (value == null && name.indexOf('.') > 0)
        {
            value = payload;
            for (final String part : name.split("\\.", -1))
            {
                value = value instanceof Map<?, ?> object ? object.get(part) : null;
            }
        }
        return value;
    }

    private static void check(
        final String name, final Object value, final Member member, final List<String> problems)
    {
        if (!isOf(value, member.kind()))
        {
            problems.add("'" + name + "' is " + value + ", give " + label(member.kind()));
            return;
        }
        if (member.least() != null)
        {
            final BigDecimal number = new BigDecimal(value.toString());
            if (number.compareTo(member.least()) < 0 || number.compareTo(member.greatest()) > 0)
            {
                problems.add("'" + name + "' is " + value + ", give " + member.least().toPlainString() + " to " +
                    member.greatest().toPlainString());
            }
        }
        final int length = value instanceof List<?> list ? list.size() : value.toString().length();
        if (length > member.maxLength())
        {
            problems.add("'" + name + "' has length " + length + ", give at most " + member.maxLength());
        }
        if (!member.values().isEmpty() && !member.values().contains(value.toString()))
        {
            problems.add("'" + name + "' is " + value + ", give one of " +
                String.join(", ", member.values().stream().sorted().toList()));
        }
    }

    private static boolean isOf(final Object value, final Kind kind)
    {
        switch (kind)
        {
            case TEXT:
                return value instanceof CharSequence;
            case INTEGER:
                return value instanceof Number && isFinite((Number)value) &&
                    new BigDecimal(value.toString()).stripTrailingZeros().scale() <= 0;
            case NUMBER:
                return value instanceof Number && isFinite((Number)value);
            case FLAG:
                return value instanceof Boolean;
            case LIST:
                return value instanceof List;
            default:
                return value instanceof Map;
        }
    }

    private static boolean isFinite(final Number number)
    {
        return !(number instanceof Double || number instanceof Float) || Double.isFinite(number.doubleValue());
    }

    private static String label(final Kind kind)
    {
        switch (kind)
        {
            case TEXT:
                return "a text";
            case INTEGER:
                return "a number without fraction";
            case NUMBER:
                return "a number";
            case FLAG:
                return "true or false";
            case LIST:
                return "a list";
            default:
                return "an object";
        }
    }
}
