package io.sluice.journal;

import java.util.List;

/**
 * What a check of a whole journal found.
 *
 * @param events        sound records.
 * @param firstSequence of the first sound record, 0 if there is none.
 * @param lastSequence  of the last sound record, 0 if there is none.
 * @param gaps          missing sequences between them that no retention removed.
 * @param expired       sequences that retention removed.
 * @param corrupt       places where bytes are damaged.
 * @param torn          writes that a crash cut short; they were never acknowledged.
 * @param files         files read, archived ones included.
 * @param bytes         of excerpts read, headers included, and of archived files.
 * @param findings      what is wrong and where, in words; empty if nothing.
 */
public record VerifyReport(
    long events,
    long firstSequence,
    long lastSequence,
    long gaps,
    long expired,
    long corrupt,
    long torn,
    int files,
    long bytes,
    List<String> findings)
{
    /** @return true if nothing is missing or damaged. */
    public boolean isSound()
    {
        return gaps == 0 && corrupt == 0;
    }
}
