package io.sluice.tools.check;

import java.util.ArrayList;
import java.util.List;

/**
 * The flags without which the journal's memory access does not work. A runnable jar carries them in its manifest; a
 * host that embeds the engine gives them to its JVM.
 */
public final class JvmFlags
{
    private static final String[] EXPORTS = {
        "java.base/jdk.internal.misc",
        "java.base/jdk.internal.ref",
        "java.base/jdk.internal.util",
        "java.base/sun.nio.ch",
        "jdk.unsupported/sun.misc"};
    private static final String[] OPENS = {
        "java.base/java.io",
        "java.base/java.lang",
        "java.base/java.lang.reflect",
        "java.base/java.util",
        "java.base/jdk.internal.misc"};

    private JvmFlags()
    {
    }

    /** @return the flags that this JVM lacks, empty if none. */
    public static List<String> missing()
    {
        final Module own = JvmFlags.class.getModule();
        final List<String> missing = new ArrayList<>();
        for (final String name : EXPORTS)
        {
            if (!module(name).isExported(packageOf(name), own))
            {
                missing.add("--add-exports=" + name + "=ALL-UNNAMED");
            }
        }
        for (final String name : OPENS)
        {
            if (!module(name).isOpen(packageOf(name), own))
            {
                missing.add("--add-opens=" + name + "=ALL-UNNAMED");
            }
        }
        return missing;
    }

    private static Module module(final String name)
    {
        return ModuleLayer.boot().findModule(name.substring(0, name.indexOf('/'))).orElseThrow();
    }

    private static String packageOf(final String name)
    {
        return name.substring(name.indexOf('/') + 1);
    }
}
