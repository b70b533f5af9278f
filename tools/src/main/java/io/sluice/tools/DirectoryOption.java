package io.sluice.tools;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;

/** The option that names the data directory. */
final class DirectoryOption
{
    /** Where data lie when nobody says otherwise. */
    static final String DEFAULT = "sluice-data";

    @CommandLine.Option(
        names = "--dir",
        paramLabel = "DIR",
        defaultValue = DEFAULT,
        description = "Data directory (default: ./${DEFAULT-VALUE}).")
    private Path directory;

    Path directory()
    {
        return directory;
    }

    /** @return what another command line must say to find the directory, empty if that is nothing. */
    List<String> options()
    {
        return directory.equals(Path.of(DEFAULT)) ? List.of() : List.of("--dir", directory.toString());
    }
}
