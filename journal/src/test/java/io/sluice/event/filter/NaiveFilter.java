package io.sluice.event.filter;

import com.google.re2j.Pattern;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import io.sluice.event.Timestamps;
import io.sluice.event.TopicPattern;
import io.sluice.event.filter.Expression.Arithmetic;
import io.sluice.event.filter.Expression.BooleanLiteral;
import io.sluice.event.filter.Expression.Call;
import io.sluice.event.filter.Expression.Comparison;
import io.sluice.event.filter.Expression.Contains;
import io.sluice.event.filter.Expression.DecimalLiteral;
import io.sluice.event.filter.Expression.Exists;
import io.sluice.event.filter.Expression.ExtensionReference;
import io.sluice.event.filter.Expression.FieldReference;
import io.sluice.event.filter.Expression.In;
import io.sluice.event.filter.Expression.IntegerLiteral;
import io.sluice.event.filter.Expression.Like;
import io.sluice.event.filter.Expression.Logic;
import io.sluice.event.filter.Expression.LogicOperator;
import io.sluice.event.filter.Expression.Matches;
import io.sluice.event.filter.Expression.Negation;
import io.sluice.event.filter.Expression.Not;
import io.sluice.event.filter.Expression.PathReference;
import io.sluice.event.filter.Expression.Regexp;
import io.sluice.event.filter.Expression.TextLiteral;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Matcher;

/**
 * The language once more, as slowly and plainly as it can be written, over events as maps: Boolean, BigDecimal for all
 * numbers, String, {@link Time}, List, Map, and null for whatever is unknown. What it says is compared with the nodes.
 */
final class NaiveFilter
{
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger GREATEST = BigInteger.valueOf(Long.MAX_VALUE);

    private static final java.util.regex.Pattern LIKE_PARTS =
        java.util.regex.Pattern.compile("\\\\([%_*])|([%*])|(_)|(.)", java.util.regex.Pattern.DOTALL);

    /** Nanoseconds since 1970 UTC. */
    record Time(long epochNs)
    {
    }

    /** A number that is a double, whatever its digits say. */
    record Decimal(double value)
    {
    }

    private final Map<String, Object> event;

    NaiveFilter(final Map<String, Object> event)
    {
        this.event = event;
    }

    boolean matches(final Expression expression)
    {
        return Boolean.TRUE.equals(value(expression));
    }

    // Long for whole numbers, Decimal for others, null for unknown.
    private Object value(final Expression e)
    {
        if (e instanceof BooleanLiteral x)
        {
            return x.value();
        }
        if (e instanceof IntegerLiteral x)
        {
            return x.value();
        }
        if (e instanceof DecimalLiteral x)
        {
            return new Decimal(x.value());
        }
        if (e instanceof TextLiteral x)
        {
            return x.value();
        }
        if (e instanceof FieldReference x)
        {
            return event.get(x.field().name());
        }
        if (e instanceof ExtensionReference x)
        {
            return ((Map<?, ?>)event.getOrDefault("METADATA", Map.of())).get(x.name());
        }
        if (e instanceof PathReference x)
        {
            return path(x);
        }
        if (e instanceof Logic x)
        {
            return logic(x);
        }
        if (e instanceof Not x)
        {
            final Object operand = value(x.operand());
            // What can't be a truth value makes an error of it.
            return operand instanceof Long || operand instanceof Decimal ? null : opposite(truth(operand));
        }
        if (e instanceof Comparison x)
        {
            return compare(x);
        }
        return rest(e);
    }

    private Object rest(final Expression e)
    {
        if (e instanceof Exists x)
        {
            return value(x.operand()) != null;
        }
        if (e instanceof In x)
        {
            return in(x);
        }
        if (e instanceof Like x)
        {
            return test(x.operand(), (text) -> like(x.pattern()).matcher(text).matches());
        }
        if (e instanceof Matches x)
        {
            return test(x.operand(), (text) -> TopicPattern.of(x.pattern()).matches(text));
        }
        if (e instanceof Regexp x)
        {
            return test(x.operand(), (text) -> Pattern.compile(x.pattern()).matcher(text).find());
        }
        if (e instanceof Contains x)
        {
            return contains(value(x.operand()), value(x.part()));
        }
        if (e instanceof Negation x)
        {
            final Object number = number(value(x.operand()));
            return number instanceof Decimal d ? new Decimal(-d.value()) :
                number == null ? null : whole(BigInteger.valueOf((Long)number).negate());
        }
        if (e instanceof Arithmetic x)
        {
            return calculate(x, number(value(x.left())), number(value(x.right())));
        }
        return call((Call)e);
    }

    private Object path(final PathReference reference)
    {
        Object at = event.get(reference.document().name());
        for (final PathStep step : reference.steps())
        {
            at = at instanceof Map<?, ?> map && step.name() != null ? map.get(step.name()) :
                at instanceof List<?> list && step.name() == null && step.index() < list.size() ?
                    list.get(step.index()) : null;
        }
        return at;
    }

    private Object logic(final Logic logic)
    {
        if (logic.operator() == LogicOperator.XOR)
        {
            Boolean odd = false;
            for (final Expression operand : logic.operands())
            {
                final Boolean truth = truth(value(operand));
                odd = odd == null || truth == null ? null : Boolean.valueOf(odd ^ truth);
            }
            return odd;
        }
        final Boolean decisive = logic.operator() == LogicOperator.OR;
        boolean isKnown = true;
        for (final Expression operand : logic.operands())
        {
            final Boolean truth = truth(value(operand));
            if (decisive.equals(truth))
            {
                return decisive;
            }
            isKnown &= truth != null;
        }
        return isKnown ? !decisive : null;
    }

    private Object compare(final Comparison comparison)
    {
        Object left = value(comparison.left());
        Object right = value(comparison.right());
        if (isPriority(comparison.left()) && comparison.right() instanceof TextLiteral literal)
        {
            left = urgency((String)left);
            right = urgency(literal.value());
        }
        else if (isPriority(comparison.right()) && comparison.left() instanceof TextLiteral literal)
        {
            left = urgency(literal.value());
            right = urgency((String)right);
        }
        if (left == null || right == null)
        {
            return null;
        }
        final Integer order = comparison.operator().isOrder() ? order(left, right) : equality(left, right);
        return order == null ? null : (Object)comparison.operator().holds(order);
    }

    private Object in(final In in)
    {
        final Object wanted = value(in.operand());
        if (wanted == null)
        {
            return null;
        }
        boolean isKnown = true;
        for (final Expression element : in.elements())
        {
            Object candidate = value(element);
            if (isPriority(in.operand()) && element instanceof TextLiteral literal)
            {
                candidate = Priority.parse(literal.value()).label();
            }
            final Integer order = candidate == null ? null : equality(candidate, wanted);
            if (Objects.equals(order, 0))
            {
                return true;
            }
            isKnown &= order != null;
        }
        return isKnown ? false : null;
    }

    // 0 if equal, something else if not, null if the left one can't become what the right one is.
    private static Integer equality(final Object left, final Object right)
    {
        if (right instanceof Boolean)
        {
            final Boolean truth = truth(left);
            return truth == null ? null : truth.equals(right) ? 0 : 1;
        }
        if (left instanceof Time || right instanceof Time)
        {
            return right instanceof List || right instanceof Map ? null : times(left, right);
        }
        if (right instanceof Long && left instanceof String text && !text.matches("[+-]?\\d+"))
        {
            return null;
        }
        if (right instanceof Long || right instanceof Decimal)
        {
            final Object number = number(left);
            return number == null ? null : Integer.valueOf(exact(number).compareTo(exact(right)));
        }
        return text(left).equals(text(right)) ? 0 : 1;
    }

    private static Integer order(final Object left, final Object right)
    {
        if (left instanceof Time || right instanceof Time)
        {
            return times(left, right);
        }
        final Object x = number(left);
        final Object y = number(right);
        if (x != null && y != null)
        {
            return exact(x).compareTo(exact(y));
        }
        return left instanceof String && right instanceof String ? times(left, right) : null;
    }

    private static Integer times(final Object left, final Object right)
    {
        final Time x = time(left);
        final Time y = time(right);
        return x == null || y == null ? null : Integer.valueOf(Long.compare(x.epochNs(), y.epochNs()));
    }

    private Object test(final Expression operand, final Predicate<String> test)
    {
        final Object value = value(operand);
        return value == null ? null : (Object)test.test(text(value));
    }

    private static Object contains(final Object whole, final Object part)
    {
        if (whole == null || part == null)
        {
            return null;
        }
        if (whole instanceof List<?> list)
        {
            return list.stream().anyMatch((element) -> !(element instanceof List) && !(element instanceof Map) &&
                text(element).equals(text(part)));
        }
        return whole instanceof Map<?, ?> map ? (Object)map.containsKey(text(part)) : text(whole).contains(text(part));
    }

    private static Object calculate(final Arithmetic e, final Object left, final Object right)
    {
        if (left == null || right == null)
        {
            return null;
        }
        if (left instanceof Long x && right instanceof Long y)
        {
            final BigInteger a = BigInteger.valueOf(x);
            final BigInteger b = BigInteger.valueOf(y);
            return switch (e.operator())
            {
                case ADD -> whole(a.add(b));
                case SUBTRACT -> whole(a.subtract(b));
                case MULTIPLY -> whole(a.multiply(b));
                case DIVIDE -> y == 0 ? null : whole(a.divide(b));
                case REMAINDER -> y == 0 || x == Long.MIN_VALUE && y == -1 ? null : whole(a.remainder(b));
            };
        }
        final double a = exactDouble(left);
        final double b = exactDouble(right);
        final double result = switch (e.operator())
        {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case REMAINDER -> a % b;
        };
        return Double.isFinite(result) ? new Decimal(result) : null;
    }

    private Object call(final Call call)
    {
        final Object first = value(call.arguments().get(0));
        if (first == null)
        {
            return null;
        }
        return switch (call.function())
        {
            case LENGTH -> (Object)Long.valueOf(text(first).codePoints().count());
            case UPPER -> text(first).toUpperCase(Locale.ROOT);
            case LOWER -> text(first).toLowerCase(Locale.ROOT);
            case STRING -> text(first);
            case BOOL -> truth(first);
            case INT -> first instanceof String text && !text.matches("[+-]?\\d+") ? null :
                number(first) instanceof Decimal d ? (Object)whole(new BigDecimal(d.value()).toBigInteger()) :
                    number(first);
            default -> throw new IllegalStateException(call.toString());
        };
    }

    private static Boolean truth(final Object value)
    {
        if (value instanceof Long || value instanceof Decimal)
        {
            return exact(value).signum() != 0;
        }
        if (value instanceof String text)
        {
            return "true".equalsIgnoreCase(text) ? Boolean.TRUE : "false".equalsIgnoreCase(text) ? false : null;
        }
        return value instanceof Boolean truth ? truth : null;
    }

    private static Boolean opposite(final Boolean truth)
    {
        return truth == null ? null : Boolean.valueOf(!truth);
    }

    private static Object number(final Object value)
    {
        if (value instanceof Boolean truth)
        {
            return truth ? 1L : 0L;
        }
        if (value instanceof Time time)
        {
            return Math.floorDiv(time.epochNs(), 1_000_000L);
        }
        if (value instanceof String text)
        {
            if (text.matches("[+-]?\\d+") && whole(new BigInteger(text)) != null)
            {
                return Long.valueOf(text);
            }
            return text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?") ?
                new Decimal(Double.parseDouble(text)) : null;
        }
        return value instanceof Long || value instanceof Decimal ? value : null;
    }

    private static Time time(final Object value)
    {
        try
        {
            return value instanceof Long millis ? new Time(Math.multiplyExact(millis, 1_000_000L)) :
                value instanceof String text ? new Time(Timestamps.parse(text)) :
                    value instanceof Time time ? time : null;
        }
        catch (final EventValidationException | ArithmeticException ex)
        {
            return null;
        }
    }

    static String text(final Object value)
    {
        return value instanceof Time time ? Timestamps.text(time.epochNs()) :
            value instanceof Decimal decimal ? Double.toString(decimal.value()) :
                value instanceof Map || value instanceof List ? RandomEventMaps.json(value) : String.valueOf(value);
    }

    private static Long whole(final BigInteger value)
    {
        return value.compareTo(LEAST) < 0 || value.compareTo(GREATEST) > 0 ? null : Long.valueOf(value.longValue());
    }

    private static BigDecimal exact(final Object number)
    {
        return number instanceof Decimal decimal ? new BigDecimal(decimal.value()) : BigDecimal.valueOf((Long)number);
    }

    private static double exactDouble(final Object number)
    {
        return number instanceof Decimal decimal ? decimal.value() : (Long)number;
    }

    private static boolean isPriority(final Expression expression)
    {
        return expression instanceof FieldReference reference && reference.field() == FilterField.PRIORITY;
    }

    private static Long urgency(final String label)
    {
        return label == null ? null : Long.valueOf(3 - Priority.parse(label).code());
    }

    private static java.util.regex.Pattern like(final String pattern)
    {
        final StringBuilder regex = new StringBuilder();
        final Matcher parts = LIKE_PARTS.matcher(pattern);
        while (parts.find())
        {
            final String literal = parts.group(1) != null ? parts.group(1) : parts.group(4);
            regex.append(parts.group(2) != null ? ".*" : parts.group(3) != null ? "." :
                java.util.regex.Pattern.quote(literal));
        }
        return java.util.regex.Pattern.compile(regex.toString(), java.util.regex.Pattern.DOTALL);
    }
}
