package io.sluice.perf.crash;

import java.util.ArrayList;
import java.util.List;

/** What was wrong, counted by kind and told in words. Not thread-safe. */
final class CrashFindings
{
    private static final int MAX_MESSAGES = 50;

    private final List<String> messages = new ArrayList<>();
    private long missing;
    private long gaps;
    private long notRedelivered;
    private long wrongVerdicts;
    private long failures;

    void missing(final String message)
    {
        missing++;
        tell("missing: " + message);
    }

    void gap(final long sequences, final String message)
    {
        gaps += sequences;
        tell("gap: " + message);
    }

    void notRedelivered(final String message)
    {
        notRedelivered++;
        tell("not redelivered: " + message);
    }

    void wrongVerdict(final String message)
    {
        wrongVerdicts++;
        tell("wrong verdict: " + message);
    }

    /** The round could not be judged: the child did not start, hung, or died by itself. */
    void failure(final String message)
    {
        failures++;
        tell("failure: " + message);
    }

    void add(final CrashFindings other)
    {
        missing += other.missing;
        gaps += other.gaps;
        notRedelivered += other.notRedelivered;
        wrongVerdicts += other.wrongVerdicts;
        failures += other.failures;
        for (final String message : other.messages)
        {
            tell(message);
        }
    }

    long missing()
    {
        return missing;
    }

    long gaps()
    {
        return gaps;
    }

    long notRedelivered()
    {
        return notRedelivered;
    }

    long wrongVerdicts()
    {
        return wrongVerdicts;
    }

    boolean isOk()
    {
        return missing == 0 && gaps == 0 && notRedelivered == 0 && wrongVerdicts == 0 && failures == 0;
    }

    List<String> messages()
    {
        return messages;
    }

    private void tell(final String message)
    {
        if (messages.size() < MAX_MESSAGES)
        {
            messages.add(message);
        }
    }
}
