package io.sluice.index;

import io.sluice.archive.KeyProvider;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.JournalArchive;
import io.sluice.journal.JournalContext;
import io.sluice.journal.TailerContext;
import java.nio.file.Path;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/** What an index needs to know of its journal. Not thread-safe; read at open. */
public final class IndexContext
{
    static final int SEGMENT_BITS = 18;
    static final int ZONE_BITS = 10;

    private Path directory;
    private KeyProvider keys = KeyProvider.NONE;
    private long minFreeSpace = 2 * JournalContext.DEFAULT_MIN_FREE_SPACE;
    private NanoClock clock = SystemNanoClock.INSTANCE;
    private IndexLayout layout = new IndexLayout(SEGMENT_BITS, ZONE_BITS);

    /** A context with defaults. */
    public IndexContext()
    {
    }

    /**
     * @param value data directory; must be set.
     * @return this.
     */
    public IndexContext directory(final Path value)
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
    public IndexContext keys(final KeyProvider provider)
    {
        keys = provider;
        return this;
    }

    /**
     * @param file with the keys of encrypted archive files.
     * @return this.
     */
    public IndexContext keyFile(final Path file)
    {
        return keys(JournalArchive.keyFile(file));
    }

    /** @return provider of keys. */
    public KeyProvider keys()
    {
        return keys;
    }

    /**
     * @param bytes of the file system that the index leaves free: it stops before the journal has to, and goes on when
     *              there is room again. Default: twice {@link JournalContext#DEFAULT_MIN_FREE_SPACE}.
     * @return this.
     */
    public IndexContext minFreeSpace(final long bytes)
    {
        if (bytes < 0)
        {
            throw new IllegalArgumentException("minFreeSpace=" + bytes + " is out of range: use 0 or more");
        }
        minFreeSpace = bytes;
        return this;
    }

    /** @return bytes of the file system that the index leaves free. */
    public long minFreeSpace()
    {
        return minFreeSpace;
    }

    /**
     * @param value that says when to try again what failed; default: the system's.
     * @return this.
     */
    public IndexContext clock(final NanoClock value)
    {
        clock = value;
        return this;
    }

    /** @return clock that says when to try again. */
    public NanoClock clock()
    {
        return clock;
    }

    /** Small segments make tests short; all who use an index have to agree. */
    IndexContext layout(final IndexLayout value)
    {
        layout = value;
        return this;
    }

    IndexLayout layout()
    {
        return layout;
    }

    TailerContext tailing()
    {
        return new TailerContext().directory(directory).keys(keys);
    }

    DataDirectory dataDirectory()
    {
        if (directory == null)
        {
            throw new IllegalArgumentException("directory is not set");
        }
        return new DataDirectory(directory.toAbsolutePath().normalize());
    }
}
