package io.sluice.replay;

/** The time by which a replay keeps its distances. */
public enum ReplayTime
{
    /** When events were journaled: as they came. */
    RECORDED,
    /** When they happened. One that happened before another that precedes it in the journal comes right behind it. */
    HAPPENED
}
