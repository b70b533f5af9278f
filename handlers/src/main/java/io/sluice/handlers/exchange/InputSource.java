package io.sluice.handlers.exchange;

import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;

/** What an {@link EventInput} reads. Confined to one thread. */
public interface InputSource
{
    /** @return the bytes from the first one on. */
    ReadableByteChannel channel();

    /**
     * @return the same as a file, for formats that have to jump; null where it is none. Whoever reads it says with
     *         {@link #readUpTo} how far.
     */
    FileChannel file();

    /** @return for messages. */
    String name();

    /** @return bytes of the longest record. */
    int maxRecordLength();

    /**
     * Say how far a {@link #file()} is read, for whoever watches.
     *
     * @param position in bytes.
     */
    void readUpTo(long position);
}
