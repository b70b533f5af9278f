package io.sluice.replay;

import io.sluice.event.EventException;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import java.util.HashSet;
import java.util.Set;

/**
 * The events of a session or a correlation, and what belongs to them: events of the correlations that the session's
 * events have, and effects of any of them, and their effects. To be learned in passes over the journal, until a pass
 * learns nothing new.
 */
final class RelatedEvents
{
    private static final int MAX_IDS = 1_000_000;

    private final String sessionId;
    private final String correlationId;
    private final boolean includesRelated;
    private final Set<String> correlations = new HashSet<>();
    private final Set<String> ids = new HashSet<>();

    RelatedEvents(final ReplayContext context)
    {
        sessionId = context.sessionId();
        correlationId = context.correlationId();
        includesRelated = context.includesRelated();
    }

    /** @return true if events have to be learned before one can be judged. */
    boolean hasToLearn()
    {
        return includesRelated && (sessionId != null || correlationId != null);
    }

    int size()
    {
        return correlations.size() + ids.size();
    }

    void learn(final EventFlyweight event)
    {
        if (!matches(event))
        {
            return;
        }
        ids.add(event.id());
        final String correlation = event.text(EventField.CORRELATION_ID);
        if (!correlation.isEmpty())
        {
            correlations.add(correlation);
        }
        if (size() > MAX_IDS)
        {
            throw new EventException(
                "more than " + MAX_IDS + " events and correlations are related; replay without related events");
        }
    }

    boolean matches(final EventFlyweight event)
    {
        if (sessionId == null && correlationId == null)
        {
            return true;
        }
        final String correlation = event.text(EventField.CORRELATION_ID);
        final boolean isMember =
            (sessionId == null || sessionId.equals(event.text(EventField.SESSION_ID))) &&
            (correlationId == null || correlationId.equals(correlation));
        return isMember || includesRelated &&
            (correlations.contains(correlation) || ids.contains(event.text(EventField.CAUSATION_ID)));
    }
}
