package io.sluice.journal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What is known of a file that will not change any more.
 *
 * @param name        of the file.
 * @param first       sequence of its first record.
 * @param last        sequence of its last record.
 * @param firstTimeNs journal time of its first record.
 * @param lastTimeNs  journal time of its last record.
 * @param records     in it.
 * @param length      bytes that are used; they are what the digest is of.
 * @param isSealed    true if the file is closed by its mark: not a byte of it changes any more.
 * @param digest      SHA-256 in hexadecimal, empty if the file is not sealed, or has a digest of its own.
 * @param policy      by which its terms were found, see {@link RetentionPolicy#id()}.
 * @param terms       see {@link RetentionTerms#text()}.
 */
record ClosedFile(
    String name,
    long first,
    long last,
    long firstTimeNs,
    long lastTimeNs,
    long records,
    long length,
    boolean isSealed,
    String digest,
    String policy,
    String terms)
{
    private static final String NONE = "-";

    String line()
    {
        return "file name=" + name + " first=" + first + " last=" + last + " from=" + firstTimeNs + " to=" +
            lastTimeNs + " records=" + records + " length=" + length +
            " sealed=" + isSealed + " sha256=" + ControlFile.word(digest) +
            " terms=" + ControlFile.word(terms) + " policy=" + policy;
    }

    static ClosedFile parse(final String line)
    {
        final String digest = ControlFile.valueOf(line, "sha256");
        final String terms = ControlFile.valueOf(line, "terms");
        return new ClosedFile(
            ControlFile.valueOf(line, "name"),
            ControlFile.longOf(line, "first"),
            ControlFile.longOf(line, "last"),
            ControlFile.longOf(line, "from"),
            ControlFile.longOf(line, "to"),
            ControlFile.longOf(line, "records"),
            ControlFile.longOf(line, "length"),
            Boolean.parseBoolean(ControlFile.valueOf(line, "sealed")),
            NONE.equals(digest) ? "" : digest,
            ControlFile.valueOf(line, "policy"),
            NONE.equals(terms) ? "" : terms);
    }

    /**
     * @param file of this name, not archived.
     * @return true if it is what it was when its digest was noted, or none was.
     */
    boolean isUnchanged(final Path file) throws IOException
    {
        try
        {
            return digest.isEmpty() || digest.equals(FileDigest.of(file, length, new ArchivePace(false)));
        }
        catch (final EOFException ex)
        {
            return false;
        }
    }

    ClosedFile withDigest(final long usedLength, final String sha256)
    {
        return new ClosedFile(
            name, first, last, firstTimeNs, lastTimeNs, records, usedLength, isSealed, sha256, policy, terms);
    }
}
