package io.sluice.tools.text;

/** Colours of a terminal, by their SGR codes. */
public enum Colour
{
    /** As it is. */
    NONE(""),
    /** Less bright. */
    FAINT("2"),
    /** Bold. */
    BOLD("1"),
    /** Trouble. */
    RED("31"),
    /** Fine. */
    GREEN("32"),
    /** Look here. */
    YELLOW("33");

    private static final String RESET = "\u001b[0m";

    private final String code;

    Colour(final String code)
    {
        this.code = code;
    }

    /**
     * @param text to show.
     * @return it in this colour.
     */
    public String paint(final String text)
    {
        return code.isEmpty() ? text : "\u001b[" + code + 'm' + text + RESET;
    }
}
