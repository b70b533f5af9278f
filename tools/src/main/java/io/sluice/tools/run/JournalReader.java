package io.sluice.tools.run;

import io.sluice.archive.KeyProvider;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.RecordHandler;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import java.nio.file.Path;

/** Reads a closed journal again, so that what is in it is known from its files and not from the engine. */
@FunctionalInterface
interface JournalReader
{
    /**
     * The one that runs use: every checksum is verified.
     *
     * @param keys of encrypted archive files.
     * @return the reader.
     */
    static JournalReader tailer(final KeyProvider keys)
    {
        return (directory, fromSequence, handler) ->
        {
            final TailerContext context =
                new TailerContext().directory(directory).keys(keys).from(StartPosition.sequence(fromSequence));
            try (JournalTailer tailer = JournalTailer.open(context))
            {
                while (tailer.poll(handler, Integer.MAX_VALUE) > 0)
                {
                    Thread.onSpinWait();
                }
            }
        };
    }

    void read(Path directory, long fromSequence, RecordHandler handler);
}
