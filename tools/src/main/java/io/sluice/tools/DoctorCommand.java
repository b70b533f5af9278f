package io.sluice.tools;

import io.sluice.tools.check.DoctorAction;
import io.sluice.tools.check.HostFacts;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link DoctorAction}. */
@CommandLine.Command(
    name = "doctor",
    description = "Check this machine and the place of the data: flags, file system, sync, cores, limits. " +
        "Exit code 1 if something has to change.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class DoctorCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private JsonOption json;

    DoctorCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        return new DoctorAction(directory.directory(), json.isWanted(), new HostFacts(Path.of("/"))).run(io);
    }
}
