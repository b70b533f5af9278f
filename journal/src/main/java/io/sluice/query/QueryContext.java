package io.sluice.query;

import io.sluice.archive.KeyProvider;
import io.sluice.index.IndexContext;
import io.sluice.journal.ExpiredRangeListener;
import io.sluice.journal.JournalArchive;
import io.sluice.journal.LostRangeListener;
import java.nio.file.Path;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/** What a {@link JournalQuery} needs to know. Not thread-safe; read at open. */
public final class QueryContext
{
    private Path directory;
    private KeyProvider keys = KeyProvider.NONE;
    private NanoClock clock = SystemNanoClock.INSTANCE;
    private boolean useIndex = true;
    private IndexContext index = new IndexContext();
    private ExpiredRangeListener expiredRangeListener = ExpiredRangeListener.NONE;
    private LostRangeListener lostRangeListener = LostRangeListener.NONE;

    /** A context with defaults. */
    public QueryContext()
    {
    }

    /**
     * @param value data directory; must be set.
     * @return this.
     */
    public QueryContext directory(final Path value)
    {
        directory = value;
        return this;
    }

    /** @return data directory. */
    public Path directory()
    {
        return directory;
    }

    /**
     * @param provider of the keys of encrypted archive files; default: none.
     * @return this.
     */
    public QueryContext keys(final KeyProvider provider)
    {
        keys = provider;
        return this;
    }

    /**
     * @param file with the keys of encrypted archive files.
     * @return this.
     */
    public QueryContext keyFile(final Path file)
    {
        return keys(JournalArchive.keyFile(file));
    }

    /** @return provider of keys. */
    public KeyProvider keys()
    {
        return keys;
    }

    /**
     * @param value that time-outs are measured with; default: the system's.
     * @return this.
     */
    public QueryContext clock(final NanoClock value)
    {
        clock = value;
        return this;
    }

    /** @return clock of time-outs. */
    public NanoClock clock()
    {
        return clock;
    }

    /**
     * @param value false to read all of the journal, even where it is indexed; default: true.
     * @return this.
     */
    public QueryContext useIndex(final boolean value)
    {
        useIndex = value;
        return this;
    }

    /** @return true if the index of the journal is used. */
    public boolean useIndex()
    {
        return useIndex;
    }

    /**
     * @param value how the index is to be read; its directory and keys are those of this.
     * @return this.
     */
    QueryContext index(final IndexContext value)
    {
        index = value;
        return this;
    }

    IndexContext index()
    {
        return index.directory(directory).keys(keys);
    }

    /**
     * @param listener to ranges that a query passes and retention has removed; default: none.
     * @return this.
     */
    public QueryContext expiredRangeListener(final ExpiredRangeListener listener)
    {
        expiredRangeListener = listener;
        return this;
    }

    /** @return listener to expired ranges. */
    public ExpiredRangeListener expiredRangeListener()
    {
        return expiredRangeListener;
    }

    /**
     * @param listener to ranges that a query passes and a repair has written off; default: none.
     * @return this.
     */
    public QueryContext lostRangeListener(final LostRangeListener listener)
    {
        lostRangeListener = listener;
        return this;
    }

    /** @return listener to lost ranges. */
    public LostRangeListener lostRangeListener()
    {
        return lostRangeListener;
    }
}
