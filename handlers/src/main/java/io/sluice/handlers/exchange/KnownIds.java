package io.sluice.handlers.exchange;

/**
 * Which ids a journal has, and where. An id is the 128 bits that a record holds: a UUID, or the hash of a text.
 * Confined to one thread.
 */
public interface KnownIds
{
    /**
     * @param high half of the id.
     * @param low  half of the id.
     * @return sequence of the event with it, 0 if there is none.
     */
    long sequenceOf(long high, long low);

    /**
     * Note an id. One that is known already keeps the sequence that it has.
     *
     * @param high     half of the id.
     * @param low      half of the id.
     * @param sequence of the event, from 1.
     * @throws ExchangeException if there is no room for it; says what to do.
     */
    void add(long high, long low, long sequence);
}
