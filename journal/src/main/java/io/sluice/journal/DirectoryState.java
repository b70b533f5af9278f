package io.sluice.journal;

/** Why a data directory can't be used. */
public enum DirectoryState
{
    /** Another process appends to it. */
    BUSY,
    /** It is not a data directory and not empty. */
    NOT_OURS,
    /** Written by a newer version. */
    NEWER,
    /** Can't be created, read or written. */
    NOT_ACCESSIBLE,
    /** There is no journal in it. */
    NO_JOURNAL,
    /** It lies where what is forced does not survive a power loss, but that was asked for. */
    NOT_DURABLE,
    /** Damaged beyond what opening repairs. */
    DAMAGED
}
