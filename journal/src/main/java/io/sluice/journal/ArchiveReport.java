package io.sluice.journal;

import java.util.List;

/**
 * What a look at all closed files did.
 *
 * @param actions in order.
 */
public record ArchiveReport(List<ArchiveAction> actions)
{
    /**
     * @param kind of action.
     * @return how many there were.
     */
    public int count(final ArchiveAction.Kind kind)
    {
        return (int)actions.stream().filter((action) -> action.kind() == kind).count();
    }

    /**
     * @param kind of action.
     * @return events of all of them.
     */
    public long events(final ArchiveAction.Kind kind)
    {
        return actions.stream().filter((action) -> action.kind() == kind).mapToLong(ArchiveAction::events).sum();
    }

    /** @return true if no file had to be left for what is wrong with it. */
    public boolean isSound()
    {
        return count(ArchiveAction.Kind.FAILED) == 0;
    }
}
