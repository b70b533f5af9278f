package io.sluice.engine;

import io.sluice.event.EventFlyweight;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.agrona.concurrent.UnsafeBuffer;

/** Reads the journal of an ended engine. */
final class JournalDigest
{
    private JournalDigest()
    {
    }

    /** One digest over all bytes of all records. */
    static String of(final Path directory) throws GeneralSecurityException
    {
        final MessageDigest digest = MessageDigest.getInstance("SHA-256");
        map(directory, event ->
        {
            final byte[] record = new byte[event.recordLength()];
            event.copyTo(new UnsafeBuffer(record), 0);
            digest.update(record);
            return null;
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    static <T> List<T> map(final Path directory, final Function<EventFlyweight, T> mapper)
    {
        final List<T> rows = new ArrayList<>();
        try (JournalTailer tailer =
            JournalTailer.open(new TailerContext().directory(directory).from(StartPosition.start())))
        {
            int count = 1;
            while (count > 0)
            {
                count = tailer.poll(event -> rows.add(mapper.apply(event)), 1000);
            }
        }
        return rows;
    }
}
