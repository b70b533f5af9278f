package io.sluice.perf.table;

import io.sluice.engine.Durability;
import io.sluice.journal.VisibleAt;
import java.util.Locale;

/** What an acknowledgement means, and how far an event must have come before the handler sees it. */
enum TableDurability
{
    /** No journal: acknowledged when it is in the ring, handled as soon as it is routed. */
    ACCEPTED(Durability.NONE, VisibleAt.JOURNALED),
    /** Acknowledged and handled when it is in the journal's page cache; the default of an engine. */
    JOURNALED(Durability.JOURNALED, VisibleAt.JOURNALED),
    /** Acknowledged and handled when it is forced to the device. */
    SYNCED(Durability.SYNCED, VisibleAt.SYNCED);

    private final Durability ofEngine;
    private final VisibleAt visibleAt;

    TableDurability(final Durability ofEngine, final VisibleAt visibleAt)
    {
        this.ofEngine = ofEngine;
        this.visibleAt = visibleAt;
    }

    Durability ofEngine()
    {
        return ofEngine;
    }

    VisibleAt visibleAt()
    {
        return visibleAt;
    }

    /** @return name in figures. */
    String label()
    {
        return name().toLowerCase(Locale.ROOT);
    }
}
