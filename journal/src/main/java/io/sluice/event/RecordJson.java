package io.sluice.event;

/** The parts of a record that both JSON writers write alike. Not thread-safe. */
final class RecordJson
{
    static final String DUPLICATE_ID = "duplicate-id";
    static final String DUPLICATE_CONTENT = "duplicate-content";
    static final String REDELIVERED = "redelivered";
    static final String REPLAYED = "replayed";
    static final String CORRECTION = "correction";

    private final JsonBuffer out;

    RecordJson(final JsonBuffer out)
    {
        this.out = out;
    }

    void id(final EventFlyweight event)
    {
        out.name("id");
        if (event.hasUuid())
        {
            out.uuid(event.idHigh(), event.idLow());
        }
        else
        {
            value(event, EventField.ID);
        }
    }

    /** A member for a text field, if the event has it. */
    void text(final String name, final EventFlyweight event, final EventField field)
    {
        if (event.fieldLength(field) > 0)
        {
            out.name(name);
            value(event, field);
        }
    }

    void value(final EventFlyweight event, final EventField field)
    {
        out.string(event.buffer(), event.fieldOffset(field), event.fieldLength(field));
    }

    /** A member for the media type, unless it is the default of an event without a payload. */
    void contentType(final String name, final EventFlyweight event)
    {
        final ContentType contentType = event.contentType();
        if (contentType == ContentType.OTHER)
        {
            text(name, event, EventField.CONTENT_TYPE);
        }
        else if (contentType != ContentType.JSON || event.fieldLength(EventField.PAYLOAD) > 0)
        {
            out.name(name).raw('"').raw(contentType.mediaType()).raw('"');
        }
    }

    /** A member for the payload, if there is one. */
    void payload(final String name, final String base64Name, final EventFlyweight event)
    {
        final int length = event.fieldLength(EventField.PAYLOAD);
        if (length == 0)
        {
            return;
        }
        final ContentType contentType = event.contentType();
        final PayloadForm form =
            PayloadForm.of(contentType, contentType == ContentType.OTHER ? event.text(EventField.CONTENT_TYPE) : "");
        final int index = event.fieldOffset(EventField.PAYLOAD);
        final int start = out.length();
        if (form == PayloadForm.JSON && embed(name, event, EventField.PAYLOAD))
        {
            return;
        }
        out.truncate(start);
        if (form == PayloadForm.TEXT && Utf8.findInvalid(event.buffer(), index, length) < 0)
        {
            out.name(name).string(event.buffer(), index, length);
            return;
        }
        out.name(base64Name).base64(event.buffer(), index, length);
    }

    /** A member for the metadata, if there are any. */
    void metadata(final EventFlyweight event)
    {
        final int length = event.fieldLength(EventField.METADATA);
        final int start = out.length();
        if (length > 0 && !(embed("metadata", event, EventField.METADATA) && isObject(start)))
        {
            out.truncate(start);
            out.name("metadata_base64").base64(event.buffer(), event.fieldOffset(EventField.METADATA), length);
        }
    }

    /**
     * Append the names of the flags, duplicate verdicts among them.
     *
     * @param quote     around each name, or nothing.
     * @param separator between them.
     */
    void flagNames(final EventFlyweight event, final String quote, final char separator)
    {
        final int start = out.length();
        final Verdict verdict = event.verdict();
        final int flags = event.flags();
        flagName(verdict == Verdict.DUPLICATE_ID, DUPLICATE_ID, start, quote, separator);
        flagName(verdict == Verdict.DUPLICATE_CONTENT, DUPLICATE_CONTENT, start, quote, separator);
        flagName((flags & EventDescriptor.FLAG_REDELIVERED) != 0, REDELIVERED, start, quote, separator);
        flagName((flags & EventDescriptor.FLAG_REPLAYED) != 0, REPLAYED, start, quote, separator);
        flagName((flags & EventDescriptor.FLAG_CORRECTION) != 0, CORRECTION, start, quote, separator);
    }

    /** @return the names of flags and duplicate verdicts, commas between them. */
    static String flagNames(final EventFlyweight event)
    {
        if (!hasFlagNames(event))
        {
            return "";
        }
        final JsonBuffer names = new JsonBuffer(64);
        new RecordJson(names).flagNames(event, "", ',');
        return names.toString();
    }

    static boolean hasFlagNames(final EventFlyweight event)
    {
        return event.flags() != 0 || event.verdict().isDuplicate();
    }

    private void flagName(
        final boolean isSet, final String name, final int start, final String quote, final char separator)
    {
        if (isSet)
        {
            if (out.length() > start)
            {
                out.raw(separator);
            }
            out.raw(quote).raw(name).raw(quote);
        }
    }

    private boolean embed(final String name, final EventFlyweight event, final EventField field)
    {
        out.name(name);
        final int start = out.length();
        out.raw(event.buffer(), event.fieldOffset(field), event.fieldLength(field));
        if (JsonInput.findError(out.bytes(), start, out.length() - start) != null)
        {
            return false;
        }
        out.truncate(JsonInput.fitOneLine(out.bytes(), start, out.length()));
        return true;
    }

    private boolean isObject(final int start)
    {
        int at = start;
        while (out.byteAt(at) != ':')
        {
            at++;
        }
        return out.byteAt(at + 1) == '{';
    }
}
