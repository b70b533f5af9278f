package io.sluice.event.filter;

import io.sluice.event.filter.Expression.Arithmetic;
import io.sluice.event.filter.Expression.ArithmeticOperator;
import io.sluice.event.filter.Expression.BooleanLiteral;
import io.sluice.event.filter.Expression.Call;
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
import io.sluice.event.filter.grammar.FilterBaseVisitor;
import io.sluice.event.filter.grammar.FilterLexer;
import io.sluice.event.filter.grammar.FilterParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/**
 * Reads a filter: text to {@link Expression}. Where CloudEvents SQL and SQL would read the same words differently, the
 * words are refused, and the message says how to write either meaning.
 */
final class FilterReader extends FilterBaseVisitor<Expression>
{
    /** Characters of the longest filter. */
    static final int MAX_LENGTH = 16_384;
    /** Operators of one precedence in a row, other than AND, OR and XOR. */
    static final int MAX_ROW = 100;

    private FilterReader()
    {
    }

    static Expression read(final String text)
    {
        if (text.length() > MAX_LENGTH)
        {
            throw FilterProblem.at(
                0, "it has " + text.length() + " characters, use at most " + MAX_LENGTH);
        }
        FilterSyntax.ensureCharacters(text);
        final FilterLexer lexer = new FilterLexer(CharStreams.fromString(text));
        lexer.removeErrorListeners();
        final CommonTokenStream tokens = new CommonTokenStream(lexer);
        tokens.fill();
        FilterSyntax.ensureShallow(tokens.getTokens());
        final FilterParser parser = new FilterParser(tokens);
        parser.removeErrorListeners();
        parser.addErrorListener(new FilterSyntax());
        return new FilterReader().visit(parser.filter().expression());
    }

    @Override
    public Expression visitExpression(final FilterParser.ExpressionContext context)
    {
        Expression left = visit(context.comparison(0));
        final List<Expression> operands = new ArrayList<>(List.of(left));
        LogicOperator operator = null;
        for (int i = 0; i < context.logicOperator().size(); i++)
        {
            final LogicOperator next = logicOperator(context.logicOperator(i));
            if (operator != null && next != operator)
            {
                ensureSameInSql(context.logicOperator(i).getStart(), operator, next);
                left = new Logic(column(context), operator, List.copyOf(operands));
                operands.clear();
                operands.add(left);
            }
            operator = next;
            operands.add(visit(context.comparison(i + 1)));
        }
        return operator == null ? left : new Logic(column(context), operator, List.copyOf(operands));
    }

    @Override
    public Expression visitComparison(final FilterParser.ComparisonContext context)
    {
        final int count = ensureRow(context, context.comparisonOperator());
        ensureNotAlone(count, context.sum(0));
        Expression left = visit(context.sum(0));
        ComparisonOperator before = null;
        for (int i = 0; i < count; i++)
        {
            final ComparisonOperator operator = comparisonOperator(context.comparisonOperator(i));
            if (before != null && before.isOrder() && operator.isOrder())
            {
                throw FilterProblem.at(
                    column(context.comparisonOperator(i)),
                    "two orders in a row compare a truth value with a number; write for example 1 < x AND x < 9");
            }
            before = operator;
            left = new Comparison(column(context), operator, left, visit(context.sum(i + 1)));
        }
        return left;
    }

    @Override
    public Expression visitSum(final FilterParser.SumContext context)
    {
        final int count = ensureRow(context, context.sumOperator());
        ensureNotAlone(count, context.product(0));
        Expression left = visit(context.product(0));
        for (int i = 0; i < count; i++)
        {
            ensureUnconditional(context.product(i).tested());
            ensureUnconditional(context.product(i + 1).tested());
            left = new Arithmetic(
                column(context),
                context.sumOperator(i).PLUS() != null ? ArithmeticOperator.ADD : ArithmeticOperator.SUBTRACT,
                left,
                visit(context.product(i + 1)));
        }
        return left;
    }

    @Override
    public Expression visitProduct(final FilterParser.ProductContext context)
    {
        final int count = ensureRow(context, context.productOperator());
        ensureNotAlone(count, context.tested(0));
        Expression left = visit(context.tested(0));
        for (int i = 0; i < count; i++)
        {
            ensureUnconditional(context.tested());
            final FilterParser.ProductOperatorContext operator = context.productOperator(i);
            left = new Arithmetic(
                column(context),
                operator.STAR() != null ? ArithmeticOperator.MULTIPLY :
                    operator.SLASH() != null ? ArithmeticOperator.DIVIDE : ArithmeticOperator.REMAINDER,
                left,
                visit(context.tested(i + 1)));
        }
        return left;
    }

    @Override
    public Expression visitTested(final FilterParser.TestedContext context)
    {
        final int count = ensureRow(context, context.condition());
        ensureNotAlone(count, context.unary());
        Expression operand = visit(context.unary());
        for (final FilterParser.ConditionContext condition : context.condition())
        {
            operand = condition(operand, condition);
        }
        return operand;
    }

    @Override
    public Expression visitNotUnary(final FilterParser.NotUnaryContext context)
    {
        return new Not(column(context), visit(context.unary()));
    }

    @Override
    public Expression visitMinusUnary(final FilterParser.MinusUnaryContext context)
    {
        // The least integer has no positive one to be the opposite of.
        if (context.unary() instanceof FilterParser.LiteralUnaryContext literal &&
            literal.literal().number() != null && literal.literal().number().INTEGER() != null)
        {
            return integer(column(context), "-" + literal.getText(), literal.getStart());
        }
        return new Negation(column(context), visit(context.unary()));
    }

    @Override
    public Expression visitPlusUnary(final FilterParser.PlusUnaryContext context)
    {
        return visit(context.number());
    }

    @Override
    public Expression visitExistsUnary(final FilterParser.ExistsUnaryContext context)
    {
        return new Exists(column(context), visit(context.path()));
    }

    @Override
    public Expression visitCallUnary(final FilterParser.CallUnaryContext context)
    {
        final String name = context.functionName().getText();
        final FilterFunction function = FilterFunction.of(name);
        final int count = context.expression().size();
        if (function == null)
        {
            throw FilterProblem.at(
                column(context),
                "there is no function " + name + ", use one of " +
                Arrays.stream(FilterFunction.values()).map(Enum::name).collect(Collectors.joining(", ")));
        }
        if (!function.takes(count))
        {
            throw FilterProblem.at(
                column(context), function.name() + " takes " + function.arity() + " and has " + count);
        }
        return new Call(column(context), function, visitAll(context.expression()));
    }

    @Override
    public Expression visitGroupUnary(final FilterParser.GroupUnaryContext context)
    {
        return visit(context.expression());
    }

    @Override
    public Expression visitLiteral(final FilterParser.LiteralContext context)
    {
        if (context.string() != null)
        {
            return new TextLiteral(column(context), FilterSyntax.unquote(context.getText()));
        }
        return context.number() != null ?
            visit(context.number()) : new BooleanLiteral(column(context), context.TRUE() != null);
    }

    @Override
    public Expression visitNumber(final FilterParser.NumberContext context)
    {
        return context.INTEGER() != null ?
            integer(column(context), context.getText(), context.getStart()) :
            new DecimalLiteral(column(context), decimal(context));
    }

    @Override
    public Expression visitPath(final FilterParser.PathContext context)
    {
        final String name = context.name().getText();
        final List<PathStep> steps = context.step().stream().map(FilterReader::step).collect(Collectors.toList());
        final FilterField field = FilterField.of(name);
        if (field != null && field.isDocument())
        {
            return new PathReference(column(context), field, steps);
        }
        if (steps.isEmpty())
        {
            return field != null ?
                new FieldReference(column(context), field) : new ExtensionReference(column(context), name);
        }
        final FilterField dotted = FilterField.of(context.getText());
        if (dotted != null)
        {
            return new FieldReference(column(context), dotted);
        }
        throw FilterProblem.at(
            column(context),
            context.getText() + " leads nowhere: paths start with payload or metadata, or are aggregate.type, " +
            "aggregate.id and aggregate.version; write for example payload." + context.getText());
    }

    private Expression condition(final Expression operand, final FilterParser.ConditionContext context)
    {
        final int column = operand.column();
        if (context instanceof FilterParser.LikeConditionContext like)
        {
            return not(like.NOT() != null, new Like(column, operand, text(like.string())));
        }
        if (context instanceof FilterParser.MatchesConditionContext matches)
        {
            return not(matches.NOT() != null, new Matches(column, operand, text(matches.string())));
        }
        if (context instanceof FilterParser.RegexpConditionContext regexp)
        {
            return not(regexp.NOT() != null, new Regexp(column, operand, text(regexp.string())));
        }
        if (context instanceof FilterParser.ContainsConditionContext contains)
        {
            return not(contains.NOT() != null, new Contains(column, operand, visit(contains.unary())));
        }
        final FilterParser.InConditionContext in = (FilterParser.InConditionContext)context;
        return not(in.NOT() != null, new In(column, operand, visitAll(in.expression())));
    }

    private List<Expression> visitAll(final List<FilterParser.ExpressionContext> contexts)
    {
        return contexts.stream().map(this::visit).collect(Collectors.toUnmodifiableList());
    }

    private static Expression not(final boolean isNegated, final Expression expression)
    {
        return isNegated ? new Not(expression.column(), expression) : expression;
    }

    private static PathStep step(final FilterParser.StepContext context)
    {
        if (context instanceof FilterParser.MemberStepContext member)
        {
            return PathStep.member(member.member().getText());
        }
        final FilterParser.BracketStepContext bracket = (FilterParser.BracketStepContext)context;
        if (bracket.string() != null)
        {
            return PathStep.member(text(bracket.string()));
        }
        final Token token = bracket.INTEGER().getSymbol();
        final String digits = token.getText();
        if (digits.length() > 9)
        {
            throw FilterProblem.at(column(token), "there is no element " + digits + ", use at most 999999999");
        }
        return PathStep.element(Integer.parseInt(digits));
    }

    private static String text(final FilterParser.StringContext context)
    {
        return FilterSyntax.unquote(context.getText());
    }

    private static Expression integer(final int column, final String digits, final Token token)
    {
        try
        {
            return new IntegerLiteral(column, Long.parseLong(digits));
        }
        catch (final NumberFormatException ex)
        {
            throw FilterProblem.at(
                column(token),
                digits + " is out of range, use an integer from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE +
                ", or put it in quotes");
        }
    }

    private static double decimal(final FilterParser.NumberContext context)
    {
        final double value = Double.parseDouble(context.getText());
        if (Double.isInfinite(value))
        {
            throw FilterProblem.at(column(context), context.getText() + " is out of range, use a smaller number");
        }
        return value;
    }

    private static LogicOperator logicOperator(final FilterParser.LogicOperatorContext context)
    {
        return context.AND() != null ? LogicOperator.AND : context.OR() != null ? LogicOperator.OR : LogicOperator.XOR;
    }

    private static ComparisonOperator comparisonOperator(final FilterParser.ComparisonOperatorContext context)
    {
        final String text = "<>".equals(context.getText()) ? "!=" : context.getText();
        for (final ComparisonOperator operator : ComparisonOperator.values())
        {
            if (operator.text().equals(text))
            {
                return operator;
            }
        }
        throw new IllegalStateException(text);
    }

    // From left to right, as CloudEvents has it, is what SQL means as long as the tighter operator comes first.
    private static void ensureSameInSql(final Token token, final LogicOperator before, final LogicOperator next)
    {
        if (tightness(next) > tightness(before))
        {
            throw FilterProblem.at(
                column(token),
                next + " after " + before + " means one thing in SQL and another in CloudEvents SQL; write (a " +
                before + " b) " + next + " c or a " + before + " (b " + next + " c)");
        }
    }

    private static int tightness(final LogicOperator operator)
    {
        return operator == LogicOperator.AND ? 2 : operator == LogicOperator.XOR ? 1 : 0;
    }

    // NOT binds tighter than anything in CloudEvents SQL and looser than a comparison in SQL.
    private static void ensureNotAlone(final int operators, final ParserRuleContext left)
    {
        if (operators > 0 && left.getStart().getType() == FilterParser.NOT)
        {
            throw FilterProblem.at(
                column(left),
                "NOT means one thing in SQL and another in CloudEvents SQL here; write NOT (a = b) or (NOT a) = b");
        }
    }

    // a + b LIKE 'c' is a + (b LIKE 'c') in CloudEvents SQL and (a + b) LIKE 'c' in SQL.
    private static void ensureUnconditional(final List<FilterParser.TestedContext> operands)
    {
        for (final FilterParser.TestedContext operand : operands)
        {
            if (!operand.condition().isEmpty())
            {
                throw FilterProblem.at(
                    column(operand.condition(0)),
                    operand.condition(0).getStart().getText().toUpperCase(Locale.ROOT) +
                    " after a calculation means one thing in SQL and another in CloudEvents SQL; " +
                    "put what it belongs to into ( and )");
            }
        }
    }

    private static int ensureRow(final ParserRuleContext context, final List<?> operators)
    {
        if (operators.size() > MAX_ROW)
        {
            throw FilterProblem.at(
                column(context), operators.size() + " operators stand in a row, use at most " + MAX_ROW);
        }
        return operators.size();
    }

    private static int column(final ParserRuleContext context)
    {
        return column(context.getStart());
    }

    static int column(final Token token)
    {
        return token.getStartIndex() + 1;
    }
}
