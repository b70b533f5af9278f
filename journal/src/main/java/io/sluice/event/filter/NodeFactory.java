package io.sluice.event.filter;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.sluice.event.Category;
import io.sluice.event.EventFilterException;
import io.sluice.event.EventValidationException;
import io.sluice.event.Priority;
import io.sluice.event.Timestamps;
import io.sluice.event.TopicPattern;
import io.sluice.event.filter.Expression.Arithmetic;
import io.sluice.event.filter.Expression.BooleanLiteral;
import io.sluice.event.filter.Expression.Call;
import io.sluice.event.filter.Expression.Certainly;
import io.sluice.event.filter.Expression.Comparison;
import io.sluice.event.filter.Expression.ComparisonOperator;
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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Compiles expressions. What can be known to be wrong without an event is an error here. */
final class NodeFactory
{
    private static final int MAX_LIKE_LENGTH = 1024;
    private static final int MAX_REGEXP_SIZE = 10_000;

    private final FilterInput input;

    /**
     * @param input that the nodes will be evaluated with; it learns the paths that they need.
     */
    NodeFactory(final FilterInput input)
    {
        this.input = input;
    }

    Node compile(final Expression expression)
    {
        if (expression instanceof BooleanLiteral literal)
        {
            return ConstantNode.ofBoolean(literal.value());
        }
        if (expression instanceof IntegerLiteral literal)
        {
            return ConstantNode.ofInteger(literal.value());
        }
        if (expression instanceof DecimalLiteral literal)
        {
            return ConstantNode.ofDecimal(literal.value());
        }
        if (expression instanceof TextLiteral literal)
        {
            return ConstantNode.ofText(whole(literal.column(), literal.value()));
        }
        if (expression instanceof FieldReference reference)
        {
            return FieldNodes.of(reference.field());
        }
        if (expression instanceof PathReference reference)
        {
            return reference.steps().isEmpty() ?
                FieldNodes.of(reference.document()) : path(reference.document(), reference.steps());
        }
        if (expression instanceof ExtensionReference reference)
        {
            return extension(reference);
        }
        return compileOperation(expression);
    }

    private Node compileOperation(final Expression expression)
    {
        if (expression instanceof Logic logic)
        {
            return logic.operator() == LogicOperator.XOR ?
                new OperatorNodes.XorNode(compileAll(logic.operands())) :
                new OperatorNodes.JoinNode(
                    compileAll(FilterCost.cheapFirst(logic.operands())), logic.operator() == LogicOperator.OR);
        }
        if (expression instanceof Not not)
        {
            return new OperatorNodes.NotNode(compile(not.operand()));
        }
        if (expression instanceof Certainly certainly)
        {
            return new FieldNodes.CertainlyNode(compile(certainly.operand()));
        }
        if (expression instanceof Negation negation)
        {
            return new OperatorNodes.NegationNode(compile(negation.operand()));
        }
        if (expression instanceof Comparison comparison)
        {
            return comparison(comparison);
        }
        if (expression instanceof Arithmetic arithmetic)
        {
            return new OperatorNodes.ArithmeticNode(
                arithmetic.operator(), compile(arithmetic.left()), compile(arithmetic.right()));
        }
        if (expression instanceof Exists exists)
        {
            return new FieldNodes.ExistsNode(compile(exists.operand()));
        }
        if (expression instanceof Call call)
        {
            return new FunctionNode(call.function(), compileAll(call.arguments()));
        }
        return compileCondition(expression);
    }

    private Node compileCondition(final Expression expression)
    {
        if (expression instanceof Like like)
        {
            if (like.pattern().length() > MAX_LIKE_LENGTH)
            {
                throw FilterProblem.at(
                    like.column(),
                    "a pattern of LIKE has " + like.pattern().length() + " characters, use at most " + MAX_LIKE_LENGTH);
            }
            return new ConditionNodes.LikeNode(
                compile(like.operand()), LikePattern.of(whole(like.column(), like.pattern())));
        }
        if (expression instanceof Matches matches)
        {
            return new ConditionNodes.MatchesNode(
                compile(matches.operand()), topicPattern(matches.column(), matches.pattern()));
        }
        if (expression instanceof Regexp regexp)
        {
            return new ConditionNodes.RegexpNode(
                compile(regexp.operand()), regexp(regexp.column(), regexp.pattern()));
        }
        if (expression instanceof Contains contains)
        {
            return new ConditionNodes.ContainsNode(compile(contains.operand()), compile(contains.part()));
        }
        if (expression instanceof In in)
        {
            return in(in);
        }
        throw new IllegalStateException(expression.toString());
    }

    private Node[] compileAll(final List<Expression> expressions)
    {
        return expressions.stream().map(this::compile).toArray(Node[]::new);
    }

    private Node path(final FilterField document, final List<PathStep> steps)
    {
        return new FieldNodes.PathNode(document, input.document(document).add(steps));
    }

    // CloudEvents has its attributes in lower case and lets filters write them in any; metadata may have both.
    private Node extension(final ExtensionReference reference)
    {
        final Node exact = path(FilterField.METADATA, List.of(PathStep.member(reference.name())));
        final String lower = reference.name().toLowerCase(Locale.ROOT);
        return lower.equals(reference.name()) ?
            exact : new FieldNodes.EitherNode(exact, path(FilterField.METADATA, List.of(PathStep.member(lower))));
    }

    private Node comparison(final Comparison comparison)
    {
        final Expression left = comparison.left();
        final Expression right = comparison.right();
        // A literal on the left reads the same from the other side, as far as fields with words and times go.
        if (left instanceof TextLiteral && isSpecial(right))
        {
            return comparison(mirrored(comparison));
        }
        if (right instanceof TextLiteral literal && isSpecial(left))
        {
            return special(comparison.operator(), left, literal);
        }
        return new OperatorNodes.ComparisonNode(comparison.operator(), compile(left), compile(right));
    }

    // The exchange is the purpose.
    @SuppressWarnings("ArgumentSelectionDefectChecker")
    private static Comparison mirrored(final Comparison original)
    {
        return new Comparison(
            original.column(), original.operator().mirrored(), original.right(), original.left());
    }

    private Node special(final ComparisonOperator operator, final Expression left, final TextLiteral literal)
    {
        if (isField(left, FilterField.PRIORITY))
        {
            final Priority priority = checked(literal, () -> Priority.parse(literal.value()));
            return new OperatorNodes.ComparisonNode(
                operator,
                new FieldNodes.UrgencyNode(),
                ConstantNode.ofInteger(FieldNodes.UrgencyNode.urgency(priority)));
        }
        if (isField(left, FilterField.CATEGORY))
        {
            if (operator.isOrder())
            {
                throw FilterProblem.at(
                    literal.column(), "categories have no order, use = or != instead of " + operator.text());
            }
            return new OperatorNodes.ComparisonNode(operator, compile(left), word(left, literal));
        }
        final long time = checked(literal, () -> Timestamps.parse(literal.value()));
        return new OperatorNodes.ComparisonNode(operator, compile(left), ConstantNode.ofTime(time));
    }

    private Node in(final In in)
    {
        final Expression operand = in.operand();
        final Node[] elements = in.elements().stream()
            .map((element) -> element instanceof TextLiteral literal && isSpecial(operand) ?
                word(operand, literal) : compile(element))
            .toArray(Node[]::new);
        return new ConditionNodes.InNode(compile(operand), elements);
    }

    private Node word(final Expression field, final TextLiteral literal)
    {
        if (isField(field, FilterField.PRIORITY))
        {
            return ConstantNode.ofText(checked(literal, () -> Priority.parse(literal.value())).label());
        }
        if (isField(field, FilterField.CATEGORY))
        {
            return ConstantNode.ofText(checked(literal, () -> Category.parse(literal.value())).label());
        }
        return ConstantNode.ofTime(checked(literal, () -> Timestamps.parse(literal.value())));
    }

    private static boolean isSpecial(final Expression expression)
    {
        return isField(expression, FilterField.PRIORITY) || isField(expression, FilterField.CATEGORY) ||
            isField(expression, FilterField.TIMESTAMP) || isField(expression, FilterField.RECORDED) ||
            expression instanceof Call call && call.function() == FilterFunction.TIME;
    }

    private static boolean isField(final Expression expression, final FilterField field)
    {
        return expression instanceof FieldReference reference && reference.field() == field;
    }

    // Of a filter that was written, the reader has seen to it.
    private static String whole(final int column, final String text)
    {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text))
        {
            throw FilterProblem.at(column, "half of a surrogate pair stands in '" + text + "', remove it");
        }
        return text;
    }

    private static TopicPattern topicPattern(final int column, final String pattern)
    {
        try
        {
            return TopicPattern.of(pattern);
        }
        catch (final EventFilterException ex)
        {
            throw FilterProblem.at(column, ex.getMessage());
        }
    }

    private static Pattern regexp(final int column, final String pattern)
    {
        final long size = RegexpSize.of(pattern);
        if (size > MAX_REGEXP_SIZE)
        {
            throw FilterProblem.at(
                column,
                "regular expression '" + pattern + "' becomes " + size + " steps when its repetitions are written " +
                "out, and " + MAX_REGEXP_SIZE + " is the limit; repeat less often");
        }
        try
        {
            return Pattern.compile(pattern);
        }
        catch (final PatternSyntaxException ex)
        {
            throw FilterProblem.at(
                column,
                "regular expression '" + pattern + "' is malformed: " + ex.getDescription() +
                (ex.getPattern() == null ? "" : " in '" + ex.getPattern() + "'") + "; the syntax is that of RE2");
        }
    }

    private static <T> T checked(final TextLiteral literal, final Supplier<T> reader)
    {
        try
        {
            return reader.get();
        }
        catch (final EventValidationException ex)
        {
            throw FilterProblem.at(literal.column(), ex.getMessage());
        }
    }
}
