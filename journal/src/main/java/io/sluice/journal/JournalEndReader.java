package io.sluice.journal;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.agrona.CloseHelper;

/** Follows the end of a journal: asked again, it goes on where it was. Not thread-safe. */
final class JournalEndReader implements AutoCloseable
{
    private static final int MAX_STEPS = 1000;

    private final JournalFiles files;
    private final EventFlyweight event = new EventFlyweight();
    private List<JournalFile> known = List.of();
    private CycleReader cycle;
    private boolean isNewest;
    private long last;

    JournalEndReader(final JournalFiles files)
    {
        this.files = files;
    }

    /**
     * @param listed files of the journal; the same list as before if there are no others.
     * @return sequence of the last record, 0 if there is none.
     * @throws NoSuchFileException if a file moved since it was listed.
     */
    long lastSequence(final List<JournalFile> listed) throws IOException
    {
        // A file that held nothing when it was listed may hold the end by now.
        if (listed != known || !isNewest)
        {
            openLast(listed);
            known = listed;
        }
        if (cycle == null)
        {
            return 0;
        }
        cycle.resume(0, 0);
        int steps = 0;
        while (cycle.next())
        {
            last = lastOfRun();
            if (++steps == MAX_STEPS)
            {
                cycle.skipRuns(true, Long.MAX_VALUE);
            }
        }
        return last;
    }

    @Override
    public void close()
    {
        event.unwrap();
        CloseHelper.close(cycle);
        cycle = null;
        known = List.of();
    }

    private void openLast(final List<JournalFile> listed) throws IOException
    {
        for (int i = listed.size() - 1; i >= 0; i--)
        {
            final JournalFile file = listed.get(i);
            isNewest = i == listed.size() - 1;
            if (cycle != null && cycle.file().equals(file) && !cycle.isReplaced())
            {
                return;
            }
            final CycleReader opened = files.open(file);
            if (!opened.isEmpty())
            {
                close();
                cycle = opened;
                last = 0;
                cycle.skipRuns(true, Long.MAX_VALUE);
                return;
            }
            opened.close();
        }
        close();
    }

    private long lastOfRun()
    {
        int at = cycle.runStart();
        long found = last;
        while (cycle.runEnd() - at >= EventDescriptor.MIN_RECORD_LENGTH)
        {
            event.wrap(cycle.buffer(), at);
            final int length = event.recordLength();
            if (length < EventDescriptor.MIN_RECORD_LENGTH || length > cycle.runEnd() - at)
            {
                throw JournalDamagedException.at(
                    cycle.file().path(), cycle.place(at), "record length " + length + " is not valid here");
            }
            found = event.sequence();
            at += EventDescriptor.alignedLength(length);
        }
        return found;
    }
}
