package io.sluice.event.filter;

import io.sluice.event.filter.grammar.FilterParser;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;

/** What surrounds the grammar: limits that keep the parser from harm, texts in quotes, and errors in words. */
final class FilterSyntax extends BaseErrorListener
{
    /** Parentheses, NOT and minus signs within each other. */
    static final int MAX_DEPTH = 100;

    /** The first error ends the reading. */
    @Override
    public void syntaxError(
        final Recognizer<?, ?> recognizer,
        final Object offendingSymbol,
        final int line,
        final int charPositionInLine,
        final String message,
        final RecognitionException cause)
    {
        final Token token = (Token)offendingSymbol;
        final int column = FilterReader.column(token);
        if (token.getType() == FilterParser.UNCLOSED)
        {
            throw FilterProblem.at(column, "the quote that opens here is never closed, write " +
                token.getText().charAt(0) + " at the end of the text");
        }
        final String found = token.getType() == Token.EOF ? "the end" : "'" + token.getText() + "'";
        throw FilterProblem.at(column, "expected " + expected(((Parser)recognizer).getExpectedTokens()) +
            ", found " + found);
    }

    /** Half a character can't be compared with anything. */
    static void ensureCharacters(final String text)
    {
        int at = 0;
        while (at < text.length())
        {
            // Half of a pair is a code point of its own here.
            final int c = text.codePointAt(at);
            if (Character.getType(c) == Character.SURROGATE)
            {
                throw FilterProblem.at(
                    text.codePointCount(0, at) + 1, "half of a surrogate pair stands here, remove it");
            }
            at += Character.charCount(c);
        }
    }

    /** The parser recurses as deep as the filter is nested. */
    static void ensureShallow(final List<Token> tokens)
    {
        final int[] signs = new int[MAX_DEPTH + 1];
        int open = 0;
        int depth = 0;
        for (final Token token : tokens)
        {
            final int type = token.getType();
            if (type == FilterParser.NOT || type == FilterParser.MINUS)
            {
                signs[open]++;
                depth++;
            }
            else if (type == FilterParser.LEFT)
            {
                open++;
                depth++;
            }
            else
            {
                if (type == FilterParser.RIGHT && open > 0)
                {
                    depth -= 1 + signs[open];
                    signs[open--] = 0;
                }
                depth -= signs[open];
                signs[open] = 0;
            }
            if (depth >= MAX_DEPTH)
            {
                throw FilterProblem.at(
                    FilterReader.column(token),
                    "more than " + MAX_DEPTH + " parentheses and signs are open here, nest less deep");
            }
        }
    }

    /** @return a text without its quotes; a quote in it is escaped by a backslash or stands twice. */
    static String unquote(final String quoted)
    {
        final char quote = quoted.charAt(0);
        final StringBuilder text = new StringBuilder(quoted.length());
        for (int i = 1; i < quoted.length() - 1; i++)
        {
            final char c = quoted.charAt(i);
            if (c == '\\' && quoted.charAt(i + 1) == quote && i + 1 < quoted.length() - 1)
            {
                i++;
                text.append(quote);
            }
            else
            {
                if (c == '\\' && i + 2 < quoted.length() && quoted.charAt(i + 1) == '\\')
                {
                    // Both stay: only a quote is escaped. The second one escapes nothing.
                    text.append(c);
                    i++;
                }
                else if (c == quote)
                {
                    i++;
                }
                text.append(c);
            }
        }
        return text.toString();
    }

    private static String expected(final IntervalSet tokens)
    {
        if (tokens.size() == 1 && tokens.contains(Token.EOF))
        {
            return "an operator such as =, LIKE or AND, or the end";
        }
        final List<String> words = new ArrayList<>();
        if (tokens.contains(FilterParser.WORD) && tokens.contains(FilterParser.AND))
        {
            return "a name";
        }
        if (tokens.contains(FilterParser.WORD))
        {
            words.add(tokens.contains(FilterParser.LEFT) ? "a value such as a name, a number or a 'text'" : "a name");
        }
        else if (tokens.contains(FilterParser.SINGLE_QUOTED))
        {
            words.add(tokens.contains(FilterParser.INTEGER) ? "a number or a text in quotes" : "a text in quotes");
        }
        else if (tokens.contains(FilterParser.INTEGER))
        {
            words.add("a number");
        }
        if (tokens.contains(FilterParser.EQUAL))
        {
            words.add("a comparison such as = or LIKE");
        }
        if (tokens.contains(FilterParser.AND))
        {
            words.add("AND");
            words.add("OR");
        }
        add(words, tokens, FilterParser.LIKE, "LIKE, IN, CONTAINS, MATCHES or REGEXP");
        add(words, tokens, FilterParser.COMMA, "','");
        add(words, tokens, FilterParser.RIGHT, "')'");
        add(words, tokens, FilterParser.CLOSE, "']'");
        add(words, tokens, Token.EOF, "the end");
        if (words.isEmpty())
        {
            add(words, tokens, FilterParser.LEFT, "'('");
        }
        final int last = words.size() - 1;
        return last < 1 ? String.join("", words) :
            String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }

    private static void add(final List<String> words, final IntervalSet tokens, final int type, final String word)
    {
        final boolean isSaid = type == FilterParser.LIKE && tokens.contains(FilterParser.EQUAL);
        if (tokens.contains(type) && !isSaid)
        {
            words.add(word);
        }
    }
}
