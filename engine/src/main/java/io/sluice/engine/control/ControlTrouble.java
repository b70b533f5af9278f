package io.sluice.engine.control;

import io.sluice.event.EventStorageException;
import org.agrona.ErrorHandler;

/** Reports what is wrong with the channel, at most once a second. One thread; allocates only if something is wrong. */
final class ControlTrouble
{
    private static final long REPORT_INTERVAL_NS = 1_000_000_000L;

    private final ErrorHandler errors;
    private long nextNs = Long.MIN_VALUE;
    private long unreported;
    private String last;

    ControlTrouble(final ErrorHandler errors)
    {
        this.errors = errors;
    }

    void onTrouble(final String message, final long nowNs)
    {
        last = message;
        unreported++;
        report(nowNs);
    }

    /** Say what was left unsaid, when it is time. */
    void report(final long nowNs)
    {
        if (unreported > 0 && nowNs >= nextNs)
        {
            final long more = unreported - 1;
            unreported = 0;
            nextNs = nowNs + REPORT_INTERVAL_NS;
            errors.onError(new EventStorageException(
                "control channel: " + last + (more == 0 ? "" : "; and " + more + " more like it")));
        }
    }
}
