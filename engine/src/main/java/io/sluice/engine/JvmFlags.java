package io.sluice.engine;

import java.util.ArrayList;
import java.util.List;

/** Checks that the packages of the JDK are open that Chronicle Queue and Agrona reach into. */
final class JvmFlags
{
    private static final String[] OPENS = {
        "java.base/java.io", "java.base/java.lang", "java.base/java.lang.reflect", "java.base/java.util",
        "java.base/jdk.internal.misc"};
    private static final String[] EXPORTS = {
        "java.base/jdk.internal.misc", "java.base/jdk.internal.ref", "java.base/jdk.internal.util",
        "java.base/sun.nio.ch", "jdk.unsupported/sun.misc"};

    private JvmFlags()
    {
    }

    static void check()
    {
        final List<String> missing = missing(JvmFlags.class.getModule());
        if (!missing.isEmpty())
        {
            throw new MissingJvmFlagsException(String.join(" ", missing));
        }
    }

    static List<String> missing(final Module user)
    {
        final List<String> missing = new ArrayList<>();
        for (final String export : EXPORTS)
        {
            if (!isGranted(export, user, false))
            {
                missing.add("--add-exports=" + export + "=ALL-UNNAMED");
            }
        }
        for (final String open : OPENS)
        {
            if (!isGranted(open, user, true))
            {
                missing.add("--add-opens=" + open + "=ALL-UNNAMED");
            }
        }
        return missing;
    }

    private static boolean isGranted(final String modulePackage, final Module user, final boolean open)
    {
        final int slash = modulePackage.indexOf('/');
        final String packageName = modulePackage.substring(slash + 1);
        return ModuleLayer.boot().findModule(modulePackage.substring(0, slash))
            .map(module -> open ? module.isOpen(packageName, user) : module.isExported(packageName, user))
            .orElse(Boolean.TRUE);
    }
}
