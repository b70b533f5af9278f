package io.sluice.engine.stream;

/**
 * Figures of a stream, each as of about now.
 *
 * @param name        of the stream.
 * @param state       of it.
 * @param delivered   events handed to the subscriber.
 * @param fromJournal those of them that were read from the journal.
 * @param missed      events dropped for want of room.
 * @param buffered    events that wait in the buffer.
 * @param bytes       that they, and the one with the subscriber, take.
 * @param fullSinceNs since when it has been full, nanoseconds since 1970 UTC by the clock of the streams; 0 if it is
 *                    not. It is no longer full when the fill has come down to the back-pressure threshold, or, in case
 *                    of {@link StreamOverflow#WAIT}, when it is live again.
 * @param isSlow      true if that is longer ago than the slow-subscriber time-out.
 */
public record StreamStats(
    String name,
    StreamState state,
    long delivered,
    long fromJournal,
    long missed,
    int buffered,
    long bytes,
    long fullSinceNs,
    boolean isSlow)
{
}
