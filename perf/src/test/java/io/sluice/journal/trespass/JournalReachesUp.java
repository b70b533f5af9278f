package io.sluice.journal.trespass;

import io.sluice.handlers.trespass.HandlerTouchesDisruptor;

/** Planted: the journal must not know the handlers. */
public record JournalReachesUp(HandlerTouchesDisruptor handler)
{
}
