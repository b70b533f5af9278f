package io.sluice.journal;

/** How far a record must have come before a reader sees it. */
public enum VisibleAt
{
    /** As soon as it is in the journal's page cache. A power loss may take back what was seen. */
    JOURNALED,
    /** When it is forced to the device: what was seen stays, whatever happens. */
    SYNCED
}
