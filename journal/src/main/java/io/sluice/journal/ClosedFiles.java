package io.sluice.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is known of closed files, in {@code control/files}: the newest line for a file counts. Written only under the
 * lock of the archive. Whatever it does not know is found out again.
 */
final class ClosedFiles
{
    private static final String FORGET = "forget ";
    private static final int SPARE_LINES = 256;

    private final Path path;

    ClosedFiles(final DataDirectory directory)
    {
        path = ControlFileKind.FILES.in(directory);
    }

    /** @return closed files by name. */
    Map<String, ClosedFile> read() throws IOException
    {
        final Map<String, ClosedFile> files = new LinkedHashMap<>();
        for (final String line : ControlFile.read(path, ControlFileKind.FILES).lines())
        {
            if (line.startsWith(FORGET))
            {
                files.remove(ControlFile.valueOf(line, "name"));
            }
            else
            {
                final ClosedFile file = ClosedFile.parse(line);
                files.put(file.name(), file);
            }
        }
        return files;
    }

    void note(final ClosedFile file, final DeviceForce force) throws IOException
    {
        ControlFile.append(path, file.line(), force);
    }

    /** A file is written anew: what was known of it is wrong. */
    void forget(final Path file, final DeviceForce force) throws IOException
    {
        ControlFile.append(path, FORGET + "name=" + file.getFileName(), force);
    }

    /** Drop lines of files that are gone once there are many. */
    void compact(final Set<String> present, final DeviceForce force) throws IOException
    {
        final int lines = ControlFile.read(path, ControlFileKind.FILES).lines().size();
        if (lines > 2 * present.size() + SPARE_LINES)
        {
            final Map<String, ClosedFile> files = read();
            files.keySet().retainAll(present);
            final List<String> kept = new ArrayList<>();
            files.values().forEach((file) -> kept.add(file.line()));
            ControlFile.replace(path, kept, force);
        }
    }
}
