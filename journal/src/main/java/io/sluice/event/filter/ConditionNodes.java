package io.sluice.event.filter;

import com.google.re2j.Pattern;
import io.sluice.event.TopicPattern;
import org.agrona.ExpandableArrayBuffer;

/** Conditions on one value. */
final class ConditionNodes
{
    private ConditionNodes()
    {
    }

    /** A condition on a text. */
    abstract static class TextCondition extends Node
    {
        private final Node operand;
        private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();

        TextCondition(final Node operand)
        {
            this.operand = operand;
        }

        abstract boolean holds(Value text);

        @Override
        final void evaluate(final FilterInput input, final Value result)
        {
            operand.evaluate(input, result);
            if (result.error != null)
            {
                result.fail(result.error, ValueKind.BOOLEAN);
                return;
            }
            Casts.toText(result, scratch);
            result.setBoolean(holds(result));
        }

        @Override
        final ValueKind kind()
        {
            return ValueKind.BOOLEAN;
        }
    }

    /** {@code LIKE}. */
    static final class LikeNode extends TextCondition
    {
        private final LikePattern pattern;

        LikeNode(final Node operand, final LikePattern pattern)
        {
            super(operand);
            this.pattern = pattern;
        }

        @Override
        boolean holds(final Value text)
        {
            return pattern.matches(text.buffer, text.offset, text.length);
        }
    }

    /** {@code MATCHES}. */
    static final class MatchesNode extends TextCondition
    {
        private final TopicPattern pattern;

        MatchesNode(final Node operand, final TopicPattern pattern)
        {
            super(operand);
            this.pattern = pattern;
        }

        @Override
        boolean holds(final Value text)
        {
            return pattern.matches(text.buffer, text.offset, text.length);
        }
    }

    /** {@code REGEXP}: found somewhere in the text. Allocates. */
    static final class RegexpNode extends TextCondition
    {
        private final Pattern pattern;

        RegexpNode(final Node operand, final Pattern pattern)
        {
            super(operand);
            this.pattern = pattern;
        }

        @Override
        boolean holds(final Value text)
        {
            final byte[] bytes = new byte[text.length];
            text.buffer.getBytes(text.offset, bytes);
            return pattern.matcher(bytes).find();
        }
    }

    /** {@code CONTAINS}. Allocates if it looks into an array. */
    static final class ContainsNode extends Node
    {
        private final Node operand;
        private final Node part;
        private final Value partValue = new Value();
        private final TextSearch search = new TextSearch();
        private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
        private final ExpandableArrayBuffer partScratch = new ExpandableArrayBuffer();

        ContainsNode(final Node operand, final Node part)
        {
            this.operand = operand;
            this.part = part;
        }

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            operand.evaluate(input, result);
            part.evaluate(input, partValue);
            final FilterError error = result.error != null ? result.error : partValue.error;
            if (error != null)
            {
                result.fail(error, ValueKind.BOOLEAN);
                return;
            }
            Casts.toText(partValue, partScratch);
            if (result.kind == ValueKind.JSON)
            {
                result.setBoolean(JsonElements.contain(result, partValue.string()));
                return;
            }
            Casts.toText(result, scratch);
            result.setBoolean(search.find(result, partValue));
        }

        @Override
        ValueKind kind()
        {
            return ValueKind.BOOLEAN;
        }
    }

    /** {@code IN}: the elements are cast to the kind of the value that is looked for. */
    static final class InNode extends Node
    {
        private final Node operand;
        private final Node[] elements;
        private final Value wanted = new Value();
        private final Value right = new Value();
        private final Value element = new Value();
        private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
        private final Comparisons comparisons = new Comparisons();

        InNode(final Node operand, final Node[] elements)
        {
            this.operand = operand;
            this.elements = elements;
        }

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            operand.evaluate(input, wanted);
            if (wanted.error != null)
            {
                result.fail(wanted.error, ValueKind.BOOLEAN);
                return;
            }
            FilterError firstError = null;
            for (final Node candidate : elements)
            {
                candidate.evaluate(input, element);
                FilterError error = element.error;
                if (error == null)
                {
                    right.set(wanted);
                    final int equality = comparisons.equality(element, right, scratch);
                    if (equality == 0)
                    {
                        result.setBoolean(true);
                        return;
                    }
                    error = equality == Comparisons.UNCOMPARABLE ? FilterError.CAST : null;
                }
                firstError = firstError == null ? error : firstError;
            }
            if (firstError != null)
            {
                result.fail(firstError, ValueKind.BOOLEAN);
            }
            else
            {
                result.setBoolean(false);
            }
        }

        @Override
        ValueKind kind()
        {
            return ValueKind.BOOLEAN;
        }
    }
}
