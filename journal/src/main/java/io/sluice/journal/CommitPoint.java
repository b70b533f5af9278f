package io.sluice.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Where the journal ends. The appender writes it at each commit, with plain stores between two ordered ones; another
 * thread takes a copy in which all four values belong together. One writer; allocates nothing, and never holds the
 * writer up.
 */
final class CommitPoint
{
    private static final VarHandle VERSION;
    private static final VarHandle SEQUENCE;

    static
    {
        try
        {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            VERSION = lookup.findVarHandle(CommitPoint.class, "version", long.class);
            SEQUENCE = lookup.findVarHandle(CommitPoint.class, "sequence", long.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    // Odd while the values are being written.
    private long version;
    @SuppressWarnings("unused")
    private long sequence;
    private int cycle;
    private long position;
    private long journalTime;

    void publish(final long newSequence, final int newCycle, final long newPosition, final long newJournalTime)
    {
        final long before = version;
        VERSION.setOpaque(this, before + 1);
        VarHandle.storeStoreFence();
        SEQUENCE.setOpaque(this, newSequence);
        cycle = newCycle;
        position = newPosition;
        journalTime = newJournalTime;
        VERSION.setRelease(this, before + 2);
    }

    /** Take a copy of what another instance says now. */
    void copy(final CommitPoint source)
    {
        long before;
        do
        {
            before = (long)VERSION.getAcquire(source);
            while ((before & 1) != 0)
            {
                Thread.yield();
                before = (long)VERSION.getAcquire(source);
            }
            sequence = (long)SEQUENCE.getOpaque(source);
            cycle = source.cycle;
            position = source.position;
            journalTime = source.journalTime;
            VarHandle.loadLoadFence();
        }
        while ((long)VERSION.getOpaque(source) != before);
    }

    /** @return sequence of the last committed record; any thread. */
    long sequence()
    {
        return (long)SEQUENCE.getVolatile(this);
    }

    int cycle()
    {
        return cycle;
    }

    long position()
    {
        return position;
    }

    long journalTime()
    {
        return journalTime;
    }
}
