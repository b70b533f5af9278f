package io.sluice.journal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/** Appends five records, writes a sixth without the header of its excerpt, and waits. Argument: directory. */
final class ChildHalfWriter
{
    private ChildHalfWriter()
    {
    }

    public static void main(final String[] args) throws IOException
    {
        final PrintStream out = new PrintStream(System.out, true);
        final Path directory = Path.of(args[0]);
        try (JournalAppender appender = JournalAppender.open(TestRecords.context(directory)))
        {
            new TestRecords().appendNext(appender, 5, 150);
            writeHalf(directory, 6);
            out.println("half");
            System.in.read();
        }
    }

    /** Write a record behind the end of the last file, without the header of its excerpt. */
    static void writeHalf(final Path directory, final long number) throws IOException
    {
        final TestRecords records = new TestRecords();
        final byte[] bytes = new byte[records.encode(number, 150)];
        records.buffer().getBytes(0, bytes);
        final Path file = CycleFiles.list(directory.resolve("journal")).get(0);
        PowerLoss.overwrite(file, endOf(file) + ExcerptScanner.HEADER_LENGTH, bytes);
    }

    static long endOf(final Path file) throws IOException
    {
        try (ExcerptScanner scanner = ExcerptScanner.open(file))
        {
            ExcerptScanner.Step step = scanner.next();
            while (step == ExcerptScanner.Step.EXCERPT || step == ExcerptScanner.Step.META_DATA)
            {
                step = scanner.next();
            }
            return scanner.position();
        }
    }
}
