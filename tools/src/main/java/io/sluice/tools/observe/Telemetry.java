package io.sluice.tools.observe;

import io.sluice.engine.telemetry.TelemetryReader;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.DataDirectoryException;
import io.sluice.journal.DirectoryState;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens the telemetry of a data directory. */
final class Telemetry
{
    private Telemetry()
    {
    }

    /** @return the reader of the last run. */
    static TelemetryReader open(final Path directory)
    {
        final Path root = directory.toAbsolutePath().normalize();
        final DataDirectory data = new DataDirectory(root);
        if (!Files.isDirectory(data.telemetry()))
        {
            throw new DataDirectoryException(
                Files.exists(root) ? DirectoryState.NOT_OURS : DirectoryState.NO_JOURNAL,
                root + (Files.exists(root) ? " holds no telemetry" : " does not exist") +
                ": no engine has run there; check --dir");
        }
        return TelemetryReader.open(data);
    }
}
