package io.sluice.engine.rule;

import io.sluice.event.EventValidationException;
import java.util.ArrayList;
import java.util.List;

/**
 * A place in the metadata or the JSON payload of an event, as filters write it: {@code metadata.host}, {@code
 * payload.steps[1].name}, {@code payload['odd key']}. Immutable.
 */
final class RulePath
{
    /** What a path leads into. */
    enum Document
    {
        /** The metadata. */
        METADATA("metadata"),
        /** The payload, where it is JSON. */
        PAYLOAD("payload");

        private final String label;

        Document(final String label)
        {
            this.label = label;
        }
    }

    static final int MAX_STEPS = 32;

    private static final String REMEDY =
        "use metadata or payload and the names below it, for example metadata.host or payload.user['first name']";

    private final String text;
    private final Document document;
    private final PathStep[] steps;

    private RulePath(final String text, final Document document, final PathStep[] steps)
    {
        this.text = text;
        this.document = document;
        this.steps = steps;
    }

    /** @return true if a text is meant to be a path, and no name of a field. */
    static boolean isPath(final String text)
    {
        return documentOf(text) != null;
    }

    /**
     * A place to read.
     *
     * @throws EventValidationException if it is none.
     */
    static RulePath toRead(final String label, final String text)
    {
        final Document document = documentOf(text);
        if (document == null)
        {
            throw new EventValidationException(label, text, REMEDY);
        }
        final List<PathStep> steps = new ArrayList<>();
        int at = document.label.length();
        while (at < text.length())
        {
            at = text.charAt(at) == '.' ? readName(label, text, at + 1, steps) : readBracket(label, text, at, steps);
        }
        if (steps.size() > MAX_STEPS)
        {
            throw new EventValidationException(
                label, text, "it has " + steps.size() + " steps, use at most " + MAX_STEPS);
        }
        return new RulePath(text, document, steps.toArray(new PathStep[0]));
    }

    /**
     * A place to write: elements of arrays have no place of their own.
     *
     * @throws EventValidationException if it is none.
     */
    static RulePath toWrite(final String label, final String text)
    {
        final RulePath path = toRead(label, text);
        for (final PathStep step : path.steps)
        {
            if (!step.isMember())
            {
                throw new EventValidationException(
                    label, text, "elements of an array can be read only, name a member of an object");
            }
        }
        return path;
    }

    Document document()
    {
        return document;
    }

    int length()
    {
        return steps.length;
    }

    PathStep step(final int index)
    {
        return steps[index];
    }

    boolean isLast(final int index)
    {
        return index == steps.length - 1;
    }

    /** @return true if the other place is this one or lies in it. Of places to write. */
    boolean contains(final RulePath other)
    {
        if (document != other.document || steps.length > other.steps.length)
        {
            return false;
        }
        for (int i = 0; i < steps.length; i++)
        {
            if (!steps[i].name().equals(other.steps[i].name()))
            {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString()
    {
        return text;
    }

    private static Document documentOf(final String text)
    {
        for (final Document document : Document.values())
        {
            final int length = document.label.length();
            if (text.startsWith(document.label) && text.length() > length &&
                (text.charAt(length) == '.' || text.charAt(length) == '['))
            {
                return document;
            }
        }
        return null;
    }

    private static int readName(final String label, final String text, final int start, final List<PathStep> steps)
    {
        int at = start;
        while (at < text.length() && text.charAt(at) != '.' && text.charAt(at) != '[')
        {
            final char c = text.charAt(at);
            if (c == ']' || c == '\'' || c == '"' || Character.isWhitespace(c) || Character.isISOControl(c))
            {
                throw new EventValidationException(
                    label, text, "a name with such a character (the " + (at + 1) + ".) is written ['odd name']");
            }
            at++;
        }
        if (at == start)
        {
            throw new EventValidationException(label, text, "a name is empty at character " + (at + 1));
        }
        steps.add(PathStep.member(text.substring(start, at)));
        return at;
    }

    private static int readBracket(final String label, final String text, final int start, final List<PathStep> steps)
    {
        final int first = start + 1;
        if (text.charAt(start) == '[' && first < text.length())
        {
            final char quote = text.charAt(first);
            if (quote == '\'' || quote == '"')
            {
                return readQuoted(label, text, first, steps);
            }
            final int close = text.indexOf(']', first);
            if (close > first && close - first < 10 && text.substring(first, close).matches("[0-9]+"))
            {
                steps.add(PathStep.element(Integer.parseInt(text.substring(first, close))));
                return close + 1;
            }
        }
        throw new EventValidationException(label, text, REMEDY + "; it goes wrong at character " + (start + 1));
    }

    private static int readQuoted(final String label, final String text, final int open, final List<PathStep> steps)
    {
        final char quote = text.charAt(open);
        final StringBuilder name = new StringBuilder();
        int at = open + 1;
        while (at < text.length())
        {
            final char c = text.charAt(at);
            final boolean isPair = at + 1 < text.length();
            if (c == quote && !(isPair && text.charAt(at + 1) == quote))
            {
                break;
            }
            // The quote itself is written twice or after a backslash, as in filters.
            at += isPair && (c == quote || c == '\\') ? 1 : 0;
            name.append(text.charAt(at));
            at++;
        }
        if (at + 1 >= text.length() || text.charAt(at + 1) != ']' || name.length() == 0)
        {
            throw new EventValidationException(label, text, "write a name in quotes as ['odd name']");
        }
        steps.add(PathStep.member(name.toString()));
        return at + 2;
    }
}
