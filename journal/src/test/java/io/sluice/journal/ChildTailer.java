package io.sluice.journal;

import java.nio.file.Path;

/** Prints the sequence of every record up to a last one. Arguments: directory, last sequence. */
final class ChildTailer
{
    private ChildTailer()
    {
    }

    public static void main(final String[] args)
    {
        final long last = Long.parseLong(args[1]);
        try (JournalTailer tailer = JournalTailer.open(
            new TailerContext().directory(Path.of(args[0])).waitForJournal(true)))
        {
            System.out.println("ready");
            while (tailer.nextSequence() <= last)
            {
                if (tailer.poll((event) -> System.out.println(event.sequence()), 100) == 0)
                {
                    Thread.onSpinWait();
                    Thread.yield();
                }
            }
        }
    }
}
