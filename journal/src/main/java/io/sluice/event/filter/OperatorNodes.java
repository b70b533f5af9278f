package io.sluice.event.filter;

import io.sluice.event.filter.Expression.ArithmeticOperator;
import io.sluice.event.filter.Expression.ComparisonOperator;
import org.agrona.ExpandableArrayBuffer;

/** Operators that compare, calculate and join. An operand with an error makes the result one. */
final class OperatorNodes
{
    private OperatorNodes()
    {
    }

    /**
     * {@code AND} and {@code OR} with three truth values, as in SQL: an operand with an error is unknown. Whatever the
     * order of the operands, the result is the same: one that decides alone decides.
     */
    static final class JoinNode extends Node
    {
        private final Node[] operands;
        private final boolean decisive;

        /**
         * @param operands at least two.
         * @param decisive the value of one operand that is the result: false of {@code AND}, true of {@code OR}.
         */
        JoinNode(final Node[] operands, final boolean decisive)
        {
            this.operands = operands;
            this.decisive = decisive;
        }

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            FilterError firstError = null;
            for (final Node operand : operands)
            {
                operand.evaluate(input, result);
                if (result.error == null)
                {
                    Casts.toBoolean(result);
                }
                if (result.error != null)
                {
                    firstError = firstError == null ? result.error : firstError;
                }
                else if (result.isTrue() == decisive)
                {
                    return;
                }
            }
            if (firstError != null)
            {
                result.fail(firstError, ValueKind.BOOLEAN);
            }
            else
            {
                result.setBoolean(!decisive);
            }
        }

        @Override
        ValueKind kind()
        {
            return ValueKind.BOOLEAN;
        }
    }

    /** {@code XOR}. */
    static final class XorNode extends Node
    {
        private final Node[] operands;

        XorNode(final Node[] operands)
        {
            this.operands = operands;
        }

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            boolean isOdd = false;
            for (final Node operand : operands)
            {
                operand.evaluate(input, result);
                if (result.error == null)
                {
                    Casts.toBoolean(result);
                }
                if (result.error != null)
                {
                    result.fail(result.error, ValueKind.BOOLEAN);
                    return;
                }
                isOdd ^= result.isTrue();
            }
            result.setBoolean(isOdd);
        }

        @Override
        ValueKind kind()
        {
            return ValueKind.BOOLEAN;
        }
    }

    /** {@code NOT}. What can't be cast counts as false and is an error still, as the official test kit has it. */
    static final class NotNode extends Node
    {
        private final Node operand;

        NotNode(final Node operand)
        {
            this.operand = operand;
        }

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            operand.evaluate(input, result);
            if (result.error != null)
            {
                result.fail(result.error, ValueKind.BOOLEAN);
                return;
            }
            if (result.isNumber())
            {
                result.fail(FilterError.CAST, ValueKind.BOOLEAN);
            }
            else
            {
                Casts.toBoolean(result);
            }
            final FilterError error = result.error;
            result.setBoolean(!result.isTrue());
            result.error = error;
        }

        @Override
        ValueKind kind()
        {
            return ValueKind.BOOLEAN;
        }
    }

    /** A comparison. */
    static final class ComparisonNode extends Node
    {
        private final ComparisonOperator operator;
        private final Node left;
        private final Node right;
        private final Value rightValue = new Value();
        private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
        private final Comparisons comparisons = new Comparisons();

        ComparisonNode(final ComparisonOperator operator, final Node left, final Node right)
        {
            this.operator = operator;
            this.left = left;
            this.right = right;
        }

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            left.evaluate(input, result);
            if (result.error != null)
            {
                result.fail(result.error, ValueKind.BOOLEAN);
                return;
            }
            right.evaluate(input, rightValue);
            if (rightValue.error != null)
            {
                result.fail(rightValue.error, ValueKind.BOOLEAN);
                return;
            }
            final int order = operator.isOrder() ?
                comparisons.order(result, rightValue) : comparisons.equality(result, rightValue, scratch);
            if (order == Comparisons.UNCOMPARABLE)
            {
                result.fail(FilterError.CAST, ValueKind.BOOLEAN);
            }
            else
            {
                result.setBoolean(operator.holds(order));
            }
        }

        @Override
        ValueKind kind()
        {
            return ValueKind.BOOLEAN;
        }
    }

    /** The other sign. */
    static final class NegationNode extends Node
    {
        private final Node operand;

        NegationNode(final Node operand)
        {
            this.operand = operand;
        }

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            operand.evaluate(input, result);
            if (result.error == null)
            {
                Casts.toNumber(result);
            }
            if (result.error != null)
            {
                result.fail(result.error, ValueKind.INTEGER);
            }
            else if (result.kind == ValueKind.DECIMAL)
            {
                result.setDecimal(-result.decimal);
            }
            else if (result.number == Long.MIN_VALUE)
            {
                result.fail(FilterError.MATH, ValueKind.INTEGER);
            }
            else
            {
                result.setInteger(-result.number);
            }
        }

        @Override
        ValueKind kind()
        {
            return ValueKind.INTEGER;
        }
    }

    /** A calculation: of 64 bits, or with decimals if one of the two has some. */
    static final class ArithmeticNode extends Node
    {
        private final ArithmeticOperator operator;
        private final Node left;
        private final Node right;
        private final Value rightValue = new Value();

        ArithmeticNode(final ArithmeticOperator operator, final Node left, final Node right)
        {
            this.operator = operator;
            this.left = left;
            this.right = right;
        }

        @Override
        void evaluate(final FilterInput input, final Value result)
        {
            left.evaluate(input, result);
            right.evaluate(input, rightValue);
            final FilterError error = result.error != null ? result.error : rightValue.error;
            if (error != null)
            {
                result.fail(error, ValueKind.INTEGER);
                return;
            }
            Casts.toNumber(result);
            Casts.toNumber(rightValue);
            if (result.error != null || rightValue.error != null)
            {
                result.fail(FilterError.CAST, ValueKind.INTEGER);
            }
            else if (result.kind == ValueKind.INTEGER && rightValue.kind == ValueKind.INTEGER)
            {
                calculate(result, result.number, rightValue.number);
            }
            else
            {
                calculate(result, decimal(result), decimal(rightValue));
            }
        }

        @Override
        ValueKind kind()
        {
            return ValueKind.INTEGER;
        }

        private void calculate(final Value result, final long x, final long y)
        {
            final boolean isDivision =
                operator == ArithmeticOperator.DIVIDE || operator == ArithmeticOperator.REMAINDER;
            if (isDivision ? y == 0 || x == Long.MIN_VALUE && y == -1 : overflows(x, y))
            {
                result.fail(FilterError.MATH, ValueKind.INTEGER);
                return;
            }
            result.setInteger(switch (operator)
            {
                case ADD -> x + y;
                case SUBTRACT -> x - y;
                case MULTIPLY -> x * y;
                case DIVIDE -> x / y;
                case REMAINDER -> x % y;
            });
        }

        private boolean overflows(final long x, final long y)
        {
            return switch (operator)
            {
                case ADD -> ((x ^ (x + y)) & (y ^ (x + y))) < 0;
                case SUBTRACT -> ((x ^ y) & (x ^ (x - y))) < 0;
                default -> Math.multiplyHigh(x, y) != (x * y) >> 63;
            };
        }

        private void calculate(final Value result, final double x, final double y)
        {
            final double value = switch (operator)
            {
                case ADD -> x + y;
                case SUBTRACT -> x - y;
                case MULTIPLY -> x * y;
                case DIVIDE -> x / y;
                case REMAINDER -> x % y;
            };
            if (Double.isFinite(value))
            {
                result.setDecimal(value);
            }
            else
            {
                result.fail(FilterError.MATH, ValueKind.INTEGER);
            }
        }

        private static double decimal(final Value value)
        {
            return value.kind == ValueKind.DECIMAL ? value.decimal : value.number;
        }
    }
}
