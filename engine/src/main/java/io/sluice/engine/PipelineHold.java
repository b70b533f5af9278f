package io.sluice.engine;

import io.sluice.journal.ArchivePolicy;
import io.sluice.journal.DataDirectory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Lets retention wait for the handlers of an engine, whether or not it runs: what they have not handled is delivered
 * again at the next start.
 */
public final class PipelineHold
{
    /** Name of the reader in reports, and of its file in {@code positions/}. */
    public static final String NAME = "pipeline";

    private PipelineHold()
    {
    }

    /**
     * Add it to a policy. An engine does that by itself.
     *
     * @param policy    to change.
     * @param directory data directory.
     * @return the policy.
     */
    public static ArchivePolicy addTo(final ArchivePolicy policy, final Path directory)
    {
        final Path file = new DataDirectory(directory).positions().resolve(NAME);
        return policy.hold(NAME, () -> handled(file));
    }

    /** @return sequence up to which every event is handled; the greatest value if no engine ever handled any. */
    private static long handled(final Path file)
    {
        return Files.exists(file) ? PipelinePositions.lowestOf(file) : Long.MAX_VALUE;
    }
}
