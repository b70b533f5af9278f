package io.sluice.event.filter;

import io.sluice.event.EventValidationException;
import io.sluice.event.Timestamps;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Values made another kind (CloudEvents SQL, section 3.7). A value that can't be cast becomes the zero of the kind with
 * {@link FilterError#CAST}. Free of allocation, but for times and decimals between text and number.
 */
final class Casts
{
    private static final long NS_PER_MS = 1_000_000L;
    /** What a time starts with. */
    private static final String TIME_DIGITS = "0000-00-00";

    private Casts()
    {
    }

    static void toBoolean(final Value value)
    {
        switch (value.kind)
        {
            case BOOLEAN ->
            {
                return;
            }
            case INTEGER -> value.setBoolean(value.number != 0);
            case DECIMAL -> value.setBoolean(value.decimal != 0);
            case TEXT ->
            {
                final int truth = truth(value);
                if (truth < 0)
                {
                    value.fail(FilterError.CAST, ValueKind.BOOLEAN);
                }
                else
                {
                    value.setBoolean(truth == 1);
                }
            }
            default -> value.fail(FilterError.CAST, ValueKind.BOOLEAN);
        }
    }

    /** To a number of either kind; a text with decimals becomes a decimal. */
    static void toNumber(final Value value)
    {
        switch (value.kind)
        {
            case INTEGER, DECIMAL ->
            {
                return;
            }
            case BOOLEAN -> value.setInteger(value.number);
            case TIME -> value.setInteger(Math.floorDiv(value.number, NS_PER_MS));
            case TEXT ->
            {
                if (!parseInteger(value) && !parseDecimal(value))
                {
                    value.fail(FilterError.CAST, ValueKind.INTEGER);
                }
            }
            default -> value.fail(FilterError.CAST, ValueKind.INTEGER);
        }
    }

    static void toInteger(final Value value)
    {
        if (value.kind == ValueKind.TEXT)
        {
            if (!parseInteger(value))
            {
                value.fail(FilterError.CAST, ValueKind.INTEGER);
            }
            return;
        }
        toNumber(value);
        if (value.kind == ValueKind.DECIMAL)
        {
            final double truncated = value.decimal < 0 ? Math.ceil(value.decimal) : Math.floor(value.decimal);
            if (truncated >= -0x1p63 && truncated < 0x1p63)
            {
                value.setInteger((long)truncated);
            }
            else
            {
                value.fail(FilterError.CAST, ValueKind.INTEGER);
            }
        }
    }

    static void toText(final Value value, final MutableDirectBuffer scratch)
    {
        switch (value.kind)
        {
            case TEXT ->
            {
                return;
            }
            case JSON -> value.setText(value.buffer, value.offset, value.length);
            case BOOLEAN -> value.setText(scratch, 0, scratch.putStringWithoutLengthAscii(0, value.isTrue() ?
                "true" : "false"));
            case INTEGER -> value.setText(scratch, 0, scratch.putLongAscii(0, value.number));
            case DECIMAL -> value.setText(Double.toString(value.decimal), scratch);
            case TIME -> value.setText(Timestamps.text(value.number), scratch);
        }
    }

    static void toTime(final Value value)
    {
        switch (value.kind)
        {
            case TIME ->
            {
                return;
            }
            case INTEGER -> setMillis(value, value.number);
            case TEXT -> parseTime(value);
            default -> value.fail(FilterError.CAST, ValueKind.TIME);
        }
    }

    /** @return 1 for true, 0 for false, in any case; -1 for other texts. */
    static int truth(final Value text)
    {
        return isWord(text, "true") ? 1 : isWord(text, "false") ? 0 : -1;
    }

    /** Make a text an integer, if it is one. */
    static boolean parseInteger(final Value value)
    {
        final DirectBuffer buffer = value.buffer;
        final int end = value.offset + value.length;
        int at = value.offset;
        final boolean isNegative = at < end && buffer.getByte(at) == '-';
        if (at < end && (isNegative || buffer.getByte(at) == '+'))
        {
            at++;
        }
        if (at == end)
        {
            return false;
        }
        // Negative, because there is one more of them.
        long number = 0;
        for (; at < end; at++)
        {
            final int digit = buffer.getByte(at) - '0';
            if (digit < 0 || digit > 9 || number < (Long.MIN_VALUE + digit) / 10)
            {
                return false;
            }
            number = number * 10 - digit;
        }
        if (!isNegative && number == Long.MIN_VALUE)
        {
            return false;
        }
        value.setInteger(isNegative ? number : -number);
        return true;
    }

    private static boolean parseDecimal(final Value value)
    {
        // What Java takes for a number is more than that: 1f, 0x1p3, NaN, white space.
        for (int i = 0; i < value.length; i++)
        {
            final byte b = value.buffer.getByte(value.offset + i);
            if ((b < '0' || b > '9') && b != '.' && b != 'e' && b != 'E' && b != '-' && b != '+')
            {
                return false;
            }
        }
        try
        {
            value.setDecimal(Double.parseDouble(value.string()));
            return true;
        }
        catch (final NumberFormatException ex)
        {
            return false;
        }
    }

    private static void parseTime(final Value value)
    {
        if (!mayBeTime(value))
        {
            value.fail(FilterError.CAST, ValueKind.TIME);
            return;
        }
        try
        {
            value.setTime(Timestamps.parse(value.string()));
        }
        catch (final EventValidationException ex)
        {
            value.fail(FilterError.CAST, ValueKind.TIME);
        }
    }

    // Mostly it is none, and to be told so by an exception takes a hundred times as long.
    private static boolean mayBeTime(final Value value)
    {
        int at = value.offset;
        int left = value.length;
        while (left > 0 && value.buffer.getByte(at) >= 0 && value.buffer.getByte(at) <= ' ')
        {
            at++;
            left--;
        }
        return left >= TIME_DIGITS.length() && hasDigits(value, at);
    }

    private static boolean hasDigits(final Value value, final int start)
    {
        for (int i = 0; i < TIME_DIGITS.length(); i++)
        {
            final byte b = value.buffer.getByte(start + i);
            if (TIME_DIGITS.charAt(i) == '0' ? b < '0' || b > '9' : b != TIME_DIGITS.charAt(i))
            {
                return false;
            }
        }
        return true;
    }

    private static void setMillis(final Value value, final long millis)
    {
        if (millis > Long.MAX_VALUE / NS_PER_MS || millis < Long.MIN_VALUE / NS_PER_MS)
        {
            value.fail(FilterError.CAST, ValueKind.TIME);
        }
        else
        {
            value.setTime(millis * NS_PER_MS);
        }
    }

    private static boolean isWord(final Value text, final String word)
    {
        if (text.length != word.length())
        {
            return false;
        }
        for (int i = 0; i < text.length; i++)
        {
            if ((text.buffer.getByte(text.offset + i) | 0x20) != word.charAt(i))
            {
                return false;
            }
        }
        return true;
    }
}
