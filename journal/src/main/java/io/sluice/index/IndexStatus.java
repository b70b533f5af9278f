package io.sluice.index;

/**
 * How far an indexer has come.
 *
 * @param endSequence first sequence behind what can be found by the index, 0 if nothing can.
 * @param readTo      first sequence that the indexer has not read; between the two lies a zone that is not complete.
 * @param events      read since it was opened.
 * @param sealed      segments completed since it was opened.
 * @param rebuilt     of these, those that replaced a damaged one.
 * @param trouble     why it does not go on for now; empty if it does.
 */
public record IndexStatus(long endSequence, long readTo, long events, long sealed, long rebuilt, String trouble)
{
}
