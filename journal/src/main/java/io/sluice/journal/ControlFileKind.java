package io.sluice.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The text files below {@code control/}, see {@link ControlFile}, and what their lines begin with. */
enum ControlFileKind
{
    /** See {@link RunLog}. */
    RUNS("runs", true, "start ", "roll ", "stop "),
    /** See {@link ClosedFiles}. */
    FILES("files", true, "file ", "forget "),
    /** See {@link LostRanges}. */
    LOST("lost", false, "lost "),
    /** See {@link ExpiredRanges}. */
    EXPIRED("expired", false, "expired "),
    /** See {@link MissedRanges}. */
    MISSED("missed", false, "missed "),
    /** See {@link StoredPolicy}. */
    POLICY("policy", false, "retention ", "encrypted", "unknown");

    private final String fileName;
    private final boolean isCutHarmless;
    private final Pattern beginnings;

    ControlFileKind(final String fileName, final boolean isCutHarmless, final String... beginnings)
    {
        this.fileName = fileName;
        this.isCutHarmless = isCutHarmless;
        this.beginnings = Pattern.compile(String.join("|", beginnings));
    }

    Path in(final DataDirectory directory)
    {
        return directory.control().resolve(fileName);
    }

    ControlFile.Content read(final DataDirectory directory) throws IOException
    {
        return ControlFile.read(in(directory), this);
    }

    /**
     * @return the lines of a file all of which count: what is missing of it would be misunderstood.
     * @throws DataDirectoryException if one is damaged.
     */
    List<String> readSound(final DataDirectory directory) throws IOException
    {
        final ControlFile.Content content = read(directory);
        if (content.damaged() > 0)
        {
            throw new DataDirectoryException(
                DirectoryState.DAMAGED,
                describe(directory, content) +
                ". Nothing was changed. Run `sluice verify` for the whole picture, then `sluice repair --quarantine`");
        }
        return content.lines();
    }

    /** @return what is wrong with a damaged file, in words. */
    String describe(final DataDirectory directory, final ControlFile.Content content)
    {
        return in(directory) + " is damaged: " + content.damaged() +
            " lines fail their checksum, are cut short, or come from another file";
    }

    /** @return true if lines of this file begin so. */
    boolean isLine(final String line)
    {
        return beginnings.matcher(line).lookingAt();
    }

    /** @return true if a last line that a crash cut short says nothing that anybody relies on. */
    boolean isCutHarmless()
    {
        return isCutHarmless;
    }
}
