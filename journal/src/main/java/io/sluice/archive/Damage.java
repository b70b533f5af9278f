package io.sluice.archive;

import java.nio.file.Path;

/** Words for damage. */
final class Damage
{
    private static final String REMEDY = "; put a sound copy of the file in its place";

    private Damage()
    {
    }

    static ArchiveDamagedException at(final Path file, final long offset, final String what)
    {
        return new ArchiveDamagedException(file + " is damaged at byte " + offset + ": " + what + REMEDY);
    }

    static ArchiveDamagedException at(
        final Path file, final long offset, final String what, final Throwable cause)
    {
        return new ArchiveDamagedException(file + " is damaged at byte " + offset + ": " + what + REMEDY, cause);
    }
}
