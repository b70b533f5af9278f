package io.sluice.tools;

import java.util.function.Function;

/** Reads the value of an option and says which option it was when that fails. */
final class OptionValue
{
    private OptionValue()
    {
    }

    /**
     * @param option as it is written on the command line.
     * @param text   of the value.
     * @param reader of the value.
     * @return the value.
     * @throws UsageException if the reader throws an {@link IllegalArgumentException}.
     */
    static <T> T read(final String option, final String text, final Function<String, T> reader)
    {
        try
        {
            return reader.apply(text);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new UsageException(option + ": " + ex.getMessage(), ex);
        }
    }
}
