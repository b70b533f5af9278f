package io.sluice.journal;

/**
 * How the journal is forced to the device.
 *
 * @param sequence   up to which every record is on the device.
 * @param rounds     group commits completed in this run.
 * @param failures   that the device did not confirm.
 * @param lastNs     duration of the last one that was completed, nanoseconds.
 * @param maxNs      of the longest one.
 */
public record SyncerStatus(long sequence, long rounds, long failures, long lastNs, long maxNs)
{
}
