package io.sluice.handlers.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;

/** Where an {@link EventOutput} writes. Confined to one thread. */
public interface OutputTarget
{
    /** @return the file, buffered; never closed or flushed by the output. */
    OutputStream stream();

    /** @return bytes of the file before the next one that is written to {@link #stream()}. */
    long position();

    /** @return what {@link EventOutput#state()} said where writing goes on; empty at the beginning. */
    String state();

    /**
     * A second file for what an output has to know again at the end and does not want to keep in memory. Its bytes are
     * kept and cut along with those of the first one, and it goes when the export is complete.
     *
     * @return it, open for reading and writing, positioned at its end; the same one with every call.
     * @throws IOException if it can't be made.
     */
    FileChannel scratch() throws IOException;
}
