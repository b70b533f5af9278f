package io.sluice.event;

import java.util.Locale;

/** How a payload stands in JSON; its content type decides, so that a reader of the JSON decides alike. */
enum PayloadForm
{
    /** As JSON, where it is well-formed. */
    JSON,
    /** As a string, where it is UTF-8. */
    TEXT,
    /** As base64. */
    BYTES;

    static PayloadForm of(final ContentType contentType, final String mediaType)
    {
        switch (contentType)
        {
            case JSON:
                return JSON;
            case TEXT:
                return TEXT;
            case OTHER:
                return ofMediaType(mediaType);
            default:
                return BYTES;
        }
    }

    /** @return a media type without its parameters, in lower case. */
    static String bareName(final String mediaType)
    {
        final int parameters = mediaType.indexOf(';');
        final String bare = parameters < 0 ? mediaType : mediaType.substring(0, parameters);
        return bare.trim().toLowerCase(Locale.ROOT);
    }

    private static PayloadForm ofMediaType(final String mediaType)
    {
        final String name = bareName(mediaType);
        if (name.endsWith("/json") || name.endsWith("+json"))
        {
            return JSON;
        }
        return name.startsWith("text/") ? TEXT : BYTES;
    }
}
