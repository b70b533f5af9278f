package io.sluice.journal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * Appends and forces without end, prints what is journaled and what is synced, and kills itself in a step of a force
 * where the arguments say so. Arguments: directory, true for a syncer thread, step or NONE, occurrence of that step.
 */
final class ChildSyncer
{
    private ChildSyncer()
    {
    }

    public static void main(final String[] args) throws IOException
    {
        final PrintStream out = new PrintStream(System.out, true);
        final boolean hasThread = Boolean.parseBoolean(args[1]);
        final int step = "NONE".equals(args[2]) ? -1 :
            "END".equals(args[2]) ? JournalPhaseListener.END : Integer.parseInt(args[2]);
        final int[] occurrence = {Integer.parseInt(args[3])};
        final JournalContext context = TestRecords.context(Path.of(args[0]))
            .syncThread(hasThread)
            .syncAlways(hasThread)
            .syncListener((sequence) -> out.println("synced " + sequence))
            .phaseListener((phase, at) ->
            {
                if (phase == JournalPhase.SYNC && at == step && --occurrence[0] == 0)
                {
                    out.println("dying");
                    Runtime.getRuntime().halt(137);
                }
            });
        final JournalAppender appender = JournalAppender.open(context);
        out.println("open " + appender.lastSequence() + " " + appender.syncedSequence());
        final TestRecords records = new TestRecords();
        for (int i = 0; ; i++)
        {
            final int batch = 1 + i % 3;
            for (int k = 0; k < batch; k++)
            {
                records.stage(appender, appender.nextSequence(), 150);
            }
            out.println("journaled " + appender.commit());
            if (!hasThread && i % 16 == 0)
            {
                appender.requestSync(appender.lastSequence());
                appender.sync();
            }
        }
    }
}
