package io.sluice.engine;

/**
 * How far a {@link DeadLetterRetry} has come; a snapshot. {@code selected} is the sum of {@code delivered}, {@code
 * failed}, {@code gone}, {@code unhandled} and {@code left}.
 *
 * @param state       where it stands.
 * @param selected    letters that it began with.
 * @param delivered   letters that their handler has taken.
 * @param failed      letters that failed again; they are open.
 * @param gone        letters that were not open any more when their turn came.
 * @param unhandled   letters whose subscription has no handler in this run, or is paused; they are open.
 * @param left        letters that have not had their turn, the one with its handler included.
 * @param lastFailed  number of the letter that failed last; 0 if none did.
 * @param lastFailure what was thrown then; empty if none did.
 */
public record DeadLetterRetryProgress(
    DeadLetterRetryState state,
    long selected,
    long delivered,
    long failed,
    long gone,
    long unhandled,
    long left,
    long lastFailed,
    String lastFailure)
{
    /** @return letters that were handed to their handler. */
    public long retried()
    {
        return delivered + failed;
    }
}
