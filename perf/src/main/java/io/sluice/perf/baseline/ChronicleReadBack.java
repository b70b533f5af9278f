package io.sluice.perf.baseline;

import io.sluice.perf.report.MeasurementException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/** Reads a baseline's queue again and compares it with what was written. */
final class ChronicleReadBack
{
    private ChronicleReadBack()
    {
    }

    /**
     * Check numbers, lengths and, where there are any, checksums.
     *
     * @param directory      of the queue.
     * @param template       of the records.
     * @param events         that must be in it, numbered from 0.
     * @param checksumOffset of a CRC32C over the bytes before it, -1 if there is none.
     */
    static void check(final Path directory, final RecordTemplate template, final long events, final int checksumOffset)
    {
        final ByteBuffer head = ByteBuffer.allocateDirect(Math.max(checksumOffset, 1));
        final CRC32C crc = new CRC32C();
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.binary(directory.toFile()).readOnly(true).build();
            ExcerptTailer tailer = queue.createTailer())
        {
            long found = 0;
            while (true)
            {
                try (DocumentContext document = tailer.readingDocument())
                {
                    if (!document.isPresent())
                    {
                        break;
                    }
                    final Bytes<?> bytes = document.wire().bytes();
                    final long start = bytes.readPosition();
                    // Chronicle pads excerpts to four bytes.
                    final long padding = bytes.readRemaining() - template.length();
                    if (padding < 0 || padding > 3)
                    {
                        throw new MeasurementException("event " + found + " has " + bytes.readRemaining() + " bytes");
                    }
                    MeasurementException.require(
                        "number of event " + found, found, bytes.readLong(start + template.numberOffset()));
                    if (checksumOffset >= 0)
                    {
                        head.clear();
                        for (int i = 0; i < checksumOffset; i++)
                        {
                            head.put(bytes.readByte(start + i));
                        }
                        head.flip();
                        crc.reset();
                        crc.update(head);
                        MeasurementException.require(
                            "checksum of event " + found, crc.getValue(), bytes.readLong(start + checksumOffset));
                    }
                    found++;
                }
            }
            MeasurementException.require("events read back from " + directory, events, found);
        }
    }
}
