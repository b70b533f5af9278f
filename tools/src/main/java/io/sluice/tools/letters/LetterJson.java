package io.sluice.tools.letters;

import io.sluice.engine.deadletter.DeadLetter;
import io.sluice.engine.deadletter.LetterStatus;
import io.sluice.engine.deadletter.LetterStep;
import io.sluice.event.Timestamps;
import io.sluice.tools.text.JsonLine;
import java.util.Locale;

/** Dead letters as lines of JSON. Stateless. */
final class LetterJson
{
    private LetterJson()
    {
    }

    /** How a letter stands: the members that the list and the summary of {@code show} have in common. */
    static JsonLine letter(final DeadLetter letter)
    {
        final LetterStatus status = letter.status();
        return new JsonLine()
            .add("letter", status.letter())
            .add("state", status.state().name().toLowerCase(Locale.ROOT))
            .add("subscription", status.subscription())
            .add("sequence", status.sequence())
            .add("kind", status.kind().name())
            .add("cause", status.cause().name())
            .add("attempts", status.attempts())
            .add("failures", status.failures())
            .add("retries", status.retries())
            .add("fixes", status.fixes())
            .add("exception", letter.exception())
            .add("message", letter.message())
            .add("firstFailure", Timestamps.text(status.firstFailureNs()))
            .add("lastFailure", Timestamps.text(status.lastFailureNs()))
            .add("changed", Timestamps.text(status.changedNs()));
    }

    static JsonLine step(final LetterStep step)
    {
        final JsonLine line = new JsonLine()
            .add("action", step.action().label())
            .add("record", step.recordSequence())
            .add("recorded", Timestamps.text(step.recordedNs()));
        if (step.cause() != null)
        {
            line.add("attempts", step.attempts())
                .add("cause", step.cause().name())
                .add("kind", step.kind().name())
                .add("exception", step.exception());
        }
        return step.message().isEmpty() ? line : line.add("message", step.message());
    }
}
