package io.sluice.perf.archive;

import java.util.SplittableRandom;

/**
 * Text with about the statistics of code and prose: words of a fixed vocabulary, few of them often and many seldom
 * (Zipf), in lines with an indentation. Each draw is new; nothing is repeated on purpose. Confined to one thread.
 */
final class GeneratedText
{
    private static final int WORDS = 3000;
    private static final int MAX_INDENT = 4;
    private static final int MIN_WORDS = 3;
    private static final int MAX_WORDS = 11;
    private static final String[] SYLLABLES = {
        "con", "re", "de", "pro", "trans", "in", "ex", "sub", "ter", "ment", "tion", "er", "ing", "ly", "able", "form",
        "port", "struct", "dict", "ject", "set", "get", "load", "file", "path", "node", "list", "map", "key", "val",
        "sync", "lock", "time", "data", "base", "type", "name", "size", "test", "run", "log", "err", "buf", "ring",
        "pub"};
    private static final String[] MARKS = {" ", " ", " ", " ", " ", " = ", "(", ") ", ", ", ".", ": ", "_", "; "};

    private final SplittableRandom random;
    private final String[] words = new String[WORDS];
    private final double[] cumulative = new double[WORDS];

    /**
     * @param random to draw with.
     */
    GeneratedText(final SplittableRandom random)
    {
        this.random = random;
        double sum = 0;
        for (int i = 0; i < WORDS; i++)
        {
            final StringBuilder word = new StringBuilder();
            final int syllables = 1 + random.nextInt(3);
            for (int j = 0; j < syllables; j++)
            {
                word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
            }
            words[i] = word.toString();
            sum += 1.0 / (i + 1);
            cumulative[i] = sum;
        }
    }

    /** @return one word. */
    String word()
    {
        final double drawn = random.nextDouble() * cumulative[WORDS - 1];
        int low = 0;
        int high = WORDS - 1;
        while (low < high)
        {
            final int middle = (low + high) >>> 1;
            if (cumulative[middle] < drawn)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return words[low];
    }

    /**
     * @param least words.
     * @param most  words.
     * @return words with blanks between.
     */
    String sentence(final int least, final int most)
    {
        final StringBuilder text = new StringBuilder(word());
        final int count = least + random.nextInt(most - least + 1);
        for (int i = 1; i < count; i++)
        {
            text.append(' ').append(word());
        }
        return text.toString();
    }

    /**
     * @param count of lines.
     * @return lines of code, each with a line feed.
     */
    String lines(final int count)
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            text.append("    ".repeat(random.nextInt(MAX_INDENT)));
            final int length = MIN_WORDS + random.nextInt(MAX_WORDS - MIN_WORDS + 1);
            for (int j = 0; j < length; j++)
            {
                text.append(word()).append(MARKS[random.nextInt(MARKS.length)]);
            }
            text.append('\n');
        }
        return text.toString();
    }
}
