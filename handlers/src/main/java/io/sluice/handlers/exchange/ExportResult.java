package io.sluice.handlers.exchange;

/**
 * What an export did.
 *
 * @param events        that were written, those before it was resumed included.
 * @param duplicates    that were left out.
 * @param firstSequence of the range.
 * @param lastSequence  of the range; one less than the first if there was nothing in it.
 * @param bytes         of the file.
 */
public record ExportResult(long events, long duplicates, long firstSequence, long lastSequence, long bytes)
{
}
