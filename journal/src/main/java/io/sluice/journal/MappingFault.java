package io.sluice.journal;

/**
 * Faults in mappings: the file was cut under the reader, or the device failed. In compiled code such a load does not
 * fail: it gives any value, and the thread goes on with it. The JVM throws an {@link InternalError} later, at the next
 * call that leaves Java, wherever that may be.
 */
final class MappingFault
{
    private MappingFault()
    {
    }

    /**
     * Have the JVM throw now what it has in store for this thread. Takes some ten nanoseconds.
     *
     * @throws InternalError if there was a fault.
     */
    static void surface()
    {
        if (Thread.holdsLock(MappingFault.class))
        {
            throw new IllegalStateException("nobody locks this class");
        }
    }
}
