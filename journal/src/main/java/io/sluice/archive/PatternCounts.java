package io.sluice.archive;

import java.util.Arrays;

/** How many fields of each kind the values of a pattern column have. Not thread-safe. */
final class PatternCounts
{
    final int[] numbers = new int[PatternFields.NUMBER_PLACES];
    int times;
    int timedUuids;
    int uuids;
    int hexBytes;
    private long bytes;

    void clear()
    {
        Arrays.fill(numbers, 0);
        times = 0;
        timedUuids = 0;
        uuids = 0;
        hexBytes = 0;
        bytes = 0;
    }

    /**
     * Count the fields of one value.
     *
     * @param pattern   holds its pattern.
     * @param from      first byte of it.
     * @param to        behind its last byte.
     * @param mostBytes that all values may have together; each field makes one at least.
     */
    void add(final byte[] pattern, final int from, final int to, final int mostBytes)
    {
        if (pattern[from] != Pattern.SPLIT)
        {
            return;
        }
        int place = 0;
        int at = from + 1;
        while (at < to)
        {
            switch (pattern[at])
            {
                case Pattern.NUMBER:
                case Pattern.DIGITS:
                    numbers[Math.min(place++, PatternFields.NUMBER_PLACES - 1)]++;
                    break;
                case Pattern.HEX:
                    hexBytes += pattern[Math.min(at + 1, to - 1)] & 0xFF;
                    bytes += pattern[Math.min(at + 1, to - 1)] & 0xFF;
                    break;
                case Pattern.TIMED_UUID:
                    timedUuids++;
                    break;
                case Pattern.UUID:
                    uuids++;
                    break;
                case Pattern.TIME:
                    times++;
                    break;
                default:
                    break;
            }
            at += Pattern.length(pattern[at]);
            bytes++;
        }
        if (bytes > mostBytes)
        {
            throw new MalformedException("patterns make more than " + mostBytes + " bytes");
        }
    }
}
