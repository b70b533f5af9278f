package io.sluice.journal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * Appends until it is told to die, or nobody reads what it says any more: prints a line for each sequence that a commit
 * acknowledged, and kills itself where the arguments say so. Arguments: directory, phase or NONE, step, occurrence of
 * that step, commits; with one more, no syncer thread.
 */
final class ChildAppender
{
    private ChildAppender()
    {
    }

    public static void main(final String[] args) throws IOException
    {
        final PrintStream out = new PrintStream(System.out, true);
        final String phase = args[1];
        final int step = "END".equals(args[2]) ? JournalPhaseListener.END : Integer.parseInt(args[2]);
        final int[] occurrence = {Integer.parseInt(args[3])};
        final int count = Integer.parseInt(args[4]);
        final boolean hasSyncer = args.length == 5;
        final JournalContext context = TestRecords.context(Path.of(args[0])).syncThread(hasSyncer)
            .phaseListener((at, atStep) ->
            {
                if (at.name().equals(phase) && atStep == step && --occurrence[0] == 0)
                {
                    out.println("dying in " + phase + " " + step);
                    Runtime.getRuntime().halt(137);
                }
            });
        final JournalAppender appender = JournalAppender.open(context);
        out.println("open " + appender.lastSequence());
        final TestRecords records = new TestRecords();
        for (int i = 0; i < count && !out.checkError(); i++)
        {
            final int batch = 1 + i % 3;
            for (int k = 0; k < batch; k++)
            {
                records.stage(appender, appender.nextSequence(), 150);
            }
            out.println("acknowledged " + appender.commit());
        }
        out.println("waiting");
        System.in.read();
        appender.close();
        out.println("closed");
    }
}
