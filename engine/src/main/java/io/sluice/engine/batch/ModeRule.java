package io.sluice.engine.batch;

import io.sluice.event.TopicPattern;
import java.util.Objects;

/**
 * A row of the {@link ModeTable}: how events of some types are processed, and why.
 *
 * @param pattern   of the types.
 * @param volume    how many there are.
 * @param latency   how soon they are needed.
 * @param mode      {@link ProcessingMode#BATCHED} makes them high-volume events, {@link ProcessingMode#IMMEDIATE}
 *                  events that somebody waits for.
 * @param reasoning for people, one short sentence.
 */
public record ModeRule(
    TopicPattern pattern, EventVolume volume, LatencyRequirement latency, ProcessingMode mode, String reasoning)
{
    /** Everything must be given. */
    public ModeRule
    {
        Objects.requireNonNull(pattern, "pattern");
        Objects.requireNonNull(volume, "volume");
        Objects.requireNonNull(latency, "latency");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(reasoning, "reasoning");
    }

    /**
     * A row for a pattern as text.
     *
     * @param pattern   of the types, for example {@code file.*}.
     * @param volume    how many there are.
     * @param latency   how soon they are needed.
     * @param mode      of processing.
     * @param reasoning for people.
     * @return the row.
     * @throws io.sluice.event.EventFilterException if the pattern is malformed.
     */
    public static ModeRule of(
        final String pattern,
        final EventVolume volume,
        final LatencyRequirement latency,
        final ProcessingMode mode,
        final String reasoning)
    {
        return new ModeRule(TopicPattern.of(pattern), volume, latency, mode, reasoning);
    }
}
