package io.sluice.engine.deadletter;

import io.sluice.event.EventStorageException;
import io.sluice.journal.ArchivePolicy;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import java.nio.file.Path;

/** How letters are written, and forced to the device. */
final class LetterForce
{
    private LetterForce()
    {
    }

    /** @return settings of the journal of letters; where it is and how long they are is missing. */
    static JournalContext journal(final DeadLetterContext context)
    {
        return new JournalContext()
            .clock(context.clock())
            .rollSize(DeadLetterJournal.ROLL_SIZE)
            .prepareAhead(0)
            .syncThread(context.forceThread())
            .minFreeSpace(context.minFreeSpace())
            .freeSpace(context.freeSpace())
            .archive(new ArchivePolicy().thread(false));
    }

    /**
     * Ask for a force, and wait for it unless the appender has a thread for that.
     *
     * @return sequence up to which it was asked for; 0 where no power loss is survived anyway.
     */
    static long request(final JournalAppender appender)
    {
        if (!appender.syncSupport().isHonoured())
        {
            return 0;
        }
        appender.requestSync(appender.lastSequence());
        appender.sync();
        return appender.lastSequence();
    }

    /** Fail if an appender that has no thread for that has not forced everything. */
    static void check(final JournalAppender appender, final Path directory)
    {
        if (appender.syncedSequence() < appender.lastSequence())
        {
            throw new EventStorageException(
                "the dead letters in " + directory + " could not be forced to the device beyond sequence " +
                appender.syncedSequence() + ", try again: " + appender.storage().reason());
        }
    }
}
