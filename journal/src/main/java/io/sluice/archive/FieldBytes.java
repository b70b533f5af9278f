package io.sluice.archive;

/**
 * What a part of the records takes in an archive file.
 *
 * @param field       for example {@code id} or {@code payload.text}.
 * @param plainBytes  of its columns before compression.
 * @param storedBytes of its columns after compression.
 */
public record FieldBytes(String field, long plainBytes, long storedBytes)
{
}
