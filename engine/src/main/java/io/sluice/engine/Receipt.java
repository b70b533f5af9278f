package io.sluice.engine;

import io.sluice.event.Verdict;

/**
 * Proof that an event has reached the durability that was asked for.
 *
 * @param id               of the event.
 * @param sequence         in the journal.
 * @param verdict          of dedup.
 * @param originalSequence of a duplicate, otherwise 0.
 */
public record Receipt(String id, long sequence, Verdict verdict, long originalSequence)
{
}
