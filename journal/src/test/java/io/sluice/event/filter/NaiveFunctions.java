package io.sluice.event.filter;

import io.sluice.event.filter.Expression.ArithmeticOperator;
import io.sluice.event.filter.Expression.Call;
import java.math.BigInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What functions and calculations make of values; null is unknown. */
final class NaiveFunctions
{
    private NaiveFunctions()
    {
    }

    static Object call(final Call call, final Object[] arguments)
    {
        for (final Object argument : arguments)
        {
            if (argument == null)
            {
                return null;
            }
        }
        return switch (call.function())
        {
            case INT -> NaiveValues.integer(arguments[0]);
            case BOOL -> NaiveValues.truth(arguments[0]);
            case STRING -> NaiveValues.text(arguments[0]);
            case TIME -> NaiveValues.time(arguments[0]);
            case ABS -> absolute(NaiveValues.number(arguments[0]));
            case LENGTH -> Long.valueOf(length(string(arguments[0])));
            case LOWER -> NaiveValues.text(arguments[0]).lower();
            case UPPER -> NaiveValues.text(arguments[0]).upper();
            case TRIM -> NaiveText.made(string(arguments[0]).strip());
            case CONCAT -> NaiveText.made(
                Stream.of(arguments).map(NaiveFunctions::string).collect(Collectors.joining()));
            case CONCAT_WS -> NaiveText.made(Stream.of(arguments).skip(1).map(NaiveFunctions::string)
                .collect(Collectors.joining(string(arguments[0]))));
            default -> cut(call, arguments);
        };
    }

    static Object calculate(final ArithmeticOperator operator, final Object left, final Object right)
    {
        if (left == null || right == null)
        {
            return null;
        }
        if (left instanceof Long x && right instanceof Long y)
        {
            final BigInteger a = BigInteger.valueOf(x);
            final BigInteger b = BigInteger.valueOf(y);
            return switch (operator)
            {
                case ADD -> NaiveValues.whole(a.add(b));
                case SUBTRACT -> NaiveValues.whole(a.subtract(b));
                case MULTIPLY -> NaiveValues.whole(a.multiply(b));
                case DIVIDE -> y == 0 ? null : NaiveValues.whole(a.divide(b));
                case REMAINDER -> y == 0 || x == Long.MIN_VALUE && y == -1 ? null : (Object)(x % y);
            };
        }
        final double a = ((Number)left).doubleValue();
        final double b = ((Number)right).doubleValue();
        final double result = switch (operator)
        {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case REMAINDER -> a % b;
        };
        return Double.isFinite(result) ? result : null;
    }

    static Object negative(final Object number)
    {
        return number instanceof Double decimal ? (Object)(-decimal) :
            number == null ? null : NaiveValues.whole(BigInteger.valueOf((Long)number).negate());
    }

    // Of 32 bits the least number has no opposite, of 64 neither.
    private static Object absolute(final Object number)
    {
        return number instanceof Double decimal ? (Object)Math.abs(decimal) :
            number == null || (Long)number == Integer.MIN_VALUE || (Long)number == Long.MIN_VALUE ?
                null : (Object)Math.abs((Long)number);
    }

    private static Object cut(final Call call, final Object[] arguments)
    {
        final int[] text = string(arguments[0]).codePoints().toArray();
        final Long count = NaiveValues.integer(arguments[1]);
        final Long most = arguments.length < 3 ? Long.valueOf(text.length) : NaiveValues.integer(arguments[2]);
        if (count == null || most == null)
        {
            return null;
        }
        return switch (call.function())
        {
            case LEFT -> count < 0 ? null : part(text, 0, count);
            case RIGHT -> count < 0 ? null : part(text, Math.max(0, text.length - count), text.length);
            default -> count > text.length || count < -text.length || most < 0 ? null :
                count == 0 ? NaiveText.made("") :
                    part(text, count > 0 ? count - 1 : text.length + count, Math.min(most, text.length));
        };
    }

    private static NaiveText part(final int[] text, final long from, final long count)
    {
        final int start = (int)from;
        return NaiveText.made(new String(text, start, (int)Math.min(count, text.length - start)));
    }

    private static long length(final String text)
    {
        return text.codePoints().count();
    }

    private static String string(final Object value)
    {
        return NaiveValues.text(value).string();
    }
}
