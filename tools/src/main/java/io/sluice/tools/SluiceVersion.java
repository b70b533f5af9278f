package io.sluice.tools;

import picocli.CommandLine;

/** The version of the jar, as its manifest says. */
final class SluiceVersion implements CommandLine.IVersionProvider
{
    @Override
    public String[] getVersion()
    {
        final String version = SluiceVersion.class.getPackage().getImplementationVersion();
        return new String[]{
            "sluice " + (version == null ? "(not packaged)" : version),
            "Java " + Runtime.version() + " (" + System.getProperty("java.vm.name") + ")"};
    }
}
