package io.sluice.engine;

import io.sluice.journal.DataDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens the positions of a journal that no engine has open, as if its last run went on. */
final class TestPositions
{
    private static final Pattern START = Pattern.compile("start run=(\\d+) ");

    private TestPositions()
    {
    }

    static PipelinePositions open(final Path directory)
    {
        try
        {
            final DataDirectory data = new DataDirectory(directory);
            final Matcher matcher = START.matcher(Files.readString(data.runs()));
            final Map<Long, Long> ends = new HashMap<>();
            long last = 0;
            while (matcher.find())
            {
                last = Long.parseLong(matcher.group(1));
                ends.put(last, Long.MAX_VALUE);
            }
            return PipelinePositions.open(data.positions().resolve("pipeline"), last, Long.MAX_VALUE, ends);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
