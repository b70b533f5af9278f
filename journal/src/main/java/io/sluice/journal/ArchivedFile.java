package io.sluice.journal;

/**
 * A file of the archive, as its header says.
 *
 * @param file        name of it.
 * @param first       sequence that it stands for.
 * @param last        sequence that it stands for.
 * @param fromNs      journal time of its first event, nanoseconds since 1970 UTC.
 * @param toNs        journal time of its last event.
 * @param events      in it.
 * @param expired     events that retention took out.
 * @param bytes       of the file.
 * @param jsonBytes   that its events take as JSON, one line each.
 * @param keyId       name of the key that it is encrypted with; empty if it is not.
 * @param damage      what is wrong with its header; empty if nothing, then the rest is known.
 */
public record ArchivedFile(
    String file,
    long first,
    long last,
    long fromNs,
    long toNs,
    long events,
    long expired,
    long bytes,
    long jsonBytes,
    String keyId,
    String damage)
{
    /** @return JSON bytes for each byte of the file; 0 if not known. */
    public double ratio()
    {
        return bytes == 0 || !damage.isEmpty() ? 0.0 : (double)jsonBytes / bytes;
    }
}
