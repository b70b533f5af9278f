package io.sluice.perf.synced;

import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.report.MeasurementException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.HdrHistogram.Histogram;

/**
 * The baseline: one record, one {@code fdatasync}, over and over. Into a file that was written in full length and
 * forced before, where a force has only data to write; or into one that grows, where it has to write the length too.
 */
final class ForceLoop
{
    private static final int FILE_LENGTH = 1 << 26;
    private static final int ZEROS_LENGTH = 1 << 20;
    private static final int WARM_UP = 50;

    private final RecordTemplate template;
    private final ByteBuffer record;

    /**
     * @param payloadLength of the events, bytes.
     */
    ForceLoop(final int payloadLength)
    {
        template = new RecordTemplate(payloadLength);
        record = template.buffer().byteBuffer().duplicate().limit(template.length());
    }

    /**
     * What it took.
     *
     * @param latency         of a write and its force.
     * @param eventsPerSecond one after the other.
     */
    record Result(Histogram latency, double eventsPerSecond)
    {
    }

    /**
     * Append and force for a while, then read back.
     *
     * @param file        that does not exist yet.
     * @param isGrowing   whether the file grows with each record.
     * @param durationNs  of the loop; it ends earlier where the file is full, after 64 MiB.
     * @return what it took.
     * @throws MeasurementException if a record is missing or differs.
     */
    Result run(final Path file, final boolean isGrowing, final long durationNs)
    {
        final Histogram latency = Histograms.create(isGrowing ? "fdatasync.growing" : "fdatasync.preallocated");
        try (FileChannel channel = FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ))
        {
            if (!isGrowing)
            {
                preallocate(channel);
            }
            for (int i = 0; i < WARM_UP; i++)
            {
                append(channel, i);
            }
            final long most = (long)FILE_LENGTH / template.length() - WARM_UP;
            final long startNs = System.nanoTime();
            long count = 0;
            long beforeNs = startNs;
            while (beforeNs - startNs < durationNs && count < most)
            {
                append(channel, WARM_UP + count);
                final long afterNs = System.nanoTime();
                Histograms.record(latency, afterNs - beforeNs);
                beforeNs = afterNs;
                count++;
            }
            check(channel, WARM_UP + count);
            return new Result(latency, count * 1e9 / (beforeNs - startNs));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("can't append to " + file + ": " + e.getMessage(), e);
        }
    }

    private void append(final FileChannel channel, final long number) throws IOException
    {
        template.number(number);
        record.position(0);
        final long start = number * template.length();
        while (record.hasRemaining())
        {
            channel.write(record, start + record.position());
        }
        channel.force(false);
    }

    private static void preallocate(final FileChannel channel) throws IOException
    {
        final ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_LENGTH);
        for (long at = 0; at < FILE_LENGTH; at += ZEROS_LENGTH)
        {
            zeros.clear();
            while (zeros.hasRemaining())
            {
                channel.write(zeros, at + zeros.position());
            }
        }
        channel.force(true);
    }

    private void check(final FileChannel channel, final long count) throws IOException
    {
        final ByteBuffer found = ByteBuffer.allocate(template.length());
        for (long number = 0; number < count; number++)
        {
            found.clear();
            while (found.hasRemaining() && channel.read(found, number * template.length() + found.position()) >= 0)
            {
                continue;
            }
            template.number(number);
            record.position(0);
            if (!found.flip().equals(record))
            {
                throw new MeasurementException("record " + number + " differs after it was forced");
            }
        }
    }
}
