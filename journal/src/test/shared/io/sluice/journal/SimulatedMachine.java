package io.sluice.journal;

import java.nio.file.Path;

/** A machine whose starts and devices a test makes up. */
public final class SimulatedMachine
{
    private SimulatedMachine()
    {
    }

    /**
     * @param context   of a journal.
     * @param directory of it.
     * @param bootId    of the machine's present start.
     * @return the context: forces are taken for good, whatever the file system.
     */
    public static JournalContext on(final JournalContext context, final Path directory, final String bootId)
    {
        return context.bootId(bootId).syncSupport(new SyncSupport(directory, "", "simulated", true, ""));
    }
}
