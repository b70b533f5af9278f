package io.sluice.journal;

import io.sluice.event.TopicPattern;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Looks after closed files once and kills itself where the arguments say so. Arguments: directory, time of its clock in
 * nanoseconds, step, occurrence of that step.
 */
final class ChildArchiver
{
    private ChildArchiver()
    {
    }

    public static void main(final String[] args)
    {
        final long nowNs = Long.parseLong(args[1]);
        final int step = "END".equals(args[2]) ? JournalPhaseListener.END : Integer.parseInt(args[2]);
        final int[] occurrence = {Integer.parseInt(args[3])};
        JournalArchive.archiveNow(context(Path.of(args[0]), nowNs).phaseListener((phase, atStep) ->
        {
            if (phase == JournalPhase.ARCHIVE && atStep == step && --occurrence[0] == 0)
            {
                System.out.println("dying");
                System.out.flush();
                Runtime.getRuntime().halt(137);
            }
        }), true);
        System.out.println("done");
    }

    /** Events of type a.b are kept for a day, all others for ever. */
    static JournalContext context(final Path directory, final long nowNs)
    {
        return TestRecords.context(directory)
            .clock(() -> nowNs)
            .archive(new ArchivePolicy().thread(false).retention(
                RetentionPolicy.keepAll().rule(TopicPattern.of("a.b"), Duration.ofDays(1))));
    }
}
