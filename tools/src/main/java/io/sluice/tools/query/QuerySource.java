package io.sluice.tools.query;

import io.sluice.archive.KeyProvider;
import io.sluice.query.JournalQuery;
import io.sluice.query.QueryContext;
import io.sluice.tools.CommandIo;
import io.sluice.tools.tail.ExpiredNotice;
import java.nio.file.Path;

/**
 * The journal that is asked.
 *
 * @param directory data directory.
 * @param keys      of encrypted archive files.
 */
public record QuerySource(Path directory, KeyProvider keys)
{
    JournalQuery open(final CommandIo io)
    {
        return JournalQuery.open(new QueryContext()
            .directory(directory)
            .keys(keys)
            .expiredRangeListener(new ExpiredNotice(io.err())::onExpiredRange)
            .lostRangeListener((first, last) -> io.err().println(
                "sluice: sequences " + first + " to " + last + " were written off by a repair")));
    }
}
