package io.sluice.engine.control;

import java.util.List;

/**
 * What an engine answered. Immutable.
 *
 * @param items  of a list, in their order; may be empty.
 * @param result of the command.
 */
public record ControlAnswer(List<ControlObject> items, ControlObject result)
{
    /**
     * @param items  copied.
     * @param result of the command.
     */
    public ControlAnswer
    {
        items = List.copyOf(items);
    }
}
