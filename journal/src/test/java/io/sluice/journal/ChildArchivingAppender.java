package io.sluice.journal;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Appends while its archiver compresses every closed file at once. Prints {@code appended}, and {@code archived N} when
 * it was told to stop and is closed. Arguments: directory, records to append.
 */
final class ChildArchivingAppender
{
    private ChildArchivingAppender()
    {
    }

    public static void main(final String[] args) throws Exception
    {
        final JournalContext context = TestRecords.context(Path.of(args[0])).archive(new ArchivePolicy()
            .after(Duration.ZERO)
            .interval(Duration.ofMillis(1))
            .retention(RetentionPolicy.keepAll()));
        final int count = Integer.parseInt(args[1]);
        final TestRecords records = new TestRecords();
        final JournalAppender appender = JournalAppender.open(context.clock(() -> Long.MAX_VALUE / 2));
        System.out.println("open");
        for (int i = 0; i < count; i++)
        {
            records.appendNext(appender, 1, 150);
            appender.requestSync(appender.lastSequence());
        }
        System.out.println("appended");
        System.in.read();
        appender.close();
        System.out.println("archived " + appender.archive().archived());
    }
}
