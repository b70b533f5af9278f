package io.sluice.journal;

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
 * @param digest      SHA-256 in hexadecimal, empty if the file is not closed by its mark, or has a digest of its own.
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
    String digest,
    String policy,
    String terms)
{
    private static final String NONE = "-";

    String line()
    {
        return "file name=" + name + " first=" + first + " last=" + last + " from=" + firstTimeNs + " to=" +
            lastTimeNs + " records=" + records + " length=" + length + " sha256=" + ControlFile.word(digest) +
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
            NONE.equals(digest) ? "" : digest,
            ControlFile.valueOf(line, "policy"),
            NONE.equals(terms) ? "" : terms);
    }

    boolean isFor(final Path path)
    {
        return name.equals(path.getFileName().toString());
    }
}
