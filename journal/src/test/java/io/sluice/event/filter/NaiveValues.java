package io.sluice.event.filter;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * How values are cast and compared, once more and in the plainest words: Boolean, Long, Double, {@link NaiveText},
 * {@link NaiveTime} and {@link NaiveJson}; null is unknown.
 */
final class NaiveValues
{
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger GREATEST = BigInteger.valueOf(Long.MAX_VALUE);
    private static final long EXACT_IN_DOUBLE = 1L << 53;
    private static final Integer SAME = 0;
    private static final Integer OTHER = 1;

    private NaiveValues()
    {
    }

    static Boolean truth(final Object value)
    {
        if (value instanceof Boolean truth)
        {
            return truth;
        }
        if (value instanceof NaiveText text)
        {
            return text.truth();
        }
        return value instanceof Long number ? Boolean.valueOf(number != 0) :
            value instanceof Double number ? Boolean.valueOf(number != 0) : null;
    }

    /** @return Long, Double or null. */
    static Object number(final Object value)
    {
        if (value instanceof Long || value instanceof Double)
        {
            return value;
        }
        if (value instanceof NaiveText text)
        {
            return text.number();
        }
        return value instanceof Boolean truth ? Long.valueOf(truth ? 1 : 0) :
            value instanceof NaiveTime time ? (Object)time.millis() : null;
    }

    static Long integer(final Object value)
    {
        if (value instanceof NaiveText text && !text.isWhole())
        {
            return null;
        }
        final Object number = number(value);
        return number instanceof Double decimal ? whole(new BigDecimal(decimal).toBigInteger()) : (Long)number;
    }

    static NaiveTime time(final Object value)
    {
        if (value instanceof NaiveTime time)
        {
            return time;
        }
        if (value instanceof NaiveText text)
        {
            return text.time();
        }
        final BigInteger ns = value instanceof Long millis ?
            BigInteger.valueOf(millis).multiply(BigInteger.valueOf(1_000_000)) : null;
        return ns == null || whole(ns) == null ? null : new NaiveTime(ns.longValue());
    }

    static NaiveText text(final Object value)
    {
        return value instanceof NaiveText text ? text :
            value instanceof NaiveTime time ? time.text() :
                value instanceof NaiveJson json ? json.text() : NaiveText.made(value.toString());
    }

    static Long whole(final BigInteger value)
    {
        return value.compareTo(LEAST) < 0 || value.compareTo(GREATEST) > 0 ? null : Long.valueOf(value.longValue());
    }

    /** @return 0 if equal, something else if not, null if the left one can't become what the right one is. */
    static Integer equality(final Object left, final Object right)
    {
        if (left == null || right == null)
        {
            return null;
        }
        if (right instanceof Boolean)
        {
            final Boolean truth = truth(left);
            return truth == null ? null : truth.equals(right) ? SAME : OTHER;
        }
        if (right instanceof Double || right instanceof Long && !(left instanceof NaiveTime))
        {
            final boolean isNoNumber = right instanceof Long && left instanceof NaiveText text && !text.isWhole();
            final Object number = isNoNumber ? null : number(left);
            return number == null ? null : numbers(number, right);
        }
        if (right instanceof NaiveJson && left instanceof NaiveTime)
        {
            return null;
        }
        if (left instanceof NaiveTime || right instanceof NaiveTime)
        {
            return times(left, right);
        }
        return text(left).equals(text(right)) ? SAME : OTHER;
    }

    /** @return negative, 0 or positive; null if they are neither both numbers nor both times. */
    static Integer order(final Object left, final Object right)
    {
        if (left == null || right == null)
        {
            return null;
        }
        final boolean isTime = left instanceof NaiveTime || right instanceof NaiveTime;
        if (!isTime || left instanceof Double || right instanceof Double)
        {
            final Object x = number(left);
            final Object y = number(right);
            if (x != null && y != null)
            {
                return numbers(x, y);
            }
        }
        return isTime || left instanceof NaiveText && right instanceof NaiveText ? times(left, right) : null;
    }

    static Boolean contains(final Object whole, final Object part)
    {
        if (whole == null || part == null)
        {
            return null;
        }
        final NaiveText wanted = text(part);
        if (!(whole instanceof NaiveJson json))
        {
            return text(whole).string().contains(wanted.string());
        }
        if (!json.isArray())
        {
            return json.has(wanted.string());
        }
        for (final Object element : json.elements())
        {
            if (element != null && !(element instanceof NaiveJson) && text(element).equals(wanted))
            {
                return true;
            }
        }
        return false;
    }

    private static Integer times(final Object left, final Object right)
    {
        final NaiveTime x = time(left);
        final NaiveTime y = time(right);
        return x == null || y == null ? null : Integer.valueOf(Long.compare(x.epochNs(), y.epochNs()));
    }

    private static Integer numbers(final Object left, final Object right)
    {
        if (left instanceof Long x && right instanceof Long y)
        {
            return Long.compare(x, y);
        }
        if (isExactInDouble(left) && isExactInDouble(right))
        {
            final double x = ((Number)left).doubleValue();
            final double y = ((Number)right).doubleValue();
            return x < y ? -1 : x > y ? 1 : 0;
        }
        return exact(left).compareTo(exact(right));
    }

    private static boolean isExactInDouble(final Object number)
    {
        return number instanceof Double ||
            number instanceof Long whole && whole <= EXACT_IN_DOUBLE && whole >= -EXACT_IN_DOUBLE;
    }

    private static BigDecimal exact(final Object number)
    {
        return number instanceof Double decimal ? new BigDecimal(decimal) : BigDecimal.valueOf((Long)number);
    }
}
