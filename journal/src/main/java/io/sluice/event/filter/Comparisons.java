package io.sluice.event.filter;

import org.agrona.MutableDirectBuffer;

/**
 * Two values compared, after the implicit casts of CloudEvents SQL (section 3.7): for equality the left one becomes the
 * kind of the right one; for an order both become numbers, or, which is more than CloudEvents, times. The operands are
 * overwritten. Not thread-safe.
 */
final class Comparisons
{
    /** Stands for an order where there is none. */
    static final int UNCOMPARABLE = Integer.MIN_VALUE;

    private final Value leftNumber = new Value();
    private final Value rightNumber = new Value();

    /** @return 0 if equal, something else if not, {@link #UNCOMPARABLE} if the left one can't be cast. */
    int equality(final Value left, final Value right, final MutableDirectBuffer scratch)
    {
        switch (right.kind)
        {
            case BOOLEAN:
                Casts.toBoolean(left);
                return left.error != null ? UNCOMPARABLE : Long.compare(left.number, right.number);
            case INTEGER:
                if (left.kind == ValueKind.TIME)
                {
                    return times(left, right);
                }
                if (!left.isNumber())
                {
                    Casts.toInteger(left);
                }
                return left.error != null ? UNCOMPARABLE : numbers(left, right);
            case DECIMAL:
                Casts.toNumber(left);
                return left.error != null ? UNCOMPARABLE : numbers(left, right);
            case TIME:
                return times(left, right);
            default:
                if (left.kind == ValueKind.TIME)
                {
                    return times(left, right);
                }
                Casts.toText(left, scratch);
                return left.hasSameBytes(right) ? 0 : 1;
        }
    }

    /** @return negative, 0 or positive, {@link #UNCOMPARABLE} if they are neither both numbers nor both times. */
    int order(final Value left, final Value right)
    {
        // Of a number with decimals no time can be made; but of a time a number.
        if ((left.kind == ValueKind.TIME || right.kind == ValueKind.TIME) &&
            left.kind != ValueKind.DECIMAL && right.kind != ValueKind.DECIMAL)
        {
            return times(left, right);
        }
        leftNumber.set(left);
        rightNumber.set(right);
        Casts.toNumber(leftNumber);
        Casts.toNumber(rightNumber);
        if (leftNumber.error == null && rightNumber.error == null)
        {
            return numbers(leftNumber, rightNumber);
        }
        return left.kind == ValueKind.TEXT && right.kind == ValueKind.TEXT ? times(left, right) : UNCOMPARABLE;
    }

    private static int times(final Value left, final Value right)
    {
        Casts.toTime(left);
        Casts.toTime(right);
        return left.error != null || right.error != null ? UNCOMPARABLE : Long.compare(left.number, right.number);
    }

    private static int numbers(final Value left, final Value right)
    {
        if (left.kind == ValueKind.INTEGER)
        {
            return right.kind == ValueKind.INTEGER ?
                Long.compare(left.number, right.number) : mixed(left.number, right.decimal);
        }
        if (right.kind == ValueKind.INTEGER)
        {
            return -mixed(right.number, left.decimal);
        }
        return left.decimal < right.decimal ? -1 : left.decimal > right.decimal ? 1 : 0;
    }

    // A double has 53 bits for the 64 of a long, so that one can't become the other.
    private static int mixed(final long whole, final double decimal)
    {
        if (decimal >= 0x1p63)
        {
            return -1;
        }
        if (decimal < -0x1p63)
        {
            return 1;
        }
        final long truncated = (long)decimal;
        final int order = Long.compare(whole, truncated);
        // Not by Double.compare, to which 0 and -0 are two numbers.
        return order != 0 ? order : decimal > truncated ? -1 : decimal < truncated ? 1 : 0;
    }
}
