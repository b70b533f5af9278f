package io.sluice.engine.rule;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Texts as strings of JSON. Stateless. */
final class JsonQuote
{
    private JsonQuote()
    {
    }

    static String of(final String text)
    {
        final StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, quoted);
        return quoted.append('"').toString();
    }
}
