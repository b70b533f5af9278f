package io.sluice.handlers.exchange;

import java.io.IOException;

/** Where an export goes, and what becomes of it when it is interrupted, or done. Not thread-safe. */
interface ExportTarget extends OutputTarget, AutoCloseable
{
    /** @return true if there is a checkpoint to go on from; it was taken over. */
    boolean isResumed();

    /** Begin to write, with the range that is known now. */
    void begin() throws IOException;

    /** @return true if a checkpoint is of use. */
    boolean isResumable();

    /** Make all that was written so far durable, then note it. */
    void checkpoint() throws IOException;

    /** All is written. */
    void complete() throws IOException;

    @Override
    void close() throws IOException;
}
