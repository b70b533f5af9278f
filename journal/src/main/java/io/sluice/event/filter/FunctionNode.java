package io.sluice.event.filter;

import java.util.Locale;
import org.agrona.ExpandableArrayBuffer;

/**
 * A call of a function (CloudEvents SQL, section 3.5). Characters are code points. An argument with an error makes the
 * result one. Allocates where a function makes or counts text.
 */
final class FunctionNode extends Node
{
    private final FilterFunction function;
    private final Node[] arguments;
    private final Value argument = new Value();
    private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();

    FunctionNode(final FilterFunction function, final Node[] arguments)
    {
        this.function = function;
        this.arguments = arguments;
    }

    @Override
    void evaluate(final FilterInput input, final Value result)
    {
        switch (function)
        {
            case INT, BOOL, STRING, TIME, ABS -> evaluateOfOne(input, result);
            case CONCAT, CONCAT_WS -> concatenate(input, result);
            default -> evaluateOfText(input, result);
        }
    }

    @Override
    ValueKind kind()
    {
        return function.result();
    }

    private void evaluateOfOne(final FilterInput input, final Value result)
    {
        arguments[0].evaluate(input, result);
        if (result.error != null)
        {
            result.fail(result.error, function.result());
            return;
        }
        switch (function)
        {
            case INT -> Casts.toInteger(result);
            case BOOL -> Casts.toBoolean(result);
            case STRING -> Casts.toText(result, scratch);
            case TIME -> Casts.toTime(result);
            default -> absolute(result);
        }
    }

    private static void absolute(final Value result)
    {
        Casts.toNumber(result);
        if (result.error != null)
        {
            return;
        }
        if (result.kind == ValueKind.DECIMAL)
        {
            result.setDecimal(Math.abs(result.decimal));
        }
        // The specification knows 32 bits: the least of them has no opposite there.
        else if (result.number == Integer.MIN_VALUE || result.number == Long.MIN_VALUE)
        {
            final long greatest = -(result.number + 1);
            result.setInteger(greatest);
            result.error = FilterError.MATH;
        }
        else
        {
            result.setInteger(Math.abs(result.number));
        }
    }

    private void concatenate(final FilterInput input, final Value result)
    {
        final StringBuilder text = new StringBuilder();
        String separator = "";
        int first = 0;
        if (function == FilterFunction.CONCAT_WS)
        {
            separator = text(0, input, result);
            if (separator == null)
            {
                return;
            }
            first = 1;
        }
        for (int i = first; i < arguments.length; i++)
        {
            final String part = text(i, input, result);
            if (part == null)
            {
                return;
            }
            if (!input.mayMake(separator.length() + (long)part.length()))
            {
                result.fail(FilterError.FUNCTION_EVALUATION, ValueKind.TEXT);
                return;
            }
            text.append(i > first ? separator : "").append(part);
        }
        result.setText(text.toString(), scratch);
    }

    private void evaluateOfText(final FilterInput input, final Value result)
    {
        final String text = text(0, input, result);
        if (text == null)
        {
            return;
        }
        switch (function)
        {
            case LENGTH -> result.setInteger(text.codePointCount(0, text.length()));
            case LOWER -> make(text.toLowerCase(Locale.ROOT), input, result);
            case UPPER -> make(text.toUpperCase(Locale.ROOT), input, result);
            case TRIM -> make(trim(text), input, result);
            default -> cut(text, input, result);
        }
    }

    private void make(final String text, final FilterInput input, final Value result)
    {
        if (input.mayMake(text.length()))
        {
            result.setText(text, scratch);
        }
        else
        {
            result.fail(FilterError.FUNCTION_EVALUATION, ValueKind.TEXT);
        }
    }

    private void cut(final String text, final FilterInput input, final Value result)
    {
        if (!evaluateInteger(1, input, result))
        {
            return;
        }
        final long count = argument.number;
        final int length = text.codePointCount(0, text.length());
        if (function == FilterFunction.SUBSTRING)
        {
            substring(text, length, count, input, result);
        }
        else if (count < 0 || count >= length)
        {
            make(text, input, result);
            result.error = count < 0 ? FilterError.FUNCTION_EVALUATION : result.error;
        }
        else if (function == FilterFunction.LEFT)
        {
            make(text.substring(0, text.offsetByCodePoints(0, (int)count)), input, result);
        }
        else
        {
            make(text.substring(text.offsetByCodePoints(0, length - (int)count)), input, result);
        }
    }

    private void substring(
        final String text, final int length, final long position, final FilterInput input, final Value result)
    {
        long count = length;
        if (arguments.length > 2)
        {
            if (!evaluateInteger(2, input, result))
            {
                return;
            }
            count = Math.min(length, argument.number);
        }
        if (position > length || position < -length || count < 0)
        {
            result.fail(FilterError.FUNCTION_EVALUATION, ValueKind.TEXT);
        }
        else if (position == 0)
        {
            result.setText("", scratch);
        }
        else
        {
            final int start = (int)(position > 0 ? position - 1 : length + position);
            final int end = (int)Math.min(length, start + count);
            final int from = text.offsetByCodePoints(0, start);
            make(text.substring(from, text.offsetByCodePoints(from, end - start)), input, result);
        }
    }

    /** @return true if an argument is an integer; otherwise the result is set. */
    private boolean evaluateInteger(final int index, final FilterInput input, final Value result)
    {
        arguments[index].evaluate(input, argument);
        if (argument.error == null)
        {
            Casts.toInteger(argument);
        }
        if (argument.error != null)
        {
            result.fail(argument.error, ValueKind.TEXT);
            return false;
        }
        return true;
    }

    /** @return an argument as text; null if there is none, then the result is set. */
    private String text(final int index, final FilterInput input, final Value result)
    {
        arguments[index].evaluate(input, argument);
        if (argument.error != null)
        {
            result.fail(argument.error, function.result());
            return null;
        }
        Casts.toText(argument, scratch);
        return argument.string();
    }

    private static String trim(final String text)
    {
        int start = 0;
        int end = text.length();
        while (start < end && isWhiteSpace(text.charAt(start)))
        {
            start++;
        }
        while (end > start && isWhiteSpace(text.charAt(end - 1)))
        {
            end--;
        }
        return text.substring(start, end);
    }

    // The property White_Space of Unicode; none of its characters needs a surrogate.
    private static boolean isWhiteSpace(final char c)
    {
        return c >= '\t' && c <= '\r' || c == '\u0085' || Character.isSpaceChar(c);
    }
}
