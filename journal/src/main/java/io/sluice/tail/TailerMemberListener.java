package io.sluice.tail;

/** Told of the start and the end of a membership, on the thread of the group. May join and leave, and must not wait. */
public interface TailerMemberListener
{
    /** Does nothing. */
    TailerMemberListener NONE = new TailerMemberListener()
    {
    };

    /**
     * The start was found; events from there on come.
     *
     * @param member       that starts.
     * @param nextSequence of the first event that it may get.
     */
    default void onStart(final TailerMember member, final long nextSequence)
    {
    }

    /**
     * No event comes any more, and the name and the position file are free. {@link TailerMember#nextSequence()} is what
     * the member stands before, which is also in its position file, if it has one.
     *
     * @param member that ended.
     * @param cause  what its handler threw, or why it can't start or read on: an {@link
     *               io.sluice.event.EventException} that names the place; null if it left or the group was closed.
     */
    default void onEnd(final TailerMember member, final Throwable cause)
    {
    }
}
