package io.sluice.tail;

/** How far a membership has come; it never goes back. */
public enum TailerMemberState
{
    /** Its start is yet to be looked up. */
    JOINING,
    /** It reads. */
    READING,
    /** It has left, the group was closed, or it failed: see {@link TailerMember#failure()}. */
    ENDED
}
