package io.sluice.journal;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads the documents of one Chronicle Queue file with plain reads, so that a damaged or truncated file is reported
 * where a mapped one would kill the process.
 *
 * <pre>
 *   0        4
 *   +--------+---------------------------+-----+--------+----…
 *   | header | document                  | pad | header |
 *   +--------+---------------------------+-----+--------+----…
 *     bits 0-29 length, bit 30 meta data, bit 31 not complete; 0 = nothing written yet; 0xC0000000 = end of file
 *     documents start at multiples of 4
 * </pre>
 *
 * Data documents are excerpts, the others hold Chronicle's header and indices. Not thread-safe. The file may grow
 * meanwhile.
 */
final class ExcerptScanner implements AutoCloseable
{
    /** What {@link #next()} found. */
    enum Step
    {
        /** An excerpt; its bytes are in {@link #buffer()}. */
        EXCERPT,
        /** A document of Chronicle's own; its bytes are in {@link #buffer()}. */
        META_DATA,
        /** Nothing is written from {@link #position()} on. */
        END,
        /** The mark that closes a file. */
        END_OF_FILE,
        /** A header that can't be right, see {@link #damage()}. */
        DAMAGED
    }

    static final int HEADER_LENGTH = 4;
    static final int LENGTH_MASK = 0x3FFF_FFFF;
    static final int META_DATA_BIT = 1 << 30;
    static final int NOT_COMPLETE_BIT = 1 << 31;
    static final int END_OF_FILE_MARK = META_DATA_BIT | NOT_COMPLETE_BIT;

    private static final int MIN_WINDOW = 1 << 18;
    private static final int LONG_DOCUMENT = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final EventFlyweight event = new EventFlyweight();
    private ByteBuffer window = ByteBuffer.allocateDirect(MIN_WINDOW).order(ByteOrder.LITTLE_ENDIAN);
    private long windowPosition;
    private int windowLength;
    private long position;
    private long nextPosition;
    private int documentLength;
    private String damage;

    private ExcerptScanner(final Path file, final FileChannel channel)
    {
        this.file = file;
        this.channel = channel;
        view.wrap(window);
    }

    static ExcerptScanner open(final Path file) throws IOException
    {
        return new ExcerptScanner(file, FileChannel.open(file, StandardOpenOption.READ));
    }

    static long align4(final long position)
    {
        return (position + 3) & ~3L;
    }

    Path file()
    {
        return file;
    }

    long size() throws IOException
    {
        return channel.size();
    }

    /** @return where the header of the document lies that {@code next} found. */
    long position()
    {
        return position;
    }

    /** @return where the document after it starts. */
    long nextPosition()
    {
        return nextPosition;
    }

    /** @return bytes of the document are at {@link #documentOffset()} of this buffer, until the next call. */
    UnsafeBuffer buffer()
    {
        return view;
    }

    int documentOffset()
    {
        return (int)(position + HEADER_LENGTH - windowPosition);
    }

    int documentLength()
    {
        return documentLength;
    }

    String damage()
    {
        return damage;
    }

    /** Continue at a document header. */
    void position(final long newPosition)
    {
        nextPosition = newPosition;
    }

    /** Forget what was read, so that the next read sees what the file holds now. */
    void refresh()
    {
        windowLength = 0;
    }

    Step next() throws IOException
    {
        position = nextPosition;
        documentLength = 0;
        damage = null;
        final int header = headerAt(position);
        if (header == 0)
        {
            return Step.END;
        }
        if (header == END_OF_FILE_MARK)
        {
            return Step.END_OF_FILE;
        }
        final int length = header & LENGTH_MASK;
        if ((header & NOT_COMPLETE_BIT) != 0 || length == 0)
        {
            return damaged("excerpt header 0x" + Integer.toHexString(header) + " is not valid");
        }
        if (position + HEADER_LENGTH + length > channel.size())
        {
            return damaged("excerpt of " + length + " bytes reaches beyond the end of the file at " + channel.size());
        }
        if ((header & META_DATA_BIT) == 0 && (length & 7) != 0)
        {
            return damaged("excerpt length " + length + " is not a multiple of 8");
        }
        if (!isFilled(position, header))
        {
            return damaged("excerpt of " + length + " bytes is not filled by records");
        }
        if (!load(position, HEADER_LENGTH + length))
        {
            return damaged("excerpt of " + length + " bytes could not be read, the file shrank");
        }
        documentLength = length;
        nextPosition = align4(position + HEADER_LENGTH + length);
        return (header & META_DATA_BIT) == 0 ? Step.EXCERPT : Step.META_DATA;
    }

    /**
     * A wrong length may span half of the file. Nobody must need so much memory to find that out.
     *
     * @param at     position of a document.
     * @param header of it.
     * @return false if it is long and holds something else than records, each of which begins where the one before
     *         ends.
     */
    boolean isFilled(final long at, final int header) throws IOException
    {
        final int length = header & LENGTH_MASK;
        if (length <= LONG_DOCUMENT)
        {
            return true;
        }
        final long end = at + HEADER_LENGTH + length;
        long record = at + HEADER_LENGTH;
        boolean isRecord = (header & META_DATA_BIT) == 0;
        while (isRecord && record < end)
        {
            final int start = read(record, EventDescriptor.MIN_RECORD_LENGTH);
            isRecord = start >= 0 && RecordSearch.isSignature(view, start);
            if (isRecord)
            {
                final int recordLength = event.wrap(view, start).recordLength();
                isRecord = recordLength >= EventDescriptor.MIN_RECORD_LENGTH && recordLength <= end - record;
                record += EventDescriptor.alignedLength(recordLength);
            }
        }
        return isRecord && record == end;
    }

    /** @return the header at a position as the file holds it now, 0 beyond its end. */
    int headerNow(final long at) throws IOException
    {
        refresh();
        return headerAt(at);
    }

    /** @return true if the document found last carries this name. */
    boolean isNamed(final String name)
    {
        // One byte says that a text follows, the next one how long it is.
        final int length = name.length();
        return documentLength > 2 + length && (view.getByte(documentOffset() + 1) & 0xFF) == length &&
            view.getStringWithoutLengthAscii(documentOffset() + 2, length).equals(name);
    }

    /** @return the 64-bit value at a position as the file holds it now, 0 beyond its end. */
    long longNow(final long at) throws IOException
    {
        refresh();
        return load(at, Long.BYTES) ? view.getLong((int)(at - windowPosition)) : 0L;
    }

    /**
     * Read a piece of the file.
     *
     * @return where it starts in {@link #buffer()}, or -1 if the file ends before.
     */
    int read(final long at, final int length) throws IOException
    {
        return load(at, length) ? (int)(at - windowPosition) : -1;
    }

    /** @return position of the last byte that is not zero at or after {@code from}, or -1. */
    long lastNonZero(final long from) throws IOException
    {
        final long size = channel.size();
        long last = -1;
        for (long at = from; at < size; at += MIN_WINDOW)
        {
            final int length = (int)Math.min(MIN_WINDOW, size - at);
            if (!load(at, length))
            {
                break;
            }
            final int start = (int)(at - windowPosition);
            int i = length;
            while (i >= Long.BYTES && view.getLong(start + i - Long.BYTES) == 0)
            {
                i -= Long.BYTES;
            }
            while (i > 0 && view.getByte(start + i - 1) == 0)
            {
                i--;
            }
            if (i > 0)
            {
                last = at + i - 1;
            }
        }
        return last;
    }

    @Override
    public void close() throws IOException
    {
        channel.close();
        view.wrap(0, 0);
        // A thread that looks at files now and then must not fill memory until the next collection.
        BufferUtil.free(window);
    }

    private Step damaged(final String text)
    {
        damage = text;
        return Step.DAMAGED;
    }

    private int headerAt(final long at) throws IOException
    {
        return load(at, HEADER_LENGTH) ? view.getInt((int)(at - windowPosition)) : 0;
    }

    private boolean load(final long at, final int length) throws IOException
    {
        if (at >= windowPosition && at + length <= windowPosition + windowLength)
        {
            return true;
        }
        if (length > window.capacity())
        {
            view.wrap(0, 0);
            BufferUtil.free(window);
            window = ByteBuffer.allocateDirect(Integer.highestOneBit(length) << 1).order(ByteOrder.LITTLE_ENDIAN);
            view.wrap(window);
        }
        window.clear();
        windowPosition = at;
        windowLength = 0;
        while (window.hasRemaining())
        {
            final int read = channel.read(window, at + windowLength);
            if (read <= 0)
            {
                break;
            }
            windowLength += read;
        }
        return windowLength >= length;
    }
}
