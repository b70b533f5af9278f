package io.sluice.event.filter;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A test of texts that remembers what it said of those that {@link NaiveTexts} knows. Not thread-safe. */
final class NaivePattern
{
    private static final Pattern LIKE_PARTS = Pattern.compile("\\\\([%_*])|([%*])|(_)|(.)", Pattern.DOTALL);
    private static final byte YES = 1;
    private static final byte NO = 2;

    private final Predicate<String> test;
    private byte[] answers;

    private NaivePattern(final Predicate<String> test, final NaiveTexts texts)
    {
        this.test = test;
        answers = new byte[texts.size() + 1];
    }

    static NaivePattern like(final String pattern, final NaiveTexts texts)
    {
        final StringBuilder regex = new StringBuilder();
        final Matcher parts = LIKE_PARTS.matcher(pattern);
        while (parts.find())
        {
            final String literal = parts.group(1) != null ? parts.group(1) : parts.group(4);
            regex.append(parts.group(2) != null ? ".*" : parts.group(3) != null ? "." : Pattern.quote(literal));
        }
        final Pattern compiled = Pattern.compile(regex.toString(), Pattern.DOTALL);
        return new NaivePattern((text) -> compiled.matcher(text).matches(), texts);
    }

    static NaivePattern regexp(final String pattern, final NaiveTexts texts)
    {
        final Pattern compiled = Pattern.compile(pattern);
        return new NaivePattern((text) -> compiled.matcher(text).find(), texts);
    }

    static NaivePattern topic(final String pattern, final NaiveTexts texts)
    {
        final String[] segments = pattern.split("\\.", -1);
        return new NaivePattern((text) -> matches(segments, 0, text.split("\\.", -1), 0), texts);
    }

    boolean matches(final NaiveText text)
    {
        final int ordinal = text.ordinal();
        if (ordinal < 0)
        {
            return test.test(text.string());
        }
        if (ordinal >= answers.length)
        {
            answers = Arrays.copyOf(answers, 2 * ordinal + 1);
        }
        if (answers[ordinal] == 0)
        {
            answers[ordinal] = test.test(text.string()) ? YES : NO;
        }
        return answers[ordinal] == YES;
    }

    private static boolean matches(final String[] pattern, final int i, final String[] type, final int j)
    {
        if (i == pattern.length)
        {
            return j == type.length;
        }
        if ("**".equals(pattern[i]))
        {
            return matches(pattern, i + 1, type, j) || j < type.length && matches(pattern, i, type, j + 1);
        }
        if (j == type.length)
        {
            return false;
        }
        if ("*".equals(pattern[i]))
        {
            return i == pattern.length - 1 || matches(pattern, i + 1, type, j + 1);
        }
        return pattern[i].equals(type[j]) && matches(pattern, i + 1, type, j + 1);
    }
}
