package io.sluice.replay;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** Where the places of named replays are kept: they hold no retention back, unlike positions of subscriptions. */
final class ReplayCheckpoint
{
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");

    private ReplayCheckpoint()
    {
    }

    static void validate(final String name)
    {
        if (!NAME.matcher(name).matches() || name.endsWith(".new"))
        {
            throw new IllegalArgumentException(
                "checkpoint '" + name + "' is not valid: use 1 to 64 letters, digits, dashes, underscores and dots, " +
                "no dot at the start and no .new at the end");
        }
    }

    static Path file(final Path directory, final String name)
    {
        return directory.resolve("positions").resolve("replay").resolve(name);
    }
}
