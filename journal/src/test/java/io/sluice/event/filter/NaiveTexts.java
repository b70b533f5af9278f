package io.sluice.event.filter;

import java.util.HashMap;
import java.util.Map;

/** The texts of some events and filters, each once, with numbers by which filters remember what they know of them. */
public final class NaiveTexts
{
    private final Map<String, NaiveText> texts = new HashMap<>();

    /** None yet. */
    public NaiveTexts()
    {
    }

    NaiveText of(final String string)
    {
        NaiveText text = texts.get(string);
        if (text == null)
        {
            text = NaiveText.known(string, texts.size());
            texts.put(string, text);
        }
        return text;
    }

    int size()
    {
        return texts.size();
    }
}
