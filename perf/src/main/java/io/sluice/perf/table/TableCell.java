package io.sluice.perf.table;

import io.sluice.engine.ThreadingMode;
import java.util.Locale;

/**
 * One setting of the engine and the load on it.
 *
 * @param durability    of the engine.
 * @param threadingMode of the engine.
 * @param load          percent of what the engine can do.
 */
record TableCell(TableDurability durability, ThreadingMode threadingMode, int load)
{
    /** @return prefix of the figures of all loads. */
    static String group(final TableDurability durability, final ThreadingMode threadingMode)
    {
        return TableGroups.ID + "/" + durability.label() + "/" + threadingMode.name().toLowerCase(Locale.ROOT);
    }

    /** @return prefix of its figures. */
    String id()
    {
        return group(durability, threadingMode) + "/" + load;
    }

    /** @return prefix of the tags of its histograms. */
    String tag()
    {
        return durability.name() + "." + threadingMode.name().toLowerCase(Locale.ROOT) + "." + load;
    }

    /** @return name of its file of histograms. */
    String file()
    {
        return "table-" + tag().toLowerCase(Locale.ROOT).replace('.', '-');
    }
}
