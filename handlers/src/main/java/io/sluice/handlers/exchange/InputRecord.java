package io.sluice.handlers.exchange;

import io.sluice.event.EventBuilder;
import io.sluice.event.Verdict;
import java.util.Arrays;

/** One record of a file of events: an event, or what is wrong with it. Confined to one thread. */
public final class InputRecord
{
    private static final byte[] NO_BYTES = {};

    private final EventBuilder event = new EventBuilder();
    private Verdict verdict = Verdict.UNSEQUENCED;
    private String unit = "record";
    private long number;
    private String error = "";
    private byte[] text = NO_BYTES;

    /** An empty record. */
    public InputRecord()
    {
    }

    /**
     * Say where the record is, and forget what was here before.
     *
     * @param newUnit   {@code line} or {@code record}.
     * @param newNumber of it, from 1.
     * @return this.
     */
    public InputRecord at(final String newUnit, final long newNumber)
    {
        unit = newUnit;
        number = newNumber;
        verdict = Verdict.UNSEQUENCED;
        error = "";
        text = NO_BYTES;
        return this;
    }

    /**
     * Say what the event says of itself: a duplicate where it was exported, or not.
     *
     * @param value of it.
     */
    public void verdict(final Verdict value)
    {
        verdict = value;
    }

    /**
     * The record is no event.
     *
     * @param reason what is wrong with it, and what is allowed.
     * @param bytes  hold its text; copied.
     * @param offset of the first.
     * @param length in bytes, 0 if there is no text to show.
     */
    public void bad(final String reason, final byte[] bytes, final int offset, final int length)
    {
        event.clear();
        error = reason;
        text = length == 0 ? NO_BYTES : Arrays.copyOfRange(bytes, offset, offset + length);
    }

    /** @return the event, if {@link #isGood()}; filled by the input. */
    public EventBuilder event()
    {
        return event;
    }

    /** @return what the event says of itself: that it was a duplicate where it was exported, or nothing. */
    public Verdict verdict()
    {
        return verdict;
    }

    /** @return true if the record is an event. */
    public boolean isGood()
    {
        return error.isEmpty();
    }

    /** @return what is wrong with the record; empty if nothing. */
    public String error()
    {
        return error;
    }

    /** @return text of a bad record; empty if there is none to show. */
    public byte[] text()
    {
        return text;
    }

    /** @return {@code line} or {@code record}. */
    public String unit()
    {
        return unit;
    }

    /** @return number of the line or record, from 1. */
    public long number()
    {
        return number;
    }
}
