package io.sluice.event.filter;

import io.sluice.event.filter.Expression.Arithmetic;
import io.sluice.event.filter.Expression.BooleanLiteral;
import io.sluice.event.filter.Expression.Call;
import io.sluice.event.filter.Expression.Certainly;
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
import io.sluice.event.filter.Expression.Matches;
import io.sluice.event.filter.Expression.Negation;
import io.sluice.event.filter.Expression.Not;
import io.sluice.event.filter.Expression.PathReference;
import io.sluice.event.filter.Expression.Regexp;
import io.sluice.event.filter.Expression.TextLiteral;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An expression as text that reads back as the same expression, with parentheses around every operation in another one.
 * What the language has no words for, the certainty of a dialect, is left out: such a text is for people.
 */
final class ExpressionText
{
    private ExpressionText()
    {
    }

    static String of(final Expression expression)
    {
        if (expression instanceof BooleanLiteral literal)
        {
            return literal.value() ? "TRUE" : "FALSE";
        }
        if (expression instanceof IntegerLiteral literal)
        {
            return Long.toString(literal.value());
        }
        if (expression instanceof DecimalLiteral literal)
        {
            final String digits = new BigDecimal(Double.toString(literal.value())).toPlainString();
            return digits.indexOf('.') < 0 ? digits + ".0" : digits;
        }
        if (expression instanceof TextLiteral literal)
        {
            return quoted(literal.value());
        }
        if (expression instanceof FieldReference reference)
        {
            return reference.field().label();
        }
        if (expression instanceof ExtensionReference reference)
        {
            return reference.name();
        }
        if (expression instanceof PathReference reference)
        {
            return reference.document().label() +
                reference.steps().stream().map(ExpressionText::step).collect(Collectors.joining());
        }
        return operation(expression);
    }

    private static String operation(final Expression expression)
    {
        if (expression instanceof Logic logic)
        {
            return join(logic.operands(), " " + logic.operator() + " ");
        }
        if (expression instanceof Not not)
        {
            return "NOT " + operand(not.operand());
        }
        if (expression instanceof Certainly certainly)
        {
            return of(certainly.operand());
        }
        if (expression instanceof Negation negation)
        {
            return "-" + operand(negation.operand());
        }
        if (expression instanceof Comparison comparison)
        {
            return operand(comparison.left()) + " " + comparison.operator().text() + " " + operand(comparison.right());
        }
        if (expression instanceof Arithmetic arithmetic)
        {
            final String operator = switch (arithmetic.operator())
            {
                case ADD -> " + ";
                case SUBTRACT -> " - ";
                case MULTIPLY -> " * ";
                case DIVIDE -> " / ";
                case REMAINDER -> " % ";
            };
            return operand(arithmetic.left()) + operator + operand(arithmetic.right());
        }
        if (expression instanceof Exists exists)
        {
            return "EXISTS " + of(exists.operand());
        }
        if (expression instanceof Call call)
        {
            return call.function() +
                call.arguments().stream().map(ExpressionText::of).collect(Collectors.joining(", ", "(", ")"));
        }
        return condition(expression);
    }

    private static String condition(final Expression expression)
    {
        if (expression instanceof Like like)
        {
            return operand(like.operand()) + " LIKE " + quoted(like.pattern());
        }
        if (expression instanceof Matches matches)
        {
            return operand(matches.operand()) + " MATCHES " + quoted(matches.pattern());
        }
        if (expression instanceof Regexp regexp)
        {
            return operand(regexp.operand()) + " REGEXP " + quoted(regexp.pattern());
        }
        if (expression instanceof Contains contains)
        {
            return operand(contains.operand()) + " CONTAINS " + operand(contains.part());
        }
        final In in = (In)expression;
        return operand(in.operand()) + " IN " +
            in.elements().stream().map(ExpressionText::of).collect(Collectors.joining(", ", "(", ")"));
    }

    private static String join(final List<Expression> operands, final String separator)
    {
        return operands.stream().map(ExpressionText::operand).collect(Collectors.joining(separator));
    }

    private static String operand(final Expression expression)
    {
        final boolean isAtom =
            expression instanceof BooleanLiteral || expression instanceof IntegerLiteral ||
            expression instanceof DecimalLiteral || expression instanceof TextLiteral ||
            expression instanceof FieldReference || expression instanceof ExtensionReference ||
            expression instanceof PathReference || expression instanceof Call;
        return isAtom ? of(expression) : "(" + of(expression) + ")";
    }

    private static String step(final PathStep step)
    {
        if (step.name() == null)
        {
            return "[" + step.index() + "]";
        }
        return isWord(step.name()) ? "." + step.name() : "[" + quoted(step.name()) + "]";
    }

    private static boolean isWord(final String name)
    {
        for (int i = 0; i < name.length(); i++)
        {
            final char c = name.charAt(i);
            if (c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z'))
            {
                return false;
            }
        }
        return !name.isEmpty();
    }

    // A quote is written twice: a backslash before it might belong to the text.
    private static String quoted(final String text)
    {
        return "'" + text.replace("'", "''") + "'";
    }
}
