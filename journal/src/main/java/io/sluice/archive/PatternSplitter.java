package io.sluice.archive;

/** Takes texts apart into pattern and fields. Not thread-safe. */
final class PatternSplitter
{
    private static final int MIN_HEX_DIGITS = 16;
    private static final int MAX_HEX_BYTES = 255;
    private static final int MAX_DIGITS = 18;

    private final ByteSink pattern = new ByteSink(Pattern.MAX_LENGTH * 2);
    private final PatternFields fields;
    private int place;
    private int randomDigits;

    PatternSplitter(final PatternFields fields)
    {
        this.fields = fields;
    }

    /** @return the pattern of the last text. */
    ByteSink pattern()
    {
        return pattern;
    }

    /** @return hexadecimal digits of the last text that stand in hashes and UUIDs. */
    int randomDigits()
    {
        return randomDigits;
    }

    /** Add the fields of a text, and keep its pattern until the next one. */
    void split(final byte[] text, final int offset, final int length, final long eventTimeNs)
    {
        pattern.clear();
        randomDigits = 0;
        place = 0;
        final int end = offset + length;
        if (length > Pattern.MAX_LENGTH || hasMark(text, offset, end))
        {
            pattern.put(Pattern.WHOLE).put(text, offset, length);
            return;
        }
        pattern.put(Pattern.SPLIT);
        int at = offset;
        while (at < end)
        {
            final int hexEnd = hexEnd(text, at, end);
            if (hexEnd == at)
            {
                pattern.put(text[at++]);
            }
            else if (hexEnd - at == 8 && isUuid(text, at, end))
            {
                uuid(text, at, eventTimeNs);
                at += Pattern.UUID_LENGTH;
            }
            else if (isHash(text, at, hexEnd))
            {
                hash(text, at, hexEnd);
                at = hexEnd;
            }
            else
            {
                at = numbers(text, at, end, hexEnd, eventTimeNs);
            }
        }
    }

    private int numbers(final byte[] text, final int from, final int end, final int hexEnd, final long eventTimeNs)
    {
        final int decimals = hexEnd - from == 4 ? TimeText.decimals(text, from, end) : -1;
        if (decimals >= 0)
        {
            final long unit = TimeText.unit(decimals);
            pattern.put(Pattern.TIME).put(decimals);
            fields.times.add(TimeText.parse(text, from, decimals) / unit - Math.floorDiv(eventTimeNs, unit));
            return from + TimeText.LENGTH + (decimals == 0 ? 0 : decimals + 1);
        }
        int at = from;
        while (at < hexEnd)
        {
            int to = at;
            while (to < hexEnd && text[to] <= '9' && to - at < MAX_DIGITS)
            {
                to++;
            }
            if (to == at)
            {
                pattern.put(text[at++]);
            }
            else
            {
                number(text, at, to);
                at = to;
            }
        }
        return at;
    }

    private void number(final byte[] text, final int from, final int to)
    {
        long number = 0;
        for (int i = from; i < to; i++)
        {
            number = number * 10 + text[i] - '0';
        }
        if (text[from] == '0' && to - from > 1)
        {
            pattern.put(Pattern.DIGITS).put(to - from);
        }
        else
        {
            pattern.put(Pattern.NUMBER);
        }
        fields.numbers[Math.min(place++, PatternFields.NUMBER_PLACES - 1)].add(number);
    }

    private void hash(final byte[] text, final int from, final int to)
    {
        pattern.put(Pattern.HEX).put((to - from) / 2);
        for (int i = from; i < to; i += 2)
        {
            fields.hex.put(byteAt(text, i));
        }
        randomDigits += to - from;
    }

    private void uuid(final byte[] text, final int from, final long eventTimeNs)
    {
        final boolean isTimed = text[from + 14] == '7';
        if (isTimed)
        {
            long ms = 0;
            for (int i = 0; i < 13; i++)
            {
                ms = i == 8 ? ms : ms << 4 | Pattern.hexValue(text[from + i]);
            }
            fields.uuidMs.add(ms - Math.floorDiv(eventTimeNs, 1_000_000L));
        }
        int index = 0;
        for (int i = 0; i < Pattern.UUID_LENGTH; i += 2)
        {
            i = Pattern.isDash(i) ? i + 1 : i;
            final int value = byteAt(text, from + i);
            if (index >= 6 || !isTimed)
            {
                sinkOf(index).put(value);
            }
            index++;
        }
        pattern.put(isTimed ? Pattern.TIMED_UUID : Pattern.UUID);
        randomDigits += Pattern.UUID_LENGTH;
    }

    private ByteSink sinkOf(final int index)
    {
        switch (index)
        {
            case 6:
                return fields.uuidVersion;
            case 7:
                return fields.uuidSeventh;
            case 8:
                return fields.uuidVariant;
            default:
                return index < 6 ? fields.uuidHead : fields.uuidTail;
        }
    }

    private static int byteAt(final byte[] text, final int index)
    {
        return Pattern.hexValue(text[index]) << 4 | Pattern.hexValue(text[index + 1]);
    }

    private static boolean isUuid(final byte[] text, final int from, final int end)
    {
        if (end - from < Pattern.UUID_LENGTH)
        {
            return false;
        }
        for (int i = 0; i < Pattern.UUID_LENGTH; i++)
        {
            final byte b = text[from + i];
            if (Pattern.isDash(i) ? b != '-' : Pattern.hexValue(b) < 0)
            {
                return false;
            }
        }
        return true;
    }

    private static boolean isHash(final byte[] text, final int from, final int to)
    {
        final int digits = to - from;
        if (digits < MIN_HEX_DIGITS || (digits & 1) != 0 || digits > 2 * MAX_HEX_BYTES)
        {
            return false;
        }
        for (int i = from; i < to; i++)
        {
            if (text[i] > '9')
            {
                return true;
            }
        }
        return false;
    }

    private static int hexEnd(final byte[] text, final int from, final int end)
    {
        int at = from;
        while (at < end && Pattern.hexValue(text[at]) >= 0)
        {
            at++;
        }
        return at;
    }

    private static boolean hasMark(final byte[] text, final int from, final int end)
    {
        for (int i = from; i < end; i++)
        {
            if (text[i] >= 0 && text[i] <= Pattern.LAST_MARK)
            {
                return true;
            }
        }
        return false;
    }
}
