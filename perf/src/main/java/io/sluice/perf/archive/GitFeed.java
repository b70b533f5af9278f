package io.sluice.perf.archive;

import io.sluice.event.EventBuilder;
import io.sluice.handlers.source.EventSource;
import io.sluice.handlers.source.EventSourceContext;
import io.sluice.handlers.source.EventSources;
import java.nio.file.Path;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;

/** The history of a git repository, imported now, as {@code sluice run git:PATH} does. */
final class GitFeed implements EventFeed
{
    private final EventSource source;
    private final EpochNanoClock clock = new OffsetEpochNanoClock();
    private final long most;
    private long count;

    /**
     * @param repository or a directory in one.
     * @param most       events to take.
     */
    GitFeed(final Path repository, final long most)
    {
        source = EventSources.open("git:" + repository, new EventSourceContext());
        this.most = most;
    }

    @Override
    public String name()
    {
        return "git";
    }

    @Override
    public EpochNanoClock clock()
    {
        return clock;
    }

    @Override
    public boolean next(final EventBuilder event)
    {
        return count++ < most && source.next(event);
    }

    @Override
    public void onPublished()
    {
        // Time passes by itself.
    }

    @Override
    public void close()
    {
        source.close();
    }
}
