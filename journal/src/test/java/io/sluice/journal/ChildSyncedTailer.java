package io.sluice.journal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads, whenever it gets a line, all that is on the device, and prints the sequence that comes next. */
final class ChildSyncedTailer
{
    private ChildSyncedTailer()
    {
    }

    public static void main(final String[] args) throws IOException
    {
        final BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (JournalTailer tailer = JournalTailer.open(
            new TailerContext().directory(Path.of(args[0])).visibleAt(VisibleAt.SYNCED)))
        {
            while ("poll".equals(input.readLine()))
            {
                TestRecords.sequences(tailer);
                System.out.println(tailer.nextSequence());
            }
        }
    }
}
