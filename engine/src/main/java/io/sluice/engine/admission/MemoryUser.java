package io.sluice.engine.admission;

/** Something in the engine that holds memory on the heap or beside it; mapped files don't count. */
public interface MemoryUser
{
    /** @return what it is, for people. */
    String name();

    /** @return bytes that it holds now; any thread. */
    long used();

    /**
     * Give back what can be done without. Called on the telemetry thread, or by {@code invoke()} of the host, once a
     * second while memory is short; must not block. Does nothing where nothing can be given back.
     *
     * @return bytes given back; the JVM has them after its next collection.
     */
    default long trim()
    {
        return 0L;
    }

    /**
     * A user that holds the same all the time.
     *
     * @param name  of it.
     * @param bytes that it holds.
     * @return the user.
     */
    static MemoryUser fixed(final String name, final long bytes)
    {
        return new MemoryUser()
        {
            @Override
            public String name()
            {
                return name;
            }

            @Override
            public long used()
            {
                return bytes;
            }
        };
    }
}
