package io.sluice.tools.letters;

import io.sluice.engine.deadletter.DeadLetter;
import io.sluice.engine.deadletter.LetterStep;
import io.sluice.engine.failure.FailureCause;
import java.util.Locale;

/** Failures in words. Stateless. */
final class LetterText
{
    private LetterText()
    {
    }

    /** @return why a letter failed last, for example {@code IllegalStateException: no account}. */
    static String why(final DeadLetter letter)
    {
        return why(letter.status().cause(), letter.exception(), letter.message());
    }

    /** @return what a step says beyond its action, may be empty. */
    static String why(final LetterStep step)
    {
        return step.cause() == null ? step.message() :
            "after " + step.attempts() + (step.attempts() == 1 ? " attempt, " : " attempts, ") +
            step.kind().name().toLowerCase(Locale.ROOT) + ", " + why(step.cause(), step.exception(), step.message());
    }

    private static String why(final FailureCause cause, final String exception, final String message)
    {
        final String simpleName = exception.substring(exception.lastIndexOf('.') + 1);
        final String thrown = simpleName + (message.isEmpty() || simpleName.isEmpty() ? "" : ": ") + message;
        if (cause == FailureCause.THREW)
        {
            return thrown.isEmpty() ? "threw" : thrown;
        }
        final String words = cause.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return thrown.isEmpty() ? words : words + ", " + thrown;
    }
}
