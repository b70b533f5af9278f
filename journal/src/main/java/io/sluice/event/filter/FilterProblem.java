package io.sluice.event.filter;

import io.sluice.event.EventFilterException;

/** Makes the errors of filters alike: where, what, and what to write instead. */
final class FilterProblem
{
    private FilterProblem()
    {
    }

    /**
     * @param column of the fault, from 1; 0 if the filter was built and not written.
     * @param reason of it, and what to write instead.
     */
    static EventFilterException at(final int column, final String reason)
    {
        return new EventFilterException(
            "filter is not valid" + (column > 0 ? " at column " + column : "") + ": " + reason, column);
    }
}
