package io.sluice.event;

import java.util.Locale;

/** What part of a system an event is about. The code is what a record holds. */
public enum Category
{
    /** Business logic. */
    DOMAIN,
    /** System life cycle. */
    SYSTEM,
    /** External systems. */
    INTEGRATION,
    /** User interface. */
    UI,
    /** Plug-ins. */
    PLUGIN;

    private static final Category[] BY_CODE = values();

    private final String label = name().toLowerCase(Locale.ROOT);

    /** @return the code in the record. */
    public int code()
    {
        return ordinal();
    }

    /** @return the name in lower case, as it stands in JSON. */
    public String label()
    {
        return label;
    }

    /**
     * Category of a code.
     *
     * @param code 0 to 4.
     * @return the category.
     * @throws EventValidationException if the code is out of range.
     */
    public static Category of(final int code)
    {
        if (code < 0 || code >= BY_CODE.length)
        {
            throw new EventValidationException(
                "category", Integer.toString(code), "use a code from 0 (domain) to 4 (plugin)");
        }
        return BY_CODE[code];
    }

    /**
     * Category of a name, in any case.
     *
     * @param name for example {@code domain}.
     * @return the category.
     * @throws EventValidationException if there is no such category.
     */
    public static Category parse(final CharSequence name)
    {
        final String wanted = name.toString().trim().toLowerCase(Locale.ROOT);
        for (final Category category : BY_CODE)
        {
            if (category.label.equals(wanted))
            {
                return category;
            }
        }
        throw new EventValidationException(
            "category", name.toString(), "use domain, system, integration, ui or plugin");
    }
}
