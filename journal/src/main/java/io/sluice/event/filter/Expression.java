package io.sluice.event.filter;

import java.util.List;

/**
 * What a filter says, as a tree that people, planners and {@link NodeFactory} can read. Immutable. Each part knows the
 * column where it starts, counted from 1; 0 where it was not written but built.
 */
sealed interface Expression
{
    int column();

    /** Binary operators that join truth values. */
    enum LogicOperator
    {
        AND, OR, XOR
    }

    /** Binary operators that compare. */
    enum ComparisonOperator
    {
        EQUAL("="), NOT_EQUAL("!="), LESS("<"), LESS_OR_EQUAL("<="), GREATER(">"), GREATER_OR_EQUAL(">=");

        private final String text;

        ComparisonOperator(final String text)
        {
            this.text = text;
        }

        String text()
        {
            return text;
        }

        /** @return true if only the order of two values decides, not whether they are equal. */
        boolean isOrder()
        {
            return this != EQUAL && this != NOT_EQUAL;
        }

        /** @return what says the same with left and right exchanged. */
        ComparisonOperator mirrored()
        {
            return switch (this)
            {
                case LESS -> GREATER;
                case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
                case GREATER -> LESS;
                case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
                default -> this;
            };
        }

        /** @return whether it holds for the result of a {@code compare}. */
        boolean holds(final int order)
        {
            return switch (this)
            {
                case EQUAL -> order == 0;
                case NOT_EQUAL -> order != 0;
                case LESS -> order < 0;
                case LESS_OR_EQUAL -> order <= 0;
                case GREATER -> order > 0;
                case GREATER_OR_EQUAL -> order >= 0;
            };
        }
    }

    /** Binary operators that calculate. */
    enum ArithmeticOperator
    {
        ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER
    }

    /** {@code TRUE} or {@code FALSE}. */
    record BooleanLiteral(int column, boolean value) implements Expression
    {
    }

    /** A whole number. */
    record IntegerLiteral(int column, long value) implements Expression
    {
    }

    /** A number with decimals. */
    record DecimalLiteral(int column, double value) implements Expression
    {
    }

    /** A text, without its quotes. */
    record TextLiteral(int column, String value) implements Expression
    {
    }

    /** A field of the event. */
    record FieldReference(int column, FilterField field) implements Expression
    {
    }

    /** A place in the payload or the metadata; no steps is all of it. */
    record PathReference(int column, FilterField document, List<PathStep> steps) implements Expression
    {
    }

    /** An attribute that is no field: a member of the metadata. */
    record ExtensionReference(int column, String name) implements Expression
    {
    }

    /** At least two operands, from left to right. */
    record Logic(int column, LogicOperator operator, List<Expression> operands) implements Expression
    {
    }

    /** The opposite. */
    record Not(int column, Expression operand) implements Expression
    {
    }

    /** True if the operand is, otherwise false and never an error: what a filter dialect makes of its result. */
    record Certainly(int column, Expression operand) implements Expression
    {
    }

    /** The number with the other sign. */
    record Negation(int column, Expression operand) implements Expression
    {
    }

    /** Two values compared. */
    record Comparison(int column, ComparisonOperator operator, Expression left, Expression right) implements Expression
    {
    }

    /** Two values calculated with. */
    record Arithmetic(int column, ArithmeticOperator operator, Expression left, Expression right) implements Expression
    {
    }

    /** A text that looks like a pattern of {@code %}, {@code *} and {@code _}. */
    record Like(int column, Expression operand, String pattern) implements Expression
    {
    }

    /** A type that a topic pattern matches. */
    record Matches(int column, Expression operand, String pattern) implements Expression
    {
    }

    /** A text in which a regular expression is found. */
    record Regexp(int column, Expression operand, String pattern) implements Expression
    {
    }

    /** A text with a text in it, or an array with an element. */
    record Contains(int column, Expression operand, Expression part) implements Expression
    {
    }

    /** A value that is one of some. */
    record In(int column, Expression operand, List<Expression> elements) implements Expression
    {
    }

    /** Something that the event has. */
    record Exists(int column, Expression operand) implements Expression
    {
    }

    /** A function of some values. */
    record Call(int column, FilterFunction function, List<Expression> arguments) implements Expression
    {
    }
}
