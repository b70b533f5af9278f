package io.sluice.handlers.source;

import java.nio.file.InvalidPathException;

/** Opens sources by their name, as it stands on a command line. */
public final class EventSources
{
    private static final String KINDS = "git:PATH, ndjson:FILE, ndjson:-, watch:PATH or load:RATE";

    private EventSources()
    {
    }

    /**
     * Open a source.
     *
     * <pre>
     *   git:PATH      history of the repository that PATH lies in
     *   ndjson:FILE   one JSON event a line; - is the standard input
     *   watch:PATH    changes of files below PATH, until closed
     *   load:RATE     generated events, RATE a second, until closed
     * </pre>
     *
     * @param spec    kind, colon, argument.
     * @param context what sources need.
     * @return the source, to be closed by the caller.
     * @throws EventSourceException if there is no such source; the message says what is allowed.
     */
    public static EventSource open(final String spec, final EventSourceContext context)
    {
        final int colon = spec.indexOf(':');
        if (colon < 0)
        {
            throw new EventSourceException("source '" + spec + "' has no kind: use " + KINDS);
        }
        final String argument = spec.substring(colon + 1);
        try
        {
            return open(spec, spec.substring(0, colon), argument, context);
        }
        catch (final InvalidPathException ex)
        {
            throw new EventSourceException("source '" + spec + "' is no path: " + ex.getReason(), ex);
        }
    }

    private static EventSource open(
        final String spec, final String kind, final String argument, final EventSourceContext context)
    {
        switch (kind)
        {
            case "git":
                return GitSource.open(spec, argument);
            case "ndjson":
                return NdjsonSource.open(spec, argument, context);
            case "watch":
                return WatchSource.open(spec, argument, context);
            case "load":
                return new LoadSource(rate(spec, argument), context.seed(), context.clock());
            case "http":
                throw new EventSourceException("source '" + spec + "': http is not in this version: use " + KINDS);
            default:
                throw new EventSourceException("source '" + spec + "': there is no kind '" + kind + "': use " + KINDS);
        }
    }

    private static EventRate rate(final String spec, final String argument)
    {
        try
        {
            return EventRate.parse(argument);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new EventSourceException("source '" + spec + "': " + ex.getMessage(), ex);
        }
    }
}
