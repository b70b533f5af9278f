package io.sluice.perf.baseline;

import java.nio.file.Path;
import net.openhft.chronicle.bytes.PointerBytesStore;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * Chronicle's default queue, appended to one record at a time. It rolls by time, which here means never; with a roll
 * size its clock steps to the next day whenever the file has that size. Confined to one thread.
 */
public final class BareChronicleAppends implements AutoCloseable
{
    private static final long DAY_MS = 86_400_000L;

    private final Path directory;
    private final RecordTemplate template;
    private final long rollSize;
    private final PointerBytesStore record = new PointerBytesStore();
    private final ChronicleQueue queue;
    private final ExcerptAppender appender;
    private long timeMs = System.currentTimeMillis();
    private long position;
    private long appended;
    private boolean hasRolled;

    /**
     * Open a queue.
     *
     * @param directory that does not exist yet.
     * @param template  of the records.
     * @param rollSize  bytes of a file after which the next one begins, 0 to leave rolling to the clock.
     */
    public BareChronicleAppends(final Path directory, final RecordTemplate template, final long rollSize)
    {
        this.directory = directory;
        this.template = template;
        this.rollSize = rollSize;
        record.set(template.buffer().addressOffset(), template.length());
        final SingleChronicleQueueBuilder builder = SingleChronicleQueueBuilder.binary(directory.toFile());
        queue = (rollSize == 0 ? builder : builder.timeProvider(() -> timeMs)).build();
        appender = queue.createAppender();
    }

    /** Append the next record; they are numbered from 0. */
    public void append()
    {
        hasRolled = rollSize > 0 && position >= rollSize;
        if (hasRolled)
        {
            timeMs += DAY_MS;
        }
        template.number(appended++);
        appender.writeBytes(record);
        if (rollSize > 0)
        {
            position = appender.wire().bytes().writePosition();
        }
    }

    /** @return true if the last append began a new file because of the roll size. */
    public boolean hasRolled()
    {
        return hasRolled;
    }

    /**
     * Close the queue and read everything again.
     *
     * @throws io.sluice.perf.report.MeasurementException if a record is missing or differs.
     */
    public void closeAndCheck()
    {
        close();
        ChronicleReadBack.check(directory, template, appended, -1);
    }

    @Override
    public void close()
    {
        appender.close();
        queue.close();
    }
}
