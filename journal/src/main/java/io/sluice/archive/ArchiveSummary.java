package io.sluice.archive;

/**
 * What an archive file holds.
 *
 * @param coverage      what it stands for.
 * @param records       number of records.
 * @param firstSequence of the first record; 0 if there is none.
 * @param lastSequence  of the last record; 0 if there is none.
 * @param firstTimeNs   journal time of the first record, nanoseconds since 1970 UTC; 0 if there is none.
 * @param lastTimeNs    journal time of the last record; 0 if there is none.
 * @param recordBytes   of all records, without padding.
 * @param jsonBytes     that the records take as JSON, one line each.
 * @param storedBytes   length of the file.
 * @param keyId         name of the key that wraps the file's own key; empty if the file is not encrypted.
 */
public record ArchiveSummary(
    ArchiveCoverage coverage,
    long records,
    long firstSequence,
    long lastSequence,
    long firstTimeNs,
    long lastTimeNs,
    long recordBytes,
    long jsonBytes,
    long storedBytes,
    String keyId)
{
    /** @return JSON bytes per stored byte. */
    public double ratio()
    {
        return storedBytes == 0 ? 0.0 : (double)jsonBytes / storedBytes;
    }

    /** @return true if the file is encrypted. */
    public boolean isEncrypted()
    {
        return !keyId.isEmpty();
    }
}
