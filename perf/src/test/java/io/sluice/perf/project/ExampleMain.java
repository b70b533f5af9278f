package io.sluice.perf.project;

import java.nio.file.Path;

/** Runs a compiled example of the documentation in a process of its own. */
final class ExampleMain
{
    private ExampleMain()
    {
    }

    /**
     * @param args directory of the compiled classes, name of the class, data directory.
     * @throws Exception whatever the example throws.
     */
    public static void main(final String[] args) throws Exception
    {
        ExampleSource.run(Path.of(args[0]), args[1], Path.of(args[2]), null);
    }
}
