package io.sluice.perf.stalls;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.perf.measure.Histograms;
import java.io.IOException;
import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * What one side did: how long each call took, how late each record was, and each stall with its time and place. Calls
 * that rolled are kept apart. Not thread-safe.
 */
final class StallLog
{
    /** A call that takes longer is a stall. */
    static final long STALL_NS = 1_000_000L;
    /** A call that takes longer is a long one. */
    static final long LONG_STALL_NS = 5_000_000L;

    /** So far behind the begin of a file a stall still counts as one after a roll. */
    static final long AFTER_ROLL_BYTES = 8_000_000L;

    private static final int INITIAL_CAPACITY = 1024;
    private static final int FIELDS = 4;

    private final String side;
    private final int recordLength;
    private final long originNs;
    private final Histogram calls;
    private final Histogram lateness;
    private final Histogram rolls;
    // Start, duration, bytes before it, 1 for a roll: one after the other.
    private long[] timeline = new long[INITIAL_CAPACITY * FIELDS];
    private int timelineLength;
    private long appended;
    private long records;
    private long stalls;
    private long longStalls;
    private long stallsAfterRoll;
    private long rolledAt = Long.MIN_VALUE / 2;
    private boolean isRecording = true;

    /**
     * @param side         for tags.
     * @param recordLength bytes of a record.
     * @param originNs     of the timeline, by {@link System#nanoTime()}.
     */
    StallLog(final String side, final int recordLength, final long originNs)
    {
        this.side = side;
        this.recordLength = recordLength;
        this.originNs = originNs;
        calls = Histograms.create(side + ".call");
        lateness = Histograms.create(side + ".intended");
        rolls = Histograms.create(side + ".roll");
    }

    /**
     * Leave out what comes, but for where rolls are; or go on.
     *
     * @param isOn whether to record.
     */
    void recording(final boolean isOn)
    {
        isRecording = isOn;
    }

    /**
     * A call has returned.
     *
     * @param beforeNs  it was made.
     * @param afterNs   it returned.
     * @param count     of records that it appended.
     * @param hasRolled whether it went on in a new file.
     */
    void onCall(final long beforeNs, final long afterNs, final int count, final boolean hasRolled)
    {
        if (hasRolled)
        {
            rolledAt = appended;
        }
        if (isRecording)
        {
            recordCall(beforeNs, afterNs - beforeNs, hasRolled);
            records += count;
        }
        appended += (long)count * recordLength;
    }

    /**
     * A record is appended.
     *
     * @param lateNs from its intended time to the end of its call.
     */
    void onRecord(final long lateNs)
    {
        if (isRecording)
        {
            Histograms.record(lateness, lateNs);
        }
    }

    long records()
    {
        return records;
    }

    long bytes()
    {
        return records * recordLength;
    }

    /** @return calls longer than 1 ms, without rolls. */
    long stalls()
    {
        return stalls;
    }

    /** @return calls longer than 5 ms, without rolls. */
    long longStalls()
    {
        return longStalls;
    }

    /** @return those of {@link #stalls()} that came shortly after a roll. */
    long stallsAfterRoll()
    {
        return stallsAfterRoll;
    }

    /** @return durations of calls, without rolls. */
    Histogram calls()
    {
        return calls;
    }

    /** @return from intended time to appended, record by record, rolls included. */
    Histogram lateness()
    {
        return lateness;
    }

    /** @return durations of calls that rolled. */
    Histogram rolls()
    {
        return rolls;
    }

    /**
     * Write each stall and each roll.
     *
     * @param json an array is open in it.
     * @param act  that the side played in.
     */
    void writeTimeline(final JsonGenerator json, final String act) throws IOException
    {
        for (int i = 0; i < timelineLength; i += FIELDS)
        {
            json.writeStartObject();
            json.writeStringField("act", act);
            json.writeStringField("side", side);
            json.writeNumberField("atUs", timeline[i] / 1000);
            json.writeNumberField("tookUs", timeline[i + 1] / 1000);
            json.writeNumberField("bytesBefore", timeline[i + 2]);
            json.writeBooleanField("roll", timeline[i + 3] != 0);
            json.writeEndObject();
        }
    }

    private void recordCall(final long beforeNs, final long tookNs, final boolean hasRolled)
    {
        Histograms.record(hasRolled ? rolls : calls, tookNs);
        if (tookNs > STALL_NS || hasRolled)
        {
            keep(beforeNs - originNs, tookNs, appended, hasRolled);
        }
        if (tookNs > STALL_NS && !hasRolled)
        {
            stalls++;
            longStalls += tookNs > LONG_STALL_NS ? 1 : 0;
            stallsAfterRoll += appended - rolledAt < AFTER_ROLL_BYTES ? 1 : 0;
        }
    }

    private void keep(final long atNs, final long tookNs, final long bytesBefore, final boolean hasRolled)
    {
        if (timelineLength == timeline.length)
        {
            timeline = Arrays.copyOf(timeline, 2 * timeline.length);
        }
        timeline[timelineLength++] = atNs;
        timeline[timelineLength++] = tookNs;
        timeline[timelineLength++] = bytesBefore;
        timeline[timelineLength++] = hasRolled ? 1 : 0;
    }
}
