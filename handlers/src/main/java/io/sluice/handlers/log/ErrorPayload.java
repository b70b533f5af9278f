package io.sluice.handlers.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A throwable as a payload, of bounded size whatever it holds.
 *
 * <pre>{@code
 * {"error":{"class":"…","message":"…","stack":["a.B.c(B.java:7)",…]},"causes":[{…}],"context":{…}}
 * }</pre>
 */
final class ErrorPayload
{
    static final int MAX_FRAMES = 50;
    static final int MAX_CAUSES = 10;
    static final int MAX_MESSAGE = 2000;

    private ErrorPayload()
    {
    }

    static Map<String, Object> of(final Throwable error, final Map<String, ?> context)
    {
        final Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("error", describe(error));
        final List<Object> causes = new ArrayList<>();
        Throwable cause = error.getCause();
        // A chain may lead back to its start.
        while (cause != null && cause != error && causes.size() < MAX_CAUSES)
        {
            causes.add(describe(cause));
            cause = cause.getCause();
        }
        if (!causes.isEmpty())
        {
            payload.put("causes", causes);
        }
        if (context != null && !context.isEmpty())
        {
            payload.put("context", context);
        }
        return payload;
    }

    private static Map<String, Object> describe(final Throwable error)
    {
        final Map<String, Object> description = new LinkedHashMap<>();
        description.put("class", error.getClass().getName());
        description.put("message", shorten(error.getMessage()));
        final List<String> frames = new ArrayList<>();
        final StackTraceElement[] trace = error.getStackTrace();
        for (int i = 0; i < Math.min(trace.length, MAX_FRAMES); i++)
        {
            frames.add(shorten(trace[i].toString()));
        }
        description.put("stack", frames);
        if (trace.length > MAX_FRAMES)
        {
            description.put("framesLeftOut", trace.length - MAX_FRAMES);
        }
        return description;
    }

    // Half of a pair at the cut could not be encoded, nor could one that stands there by mistake.
    private static String shorten(final String text)
    {
        if (text == null)
        {
            return null;
        }
        final String start = text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "…";
        final StringBuilder clean = new StringBuilder(start.length());
        start.codePoints().forEach(c -> clean.appendCodePoint(Character.getType(c) == Character.SURROGATE ? '?' : c));
        return clean.toString();
    }
}
