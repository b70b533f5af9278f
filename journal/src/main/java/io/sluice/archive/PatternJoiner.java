package io.sluice.archive;

import java.util.Arrays;

/** Puts pattern and fields together again. Not thread-safe. */
final class PatternJoiner
{
    private final PatternFields fields;
    private final int[] nextNumber = new int[PatternFields.NUMBER_PLACES];
    private final byte[] digits = new byte[20];
    private int nextTime;
    private int nextUuid;
    private int nextTimedUuid;
    private int nextHexByte;

    PatternJoiner(final PatternFields fields)
    {
        this.fields = fields;
    }

    void start()
    {
        Arrays.fill(nextNumber, 0);
        nextTime = 0;
        nextUuid = 0;
        nextTimedUuid = 0;
        nextHexByte = 0;
    }

    /** Append the next text of a pattern. */
    void join(final byte[] pattern, final int from, final int to, final long eventTimeNs, final ByteSink out)
    {
        if (pattern[from] != Pattern.SPLIT)
        {
            out.put(pattern, from + 1, to - from - 1);
            return;
        }
        int place = 0;
        int at = from + 1;
        while (at < to)
        {
            final byte mark = pattern[at];
            final int argument = pattern[Math.min(at + 1, to - 1)] & 0xFF;
            switch (mark)
            {
                case Pattern.NUMBER:
                    number(nextNumber(place++), out);
                    break;
                case Pattern.DIGITS:
                    TimeText.appendDigits(nextNumber(place++), Math.min(argument, Pattern.MAX_NUMBER_DIGITS), out);
                    break;
                case Pattern.HEX:
                    for (int i = 0; i < argument; i++)
                    {
                        hexByte(fields.hex.array()[nextHexByte++], out);
                    }
                    break;
                case Pattern.TIMED_UUID:
                case Pattern.UUID:
                    uuid(mark == Pattern.TIMED_UUID, eventTimeNs, out);
                    break;
                case Pattern.TIME:
                    final long unit = TimeText.unit(argument);
                    TimeText.append(
                        (fields.times.get(nextTime++) + Math.floorDiv(eventTimeNs, unit)) * unit, argument, out);
                    break;
                default:
                    out.put(mark);
                    break;
            }
            at += Pattern.length(mark);
        }
    }

    private long nextNumber(final int place)
    {
        final int column = Math.min(place, PatternFields.NUMBER_PLACES - 1);
        return fields.numbers[column].get(nextNumber[column]++);
    }

    private void uuid(final boolean isTimed, final long eventTimeNs, final ByteSink out)
    {
        long head = 0;
        if (isTimed)
        {
            head = fields.uuidMs.get(nextTimedUuid++) + Math.floorDiv(eventTimeNs, 1_000_000L);
        }
        else
        {
            final int at = (nextUuid - nextTimedUuid) * 6;
            for (int i = 0; i < 6; i++)
            {
                head = head << 8 | fields.uuidHead.array()[at + i] & 0xFF;
            }
        }
        for (int i = 0; i < 6; i++)
        {
            if (i == 4)
            {
                out.put('-');
            }
            hexByte((byte)(head >>> (40 - 8 * i)), out);
        }
        hexByte(fields.uuidVersion.array()[nextUuid], out.put('-'));
        hexByte(fields.uuidSeventh.array()[nextUuid], out);
        hexByte(fields.uuidVariant.array()[nextUuid], out.put('-'));
        for (int i = 0; i < 7; i++)
        {
            if (i == 1)
            {
                out.put('-');
            }
            hexByte(fields.uuidTail.array()[nextUuid * 7 + i], out);
        }
        nextUuid++;
    }

    private void number(final long number, final ByteSink out)
    {
        int at = digits.length;
        long rest = Math.abs(number);
        do
        {
            digits[--at] = (byte)('0' + Math.floorMod(rest, 10));
            rest /= 10;
        }
        while (rest != 0);
        out.put(digits, at, digits.length - at);
    }

    private static void hexByte(final byte value, final ByteSink out)
    {
        out.put(Pattern.hexDigit(value >> 4)).put(Pattern.hexDigit(value));
    }
}
