package io.sluice.event;

/** The rule for event types: segments between dots, none empty, no white space, no control character, no {@code *}. */
final class EventTypes
{
    private EventTypes()
    {
    }

    static void validate(final CharSequence type)
    {
        final int length = type.length();
        int segmentStart = 0;
        for (int i = 0; i <= length; i++)
        {
            final char c = i < length ? type.charAt(i) : '.';
            if (c == '.')
            {
                if (i == segmentStart)
                {
                    throw new EventValidationException(
                        "type", type.toString(), "use dot notation with no empty segment, for example agent.started");
                }
                segmentStart = i + 1;
            }
            else if (c == '*' || Character.isWhitespace(c) || Character.isISOControl(c))
            {
                throw new EventValidationException(
                    "type",
                    type.toString(),
                    "use no '*', white space or control character (at character " + (i + 1) + ")");
            }
        }
    }
}
