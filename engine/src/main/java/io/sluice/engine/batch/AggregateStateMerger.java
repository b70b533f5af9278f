package io.sluice.engine.batch;

import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.JsonMergePatch;
import io.sluice.event.TopicPattern;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Merges consecutive events of one aggregate (type and id) into one, if their types are among the mergeable ones.
 *
 * <p>An event of the aggregate whose type is not mergeable ends the run: what came before is handed over before it, and
 * a later run starts anew. Events of other aggregates in between do not matter. The result is the last event of the
 * run, in its place among the others, so order holds for each aggregate.
 *
 * <p>An event without an aggregate id is never merged.
 *
 * <p>Immutable, safe to share between threads. Allocates for each batch.
 */
public final class AggregateStateMerger implements StateMerger
{
    private final TopicPattern[] patterns;
    private final boolean isPatching;

    private AggregateStateMerger(final boolean isPatching, final String... patterns)
    {
        if (patterns.length == 0)
        {
            throw new IllegalArgumentException("no pattern of mergeable types: give one or more, for example file.*");
        }
        this.isPatching = isPatching;
        this.patterns = Arrays.stream(patterns).map(TopicPattern::of).toArray(TopicPattern[]::new);
    }

    /**
     * For payloads that say what changed: the result has the members of all of them, joined as JSON merge patches (RFC
     * 7396, see {@link JsonMergePatch}). A handler that applies it as a merge patch ends where it would have ended with
     * each event on its own; a member that is null stays null, to say so.
     *
     * <p>A payload that is not JSON ends the run like an event of another type. So does one that can't be joined with
     * the run without changing what it means; it starts the next run.
     *
     * @param patterns of mergeable types, see {@link TopicPattern}.
     * @return the merger.
     * @throws io.sluice.event.EventFilterException if a pattern is malformed.
     */
    public static AggregateStateMerger patches(final String... patterns)
    {
        return new AggregateStateMerger(true, patterns);
    }

    /**
     * For payloads that hold the whole state, in any format: the last one is the result, as it is.
     *
     * @param patterns of mergeable types, see {@link TopicPattern}.
     * @return the merger.
     * @throws io.sluice.event.EventFilterException if a pattern is malformed.
     */
    public static AggregateStateMerger wholeStates(final String... patterns)
    {
        return new AggregateStateMerger(false, patterns);
    }

    @Override
    public void merge(final BatchMerge batch)
    {
        final Map<Aggregate, Run> runs = new HashMap<>();
        for (int i = 0, size = batch.size(); i < size; i++)
        {
            final EventFlyweight event = batch.event(i);
            if (event.fieldLength(EventField.AGGREGATE_ID) > 0)
            {
                final Aggregate aggregate =
                    new Aggregate(event.text(EventField.AGGREGATE_TYPE), event.text(EventField.AGGREGATE_ID));
                add(batch, i, aggregate, runs);
            }
        }
        runs.values().forEach((run) -> run.end(batch));
    }

    private void add(final BatchMerge batch, final int index, final Aggregate aggregate, final Map<Aggregate, Run> runs)
    {
        final EventFlyweight event = batch.event(index);
        final Run before = runs.get(aggregate);
        final boolean isMergeable = isMergeable(event);
        if (isMergeable && before != null && before.add(event))
        {
            batch.supersede(before.last, index);
            before.last = index;
            before.length++;
            return;
        }
        if (before != null)
        {
            before.end(batch);
            runs.remove(aggregate);
        }
        if (isMergeable)
        {
            final Run run = new Run(index, isPatching ? new JsonMergePatch() : null);
            if (run.add(event))
            {
                runs.put(aggregate, run);
            }
        }
    }

    private boolean isMergeable(final EventFlyweight event)
    {
        final int offset = event.fieldOffset(EventField.TYPE);
        final int length = event.fieldLength(EventField.TYPE);
        for (final TopicPattern pattern : patterns)
        {
            if (pattern.matches(event.buffer(), offset, length))
            {
                return !isPatching || event.hasJsonPayload();
            }
        }
        return false;
    }

    private record Aggregate(String type, String id)
    {
    }

    /** Consecutive events of an aggregate; the last one stands for all. */
    private static final class Run
    {
        private final JsonMergePatch patch;
        private int last;
        private int length = 1;

        Run(final int first, final JsonMergePatch patch)
        {
            last = first;
            this.patch = patch;
        }

        /** @return false, with nothing changed, if the event can't be merged with the run. */
        boolean add(final EventFlyweight event)
        {
            return patch == null || patch.add(
                event.buffer(), event.fieldOffset(EventField.PAYLOAD), event.fieldLength(EventField.PAYLOAD));
        }

        void end(final BatchMerge batch)
        {
            if (patch != null && length > 1)
            {
                final byte[] joined = patch.toBytes();
                batch.payload(last, new UnsafeBuffer(joined), 0, joined.length);
            }
        }
    }
}
