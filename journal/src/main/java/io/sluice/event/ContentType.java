package io.sluice.event;

import java.util.Locale;

/** Media type of a payload. The frequent ones have a code; any other is {@link #OTHER} with its text in the record. */
public enum ContentType
{
    /** {@code application/json}, the default. */
    JSON("application/json"),
    /** {@code text/plain}. */
    TEXT("text/plain"),
    /** {@code application/protobuf}. */
    PROTOBUF("application/protobuf"),
    /** {@code application/sbe}. */
    SBE("application/sbe"),
    /** {@code application/octet-stream}. */
    BINARY("application/octet-stream"),
    /** Any other; the record holds its text. */
    OTHER("");

    private static final ContentType[] BY_CODE = values();

    private final String mediaType;

    ContentType(final String mediaType)
    {
        this.mediaType = mediaType;
    }

    /** @return the code in the record. */
    public int code()
    {
        return ordinal();
    }

    /** @return the media type, empty for {@link #OTHER}. */
    public String mediaType()
    {
        return mediaType;
    }

    /**
     * Content type of a code.
     *
     * @param code as a record holds it.
     * @return the content type, {@link #OTHER} for a code of a newer version.
     */
    public static ContentType of(final int code)
    {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : OTHER;
    }

    /**
     * Content type of a media type.
     *
     * @param mediaType for example {@code application/json}.
     * @return the one with a code, or {@link #OTHER}.
     */
    public static ContentType ofMediaType(final String mediaType)
    {
        final String wanted = mediaType.trim().toLowerCase(Locale.ROOT);
        for (final ContentType type : BY_CODE)
        {
            if (type != OTHER && type.mediaType.equals(wanted))
            {
                return type;
            }
        }
        return OTHER;
    }
}
