package io.sluice.journal;

/**
 * Can the journal take records and force them to the device?
 *
 * @param isHealthy true if so.
 * @param reason    what is in the way and what to do about it; empty if healthy.
 * @param sinceNs   when that began, nanoseconds since 1970 UTC; 0 if healthy.
 * @param episodes  how often something was in the way in this run, the present one included.
 */
public record StorageStatus(boolean isHealthy, String reason, long sinceNs, long episodes)
{
    /** Nothing was ever in the way. */
    public static final StorageStatus HEALTHY = new StorageStatus(true, "", 0L, 0L);
}
