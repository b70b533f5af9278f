package io.sluice.journal;

import io.sluice.archive.KeyProvider;
import java.nio.file.Path;

/** Configuration of a {@link JournalTailer}. Not thread-safe; read once, by {@link JournalTailer#open}. */
public final class TailerContext
{
    private Path directory;
    private boolean verifyChecksums = true;
    private Path positionFile;
    private StartPosition from = StartPosition.start();
    private boolean waitForJournal;
    private LostRangeListener lostRangeListener = LostRangeListener.NONE;
    private ExpiredRangeListener expiredRangeListener = ExpiredRangeListener.NONE;
    private KeyProvider keys = KeyProvider.NONE;
    private VisibleAt visibleAt = VisibleAt.JOURNALED;

    /** All defaults; only the directory is missing. */
    public TailerContext()
    {
    }

    /**
     * @param value data directory.
     * @return this.
     */
    public TailerContext directory(final Path value)
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
     * @param isVerified true (default) to check the hashes of every record before it is handed out.
     * @return this.
     */
    public TailerContext verifyChecksums(final boolean isVerified)
    {
        verifyChecksums = isVerified;
        return this;
    }

    /** @return true if the hashes of every record are checked. */
    public boolean verifyChecksums()
    {
        return verifyChecksums;
    }

    /**
     * @param file that keeps the position of this tailer, outside {@code journal/}; null (default) for none. A position
     *             that it holds wins over {@link #from()}.
     * @return this.
     */
    public TailerContext positionFile(final Path file)
    {
        positionFile = file;
        return this;
    }

    /** @return file that keeps the position, or null. */
    public Path positionFile()
    {
        return positionFile;
    }

    /**
     * @param position to start at; default is the start of the journal.
     * @return this.
     */
    public TailerContext from(final StartPosition position)
    {
        from = position;
        return this;
    }

    /** @return position to start at. */
    public StartPosition from()
    {
        return from;
    }

    /**
     * @param isWaiting true to open a tailer where there is no journal yet: polls return 0 until there is one. By
     *                  default opening fails with {@link DirectoryState#NO_JOURNAL}.
     * @return this.
     */
    public TailerContext waitForJournal(final boolean isWaiting)
    {
        waitForJournal = isWaiting;
        return this;
    }

    /** @return true if a tailer may wait for its journal. */
    public boolean waitForJournal()
    {
        return waitForJournal;
    }

    /**
     * @param listener told about sequences that a repair wrote off, on the thread that polls.
     * @return this.
     */
    public TailerContext lostRangeListener(final LostRangeListener listener)
    {
        lostRangeListener = listener;
        return this;
    }

    /** @return listener told about sequences that a repair wrote off. */
    public LostRangeListener lostRangeListener()
    {
        return lostRangeListener;
    }

    /**
     * @param listener told about sequences that retention removed, on the thread that polls.
     * @return this.
     */
    public TailerContext expiredRangeListener(final ExpiredRangeListener listener)
    {
        expiredRangeListener = listener;
        return this;
    }

    /** @return listener told about sequences that retention removed. */
    public ExpiredRangeListener expiredRangeListener()
    {
        return expiredRangeListener;
    }

    /**
     * @param provider of the keys of encrypted archive files; default {@link KeyProvider#NONE}.
     * @return this.
     */
    public TailerContext keys(final KeyProvider provider)
    {
        keys = provider;
        return this;
    }

    /**
     * @param file of keys, read again whenever a key is needed, so that a rotation is seen.
     * @return this.
     */
    public TailerContext keyFile(final Path file)
    {
        return keys(JournalArchive.keyFile(file));
    }

    /** @return provider of the keys of encrypted archive files. */
    public KeyProvider keys()
    {
        return keys;
    }

    /**
     * @param value how far a record must have come before it is handed out; default {@link VisibleAt#JOURNALED}. A
     *              journal that no one has opened for appending since it keeps a watermark shows nothing as {@link
     *              VisibleAt#SYNCED}.
     * @return this.
     */
    public TailerContext visibleAt(final VisibleAt value)
    {
        visibleAt = value;
        return this;
    }

    /** @return how far a record must have come before it is handed out. */
    public VisibleAt visibleAt()
    {
        return visibleAt;
    }
}
