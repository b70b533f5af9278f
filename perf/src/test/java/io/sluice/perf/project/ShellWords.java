package io.sluice.perf.project;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits a command line as a shell does, as far as the documentation goes: quotes hold words together. */
final class ShellWords
{
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    private ShellWords()
    {
    }

    static List<String> of(final String line)
    {
        final List<String> words = new ArrayList<>();
        final Matcher matcher = WORD.matcher(line);
        while (matcher.find())
        {
            final String quoted = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
            words.add(quoted != null ? quoted : matcher.group(3));
        }
        return words;
    }
}
