package io.sluice.tools.trespass;

import net.openhft.chronicle.queue.ChronicleQueue;

/** Planted: only the journal may see Chronicle Queue. */
public record ToolTouchesChronicle(ChronicleQueue queue)
{
}
